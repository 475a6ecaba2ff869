"""Protocols, doses and guards: from ranked sources to a session plan with a reason for each step."""
