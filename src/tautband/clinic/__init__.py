"""The web workbench (Django): people, charts, the encounter, plans and notes.

The only floor that knows a database or HTTP.
"""
