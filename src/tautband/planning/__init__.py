"""Protocols, doses and guards: from ranked sources to a session plan with a reason for each step.

    plan = draft_plan(answer, picture, atlas, minutes=40, limits=Limits(most_tolerance=5), history=history)
    plan.steps[0].dosage.tolerance_of_10, plan.steps[0].verdict.why, plan.steps[0].retest
    lay_out(plan.choices, answer, picture, atlas, minutes=40)   # kept choices, judged for what is known now

    pattern_of(technique, step.dosage).beats   # the step as it is run: do, say, seconds, whether a number is asked

Whoever runs a session reads `PlanStep` and `Pattern`; a home programme asks `guard_step(..., alone=True)`.
"""

from tautband.planning.dose import Dosage, dosage
from tautband.planning.draft import NoProtocol, assessment_plan, draft_plan, protocol_for
from tautband.planning.edit import moved, overridden, put_in, swapped, taken_out
from tautband.planning.guard import Gate, Limits, Override, Verdict, Why, guard_step
from tautband.planning.history import NOTHING_YET, Change, History, PastDose
from tautband.planning.pattern import Beat, OwnStep, Pattern, pattern_of
from tautband.planning.series import Rule, Series, advice, series_for
from tautband.planning.staged import Offer, StageRules, offers, stage_on_day
from tautband.planning.steps import Alternative, Choice, Plan, PlanStep, Retest, lay_out, techniques_for

__all__ = [
    "NOTHING_YET",
    "Alternative",
    "Beat",
    "Change",
    "Choice",
    "Dosage",
    "Gate",
    "History",
    "Limits",
    "NoProtocol",
    "Offer",
    "Override",
    "OwnStep",
    "PastDose",
    "Pattern",
    "Plan",
    "PlanStep",
    "Retest",
    "Rule",
    "Series",
    "StageRules",
    "Verdict",
    "Why",
    "advice",
    "assessment_plan",
    "dosage",
    "draft_plan",
    "guard_step",
    "lay_out",
    "moved",
    "offers",
    "overridden",
    "pattern_of",
    "protocol_for",
    "put_in",
    "series_for",
    "stage_on_day",
    "swapped",
    "taken_out",
    "techniques_for",
]
