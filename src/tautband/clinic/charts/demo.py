"""Weeks of invented history for the demo clients: visits, words, drawings, findings. Any likeness is chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tautband.clinic.charts import actions
from tautband.clinic.charts.agreement import to_look_again
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member, Practice, Role
from tautband.findings import Layer
from tautband.findings.ink import SEEN, Coat, Ink, Says, encode
from tautband.knowledge import atlas
from tautband.surface import Field, body, landmark_vertex
from tautband.terms.sides import Side

PRESSED = "exam.palpation.familiar_pain"

Drawn = tuple[str, str, float | None, str]
"""Layer, side, intensity (None: no number given), zones without their `zone.`, split by spaces."""


Dab = tuple[str, str, float, str, float]
"""Layer, side, intensity, landmark, radius in metres: a round patch of paint; a later one lies on top."""


@dataclass(frozen=True)
class Past:
    """One visit of the history.

    days, minutes   how long ago it began
    findings        "exam.id state side [of] [value unit]"
    closed          False for the visit that is open now
    painted         what was painted by brush; then the zones are read from it, and `ink` is empty
    """

    days: int
    words: str
    ink: tuple[Drawn, ...]
    findings: tuple[str, ...]
    minutes: int = 0
    closed: bool = True
    painted: tuple[Dab, ...] = ()


_ARM = "arm.proximal_lateral arm.proximal_anterior arm.middle_lateral"
HISTORY: dict[str, tuple[Past, ...]] = {
    "ingrid": (
        Past(
            19,
            "By the second movement I can’t hold the bow up. It starts deep in front of the shoulder and runs down "
            "the outside of the arm. Since the autumn, worse after long rehearsals.",
            (
                ("pain", "right", 7, f"shoulder.front shoulder.side {_ARM} arm.middle_anterior"),
                ("pain", "right", 3, "forearm.proximal_radial forearm.middle_radial"),
                ("tingling", "right", None, "hand.thumb_palmar hand.index_palmar"),
            ),
            (
                "exam.night_pain present midline",
                "exam.painful_arc absent right",
                "exam.neer absent right",
                "exam.worse_overhead present midline",
                f"{PRESSED} present right muscle.infraspinatus",
                "exam.palpation.taut_band present right muscle.infraspinatus",
            ),
        ),
        Past(
            9,
            "I got through one rehearsal. The thumb still tingles when I wake.",
            (
                ("pain", "right", 5, f"shoulder.front shoulder.side {_ARM}"),
                ("tingling", "right", None, "hand.thumb_palmar hand.index_palmar"),
            ),
            (
                "exam.painful_arc absent right",
                f"{PRESSED} present right muscle.infraspinatus",
                "exam.ulnt1 absent right",
                "exam.phalen_durkan unknown right",
            ),
        ),
        Past(
            0,
            "Better in front. What is left sits on the inner arm, and the thumb.",
            (
                ("pain", "right", 6, "shoulder.front shoulder.side arm.proximal_anterior arm.proximal_lateral"),
                ("pain", "right", 3, "arm.middle_lateral arm.proximal_medial arm.middle_medial"),
                ("tingling", "right", None, "hand.thumb_palmar hand.thumb_dorsal hand.index_palmar"),
            ),
            ("exam.night_pain absent midline", "exam.painful_arc absent right"),
            minutes=12,
            closed=False,
        ),
    ),
    "priya": (
        Past(
            3,
            "It starts at the back of my neck and ends behind the eye. Most afternoons, always the left side. "
            "Two screens, and I hold the phone with my shoulder.",
            (
                ("pain", "left", 6, "neck.side_upper neck.suboccipital head.temple head.eyebrow head.behind_ear"),
                ("pain", "left", 4, "shoulder.top_inner neck.side_lower"),
            ),
            (
                "exam.thunderclap_headache absent midline",
                "exam.headache_changed absent midline",
                "exam.headache_from_neck present midline",
                "exam.photophobia absent midline",
                "exam.flexion_rotation present left 24 deg",
                f"{PRESSED} present left muscle.upper_trapezius",
                f"{PRESSED} present left muscle.sternocleidomastoid",
            ),
        ),
    ),
    "tomasz": (
        Past(
            26,
            "Getting out of the van is the worst part of the day. Right buttock, down the side of the leg, never "
            "below the knee.",
            (
                ("pain", "right", 7, "buttock.upper_outer buttock.upper_inner buttock.lower_outer"),
                ("pain", "right", 4, "thigh.proximal_lateral thigh.middle_lateral"),
            ),
            (
                "exam.saddle_numbness absent midline",
                "exam.bladder_change absent midline",
                "exam.slr absent right",
                "exam.trendelenburg present right",
                f"{PRESSED} present right muscle.gluteus_minimus",
            ),
        ),
        Past(
            12,
            "The leg is better. The buttock still bites when I stand up.",
            (("pain", "right", 5, "buttock.upper_outer buttock.upper_inner"),),
            ("exam.slr absent right", f"{PRESSED} present right muscle.gluteus_medius"),
        ),
    ),
    "joe": (
        Past(
            16,
            "Stairs down are fine. Stairs up are not. In front of the left knee, and it gives a twinge in the cinema.",
            (),
            (
                "exam.stairs_pain present midline",
                "exam.sitting_cinema present left",
                "exam.knee_locks absent left",
                "exam.squat_pain present left",
                "exam.lachman absent left",
                f"{PRESSED} present left muscle.rectus_femoris",
            ),
            painted=(
                ("pain", "left", 3, "patella", 0.055),
                ("pain", "left", 5, "patella", 0.04),
                ("pain", "left", 7, "patella", 0.02),
            ),
        ),
    ),
    "hanne": (
        Past(
            23,
            "My jaw clicks and then my ear aches. Worse after a day on the phones.",
            (
                ("pain", "right", 6, "head.jaw_joint head.cheek head.ear head.jaw_angle"),
                ("pain", "right", 3, "head.temple neck.side_upper"),
            ),
            (
                "exam.clenching present midline",
                "exam.worse_chewing present midline",
                "exam.tmj_click present right",
                "exam.mouth_opening present midline 33 mm",
                f"{PRESSED} present right muscle.masseter",
            ),
        ),
        Past(
            8,
            "I noticed how often I clench. Two good mornings.",
            (("pain", "right", 4, "head.jaw_joint head.cheek"),),
            ("exam.tmj_click present right", f"{PRESSED} present right muscle.masseter"),
        ),
    ),
    "luis": (
        Past(
            13,
            "I can dig for ten minutes, then the arm goes to sleep. The little finger first.",
            (
                ("numb", "left", None, "hand.little_palmar hand.little_dorsal hand.ring_palmar hand.hypothenar"),
                ("tingling", "left", None, "forearm.middle_ulnar forearm.distal_ulnar"),
                ("pain", "left", 4, "scapula.upper_medial neck.side_lower"),
            ),
            (
                "exam.anticoagulants present midline",
                "exam.unsteady_walking absent midline",
                "exam.tinel_elbow absent left",
                "exam.roos present left",
            ),
        ),
        Past(
            0,
            "Same hand. And since Sunday I drop the small screws, and my walk feels stiff.",
            (
                ("numb", "left", None, "hand.little_palmar hand.little_dorsal hand.ring_palmar hand.hypothenar"),
                ("numb", "right", None, "hand.little_palmar"),
                ("pain", "midline", 4, "neck.back_lower back.c7_t1_mid"),
            ),
            (
                "exam.anticoagulants present midline",
                "exam.clumsy_hands present midline",
                "exam.unsteady_walking present midline",
                "exam.reflex.hoffmann present left",
            ),
            minutes=31,
            closed=False,
        ),
    ),
}


def make_visits(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Write the history."""
    colleague = practice.members.filter(role=Role.THERAPIST).exclude(pk=by.pk).first()
    for slug, visits in HISTORY.items():
        for past in visits:
            _write(past, clients[slug], by, now, colleague)


