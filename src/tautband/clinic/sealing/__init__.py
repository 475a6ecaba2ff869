"""Sealed text and bytes: what would hurt most if the database alone were stolen. Keys lie outside the database."""
