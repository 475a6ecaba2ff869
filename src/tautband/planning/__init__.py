"""Protocols, doses and guards: from ranked sources to a session plan with a reason for each step."""

from tautband.planning.draft import NoProtocol, draft_plan, protocol_for
from tautband.planning.edit import moved, put_in, swapped, taken_out
from tautband.planning.guard import Limits, Verdict, Why, guard_step
from tautband.planning.steps import Choice, Plan, PlanStep, lay_out, techniques_for

__all__ = [
    "Choice",
    "Limits",
    "NoProtocol",
    "Plan",
    "PlanStep",
    "Verdict",
    "Why",
    "draft_plan",
    "guard_step",
    "lay_out",
    "moved",
    "protocol_for",
    "put_in",
    "swapped",
    "taken_out",
    "techniques_for",
]
