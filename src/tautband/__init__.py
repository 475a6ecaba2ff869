"""Tautband, the open clinical workbench for neuromuscular therapy.

Floors import only downwards; `pyproject.toml` holds the contracts and `docs/developer/house.md` the map."""

__version__ = "0.1.0"
