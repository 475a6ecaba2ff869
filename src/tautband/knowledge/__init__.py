"""Loads, checks and indexes the atlas into frozen records with their sources, and holds the lexicon from plain words to ids."""
