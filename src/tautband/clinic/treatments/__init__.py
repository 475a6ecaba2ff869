"""The second half of the hour: the plan with its consent, and the visit note, signed and never changed."""
