"""Appointments: services, shifts, rooms, booking, calendars, reminders."""
