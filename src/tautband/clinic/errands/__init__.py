"""Errands: what is done later or again and again, once each: reminders, check-ins, the daily backup."""
