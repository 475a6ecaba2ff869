"""Keeping the record: backup, restore, export. The room above all others of the clinic, because it keeps them all."""