def _write(past: Past, client: Client, by: Member, now: datetime, colleague: Member | None) -> Visit:
    at = now - timedelta(days=past.days, minutes=past.minutes)
    visit = actions.open_visit(by=by, client=client, at=at)
    actions.save_story(by=by, visit=visit, text=past.words, at=at + timedelta(minutes=2))
    drawn_at = at + timedelta(minutes=5)
    if past.painted:
        actions.save_drawing(by=by, visit=visit, ink=encode(_painted(past.painted)), at=drawn_at)
    else:
        marks = [mark for ink in past.ink for mark in _marks(ink)]
        actions.save_drawing(by=by, visit=visit, marks=marks, at=drawn_at)
    for number, line in enumerate(past.findings):
        _record(line, visit, by, at + timedelta(minutes=6, seconds=30 * number))
    if past.closed and colleague:
        _look_again(visit, colleague, at + timedelta(minutes=20))
    if past.closed:
        actions.close_visit(by=by, visit=visit, at=at + timedelta(minutes=visit.minutes))
    return visit


def _look_again(visit: Visit, colleague: Member, at: datetime) -> None:
    """A colleague examines blind what was examined; every sixth time they find it otherwise."""
    for row in to_look_again(colleague, visit):
        same = (row.pk + visit.number) % 6 != 0
        other = "absent" if row.state == "present" else "present"
        actions.record_second_look(by=colleague, first=row, state=row.state if same else other, at=at)


