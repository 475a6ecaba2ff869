"""Registers the diary room."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Appointments: services, shifts, rooms, booking, calendars, reminders."""

    name = "tautband.clinic.diary"
    label = "diary"
    default_auto_field = "django.db.models.BigAutoField"
