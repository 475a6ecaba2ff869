"""Who did what, when: an append-only log with one hash chain per chart. The lowest clinic room; knows nobody else."""
