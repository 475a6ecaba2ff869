"""What was observed of one person: typed, with unit, side, time and the state present, absent or unknown.

Not asked is not negative: what was never observed is simply not here.
"""

from tautband.findings.finding import BadFinding, Finding, Provoking, State
from tautband.findings.person import Drawing, Felt, Layer, Mark, Person, Picture, Response
from tautband.findings.truth import Truth, judge

__all__ = [
    "BadFinding",
    "Drawing",
    "Felt",
    "Finding",
    "Layer",
    "Mark",
    "Person",
    "Picture",
    "Provoking",
    "Response",
    "State",
    "Truth",
    "judge",
]
