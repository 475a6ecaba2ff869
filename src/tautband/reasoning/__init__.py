"""From findings to ranked sources, reasons, alerts and the next best test: a noisy-OR network built from the atlas."""

from tautband.reasoning.answer import Alert, Answer, NextTest, Reason, SetAside, Suspect, Unexplained
from tautband.reasoning.network import Model, build_model
from tautband.reasoning.policy import POLICY, Policy
from tautband.reasoning.reasoner import Reasoner

__all__ = [
    "POLICY",
    "Alert",
    "Answer",
    "Model",
    "NextTest",
    "Policy",
    "Reason",
    "Reasoner",
    "SetAside",
    "Suspect",
    "Unexplained",
    "build_model",
]
