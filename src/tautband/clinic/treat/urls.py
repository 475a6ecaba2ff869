"""Doors of the treat room."""

from django.urls import URLPattern

app_name = "treat"
urlpatterns: list[URLPattern] = []
