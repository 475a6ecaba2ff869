"""Migrations of the charts room."""
