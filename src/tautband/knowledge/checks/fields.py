"""Drawn fields stand on landmarks that exist and, once the skin is there, cover some of it on the right limb."""

from collections.abc import Iterator
from typing import Any

from rapidfuzz import process

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import WARNING, problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import FieldPart
from tautband.knowledge.vocabulary import landmarks
from tautband.knowledge.walk import walk


def known_landmarks(atlas: Atlas) -> Iterator[Problem]:
    """Landmarks of fields and of palpation places exist on the body surface."""
    known = landmarks()
    if not known:
        return
    for id, record in atlas.records.items():
        for place, value in walk(record):
            for step, name in _landmarks(place, value):
                if name not in known:
                    cure = f"Write the bare landmark id. {_near(name, sorted(known))}"
                    yield problem_at(
                        atlas, id, step, "unknown_landmark", f"The landmark {name!r} does not exist.", cure
                    )


def points_have_essentials(atlas: Atlas) -> Iterator[Problem]:
    """A referral field has an essential part; spillover alone is no field."""
    for muscle in atlas.muscles:
        for number, point in enumerate(muscle.trigger_points):
            if all(part.kind == "spillover" for part in point.refers_to):
                message = f"{point.id} has only spillover."
                place = ("trigger_points", number, "refers_to")
                yield problem_at(
                    atlas, muscle.id, place, "no_essential", message, "Mark the main area essential.", WARNING
                )


def _landmarks(place: tuple[str | int, ...], value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, FieldPart):
        if value.blob:
            yield (*place, "blob"), value.blob
        if value.toward:
            yield (*place, "toward"), value.toward
        for number, name in enumerate(value.tube or ()):
            yield (*place, "tube", number), name
    elif place[-1:] == ("landmark",) and isinstance(value, str) and value:
        yield place, value


def _near(name: str, known: list[str]) -> str:
    near = [m[0] for m in process.extract(name, known, limit=3, score_cutoff=55)]
    return f"Did you mean {', '.join(near)}?" if near else "The list is surface/data/landmarks.yaml."


RULES = (known_landmarks, points_have_essentials)
