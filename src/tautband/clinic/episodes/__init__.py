"""The course of a client's care: problems, episodes, goals, timeline, documents."""
