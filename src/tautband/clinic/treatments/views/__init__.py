"""Pages of the treatments room, one file a theme."""

from tautband.clinic.treatments.views.note import correct, cosign, draft_anew, note, note_version, sign
from tautband.clinic.treatments.views.plan import add_step, change_plan, plan, use_plan
from tautband.clinic.treatments.views.way import way

__all__ = [
    "add_step",
    "change_plan",
    "correct",
    "cosign",
    "draft_anew",
    "note",
    "note_version",
    "plan",
    "sign",
    "use_plan",
    "way",
]
