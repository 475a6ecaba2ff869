"""Doors of the episodes room."""

from django.urls import URLPattern

app_name = "episodes"
urlpatterns: list[URLPattern] = []
