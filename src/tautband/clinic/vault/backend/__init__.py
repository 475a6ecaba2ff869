"""The engine of `DATABASES` for a closed record."""
