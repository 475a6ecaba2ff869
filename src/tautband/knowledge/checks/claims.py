"""Words that must not be claimed. A sentence that denies such a claim, or calls it unknown, may hold the words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import Record
from tautband.knowledge.records.care import Claim
from tautband.knowledge.walk import Place, texts_of


class Forbidden(NamedTuple):
    """A claim that nothing we read supports, and what may be said instead."""

    pattern: re.Pattern[str]
    instead: str


def _words(pattern: str, instead: str) -> Forbidden:
    return Forbidden(re.compile(pattern, re.IGNORECASE), instead)


FORBIDDEN = (
    _words(
        r"\b(confirm\w*|diagnos\w*|prov(?:es?|en|ed|ing))\b.{0,40}\btrigger[- ]points?\b"
        r"|\btrigger[- ]points?\b.{0,30}\b(confirmed|diagnosed|proven|objectively)\b",
        "Say `finding consistent with`; there is no reference standard for a trigger point.",
    ),
    _words(
        r"\bbreak(?:s|ing)?\b.{0,12}\b(?:up|down)\b.{0,25}\b(knots?|adhesions?|scars?|scar tissue|fascia)\b"
        r"|\b(knots?|adhesions?|scar tissue)\b.{0,25}\bbroken (?:up|down)\b",
        "Say what the client may feel; nothing supports that pressure breaks tissue down.",
    ),
    _words(
        r"\b(flush\w*|remov\w*|releas\w*|clear\w*)\b.{0,25}\b(toxins?|waste(?: products)?|lactic acid)\b|\bdetox\w*",
        "Leave it out.",
    ),
    _words(
        r"\b(restor\w*|increas\w*)\b.{0,25}\b(blood flow|circulation)\b.{0,30}\b(ischa?emi\w*|pressure|compression)\b"
        r"|\b(ischa?emi\w*|pressure|compression)\b.{0,40}\brestor\w*\b.{0,20}\bblood flow\b",
        "Say that the mechanism is unknown.",
    ),
    _words(
        r"\b(dehydration|hydration)\b.{0,30}\b(causes?|drives?|activates?)\b.{0,25}\b(trigger|points?)",
        "Ask about it; claim nothing.",
    ),
    _words(
        r"\b(treats?|cures?|heals?|fixes|resolves?)\b.{0,30}"
        r"\b(carpal tunnel|sciatica|thoracic outlet|herniat\w+|scoliosis|fibromyalgia)\b",
        "At most: may ease muscular tenderness alongside.",
    ),
    _words(
        r"\b(massage|technique|pressure|stripping|release|compression|treatment)\b.{0,30}\bdecompress\w*\b.{0,15}\bnerves?\b",
        "At most: may ease muscular tenderness alongside.",
    ),
    _words(
        r"\bposture\b.{0,25}\bcauses\b.{0,25}\bpain\b",
        "Posture is a finding to weigh, not a cause that was shown.",
    ),
    _words(
        r"\b(rules? out|excludes?|clears?)\b.{0,40}"
        r"\b(cauda equina|aneurysm|infection|dissection|dvt|deep vein|giant cell|fracture|cancer)\b",
        "A negative test or a low score excludes none of these; say that it does not.",
    ),
    _words(
        r"\bhealing (crisis|sign|reaction)\b",
        "Say that soreness is common and should settle within 36-48 hours.",
    ),
    _words(
        r"\b(permanent(?:ly)?|guarantee[sd]?|always works|100 ?% effective)\b",
        "Say what was measured, and for how long.",
    ),
    _words(
        r"\b(out ?performs?|superior to|better than)\b.{0,15}\b(sham|placebo)\b.{0,40}\blong[- ]term\b",
        "Evidence is short-term.",
    ),
    _words(
        r"\bincreases? (muscle )?strength\b.{0,30}\b(release|trigger)"
        r"|\b(release|trigger).{0,30}\bincreases? (muscle )?strength\b",
        "Leave it out.",
    ),
)
_DENIES = re.compile(
    r"\b(no|not|never|cannot|can't|without|nothing|unknown|unproven|unclear|disputed|whether|avoid|do not|does not|"
    r"neither|nor|myth|unsupported|rather than|instead of|until|before|suspected?|if)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.;!?]+")
NOT_CLAIMS = frozenset({"synonyms", "phrases", "not_phrases", "name", "ask"})


def claims_in(text: str) -> Iterator[tuple[str, str]]:
    """Words of any text that must not be claimed, each with what may be said instead; denied ones are left alone."""
    for sentence in _SENTENCE.findall(text):
        for claim in FORBIDDEN:
            hit = claim.pattern.search(sentence)
            if hit and not _DENIES.search(sentence):
                yield hit.group(), claim.instead


def must_not_be_claimed(atlas: Atlas) -> Iterator[Problem]:
    """No sentence of the atlas claims what the evidence does not carry."""
    for id, record in atlas.records.items():
        for place, text in _claiming(record):
            for words, instead in claims_in(text):
                yield problem_at(atlas, id, place, "forbidden_claim", f"{words!r} must not be claimed.", instead)


def _claiming(record: Record) -> Iterator[tuple[Place, str]]:
    open_questions = {
        ("claims", number)
        for number, claim in enumerate(getattr(record, "claims", ()))
        if isinstance(claim, Claim) and claim.stance == "unknown"
    }
    for place, text in texts_of(record):
        if place[0] not in NOT_CLAIMS and place[:2] not in open_questions:
            yield place, text


RULES = (must_not_be_claimed,)
