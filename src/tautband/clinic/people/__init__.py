"""The practice, the people who work in it, its clients, and who may see whom."""
