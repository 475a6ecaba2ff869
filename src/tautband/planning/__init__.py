"""Protocols, doses and guards: from ranked sources to a session plan with a reason for each step."""

from tautband.planning.guard import Limits, Verdict, guard_step
from tautband.planning.plan import Plan, PlanStep, draft_plan

__all__ = ["Limits", "Plan", "PlanStep", "Verdict", "draft_plan", "guard_step"]