def _marks(ink: Drawn) -> list[dict[str, object]]:
    layer, side, intensity, places = ink
    return [
        {"zone": f"zone.{place}", "side": _own_side(place, side), "layer": layer, "intensity": intensity}
        for place in places.split()
    ]


def _painted(dabs: tuple[Dab, ...]) -> Ink:
    """Round patches with a brush's soft edge on the skin around landmarks."""
    points = body().points_m
    worn: dict[Says, NDArray[np.uint8]] = {}
    for layer, side, intensity, landmark, radius_m in dabs:
        away = np.linalg.norm(points - points[landmark_vertex(landmark, Side(side))], axis=1)
        dab = np.clip((radius_m - away) / (0.25 * radius_m), 0, 1) * 255
        for says, weights in worn.items():
            if says.layer == layer:
                weights[dab >= SEEN] = 0
        worn[Says(Layer(layer), intensity)] = np.where(_free(worn, layer), dab, 0).astype(np.uint8)
    return Ink(tuple(Coat(says, Field.from_dense(weights)) for says, weights in worn.items()))


def _free(worn: Mapping[Says, NDArray[np.uint8]], layer: str) -> NDArray[np.bool_]:
    """Skin that wears nothing of this layer."""
    taken = [weights > 0 for says, weights in worn.items() if says.layer == layer]
    return ~np.logical_or.reduce(taken) if taken else np.ones(body().vertex_count, np.bool_)


def _own_side(place: str, side: str) -> str:
    """A place in the middle of the body has no side; ink on both sides of a paired place is two marks in one."""
    return "midline" if place.endswith("_mid") else "bilateral" if side == "midline" else side


def _record(line: str, visit: Visit, by: Member, at: datetime) -> None:
    finding, state, side, *more = line.split()
    known = atlas()
    of = more.pop(0) if more and more[0] in known else ""
    value, unit = (float(more[0]), more[1]) if more else (None, "")
    actions.record_finding(
        by=by, visit=visit, finding=finding, side=side, state=state, of=of, value=value, unit=unit, at=at
    )


def forget_visits(*, practice: Practice) -> None:
    """Delete all visits of the practice's clients with what they hold; their clients go next."""
    Visit.everything.filter(client__practice=practice).delete()
