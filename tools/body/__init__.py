"""The steps that make `body-1` from the CC0 base mesh. Developer tool; the product reads only the committed results."""
