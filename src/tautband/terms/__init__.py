"""The shared words: ids, sides, units, probability bands. Imports nothing of the house."""
