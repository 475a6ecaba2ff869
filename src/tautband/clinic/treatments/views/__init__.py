"""Pages of the treatments room, one file a theme."""

from tautband.clinic.treatments.views.inside import inside, licence, take_back_inside
from tautband.clinic.treatments.views.move import move, undo_move
from tautband.clinic.treatments.views.note import correct, cosign, draft_anew, note, note_version, sign
from tautband.clinic.treatments.views.phrases import phrase, phrases, remove_phrase
from tautband.clinic.treatments.views.plan import add_step, change_plan, plan, positions, use_plan
from tautband.clinic.treatments.views.way import way

__all__ = [
    "add_step",
    "change_plan",
    "correct",
    "cosign",
    "draft_anew",
    "move",
    "inside",
    "licence",
    "note",
    "note_version",
    "phrase",
    "phrases",
    "plan",
    "positions",
    "remove_phrase",
    "sign",
    "undo_move",
    "take_back_inside",
    "use_plan",
    "way",
]
