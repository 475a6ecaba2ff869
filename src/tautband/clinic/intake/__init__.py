"""What a client tells before the visit: history, medicines, safety questions, habits, goals, standing consent."""
