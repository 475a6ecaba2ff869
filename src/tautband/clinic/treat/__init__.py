"""The guided session at the table: steps, timers, tolerance, the log of every dose."""
