"""Doors of the measures room."""

from django.urls import URLPattern

app_name = "measures"
urlpatterns: list[URLPattern] = []
