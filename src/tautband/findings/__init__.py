"""What was observed of one person: typed, with unit, side, time and the state present, absent or unknown."""
