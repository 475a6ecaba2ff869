"""Motions named in plain words: `resisted hip flexion` -> `motion.hip.flexion`, `weak wrist extensors` likewise.

Written as the muscles of the atlas name their actions, so that a movement tested as a whole finds all that move it.
"""

import re

from tautband.knowledge.vocabulary.motions import motion

_JOINTS = {
    "great_toe": r"great toes?|big toes?|hallux|hallucis",
    "toes": r"toes?",
    "thumb": r"thumb|pollicis",
    "fingers": r"fingers?|metacarpophalangeal|mcp|interphalangeal|digits?",
    "wrist": r"wrist|hand",
    "forearm": r"forearm",
    "elbow": r"elbow",
    "shoulder": r"shoulder|arm|humeral|glenohumeral",
    "scapula": r"scapular?|shoulder blade|shoulder girdle",
    "jaw": r"jaw|mouth|mandib\w+",
    "neck": r"neck|cervical|head",
    "trunk": r"trunk|lumbar|spine|spinal|back|thoracic",
    "hip": r"hip|thigh",
    "knee": r"knee|leg",
    "ankle": r"ankle",
    "foot": r"foot",
}
_MOTIONS = {
    "plantarflexion": r"plantar ?-?flex(?:ion|ors?|ing)?",
    "dorsiflexion": r"dorsi ?-?flex(?:ion|ors?|ing)?",
    "lateral_flexion": r"(?:lateral|side) ?-?(?:flexion|bending)",
    "flexion": r"(?:flexion|flexors?|flexing|flex)",
    "extension": r"(?:extension|extensors?|extending|extend)",
    "external_rotation": r"(?:external|lateral|outward) (?:rotation|rotators?)",
    "internal_rotation": r"(?:internal|medial|inward) (?:rotation|rotators?)",
    "rotation": r"rotation",
    "abduction": r"(?:abduction|abductors?|abducting)",
    "adduction": r"(?:adduction|adductors?|adducting)",
    "inversion": r"(?:inversion|inverting|invertors?)",
    "eversion": r"(?:eversion|everting|evertors?)",
    "supination": r"(?:supination|supinating|supinators?)",
    "pronation": r"(?:pronation|pronating|pronators?)",
    "elevation": r"(?:elevation|shrug\w*)",
    "opposition": r"opposition",
}
_USUAL = {
    "plantarflexion": "ankle",
    "dorsiflexion": "ankle",
    "inversion": "foot",
    "eversion": "foot",
    "supination": "forearm",
    "pronation": "forearm",
}
_JOINT = [(name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for name, words in _JOINTS.items()]
_MOTION = [(name, re.compile(rf"\b{words}\b", re.IGNORECASE)) for name, words in _MOTIONS.items()]


def motion_in(text: str) -> str:
    """The first joint and motion named in a text, as `motion.hip.flexion`; empty when it names none."""
    found = next(((name, match) for name, form in _MOTION if (match := form.search(text))), None)
    if found is None:
        return ""
    name, match = found
    rest = text[: match.start()] + " " + text[match.end() :]
    joint = _USUAL.get(name) or next((joint for joint, form in _JOINT if form.search(rest)), "")
    if joint == "scapula" and name != "elevation":
        joint = "shoulder" if "shoulder" in rest.lower() else joint
    if joint == "shoulder" and name == "elevation":
        joint = "scapula"
    return f"motion.{joint}.{name}" if joint else ""


def motion_id(joint: str, word: str) -> str:
    """The id of an action of a muscle as this file names it: same-side and other-side turns are one motion."""
    plain = motion(word)
    return f"motion.{joint}.{'rotation' if plain in ('ipsilateral_rotation', 'contralateral_rotation') else plain}"


__all__ = ["motion_id", "motion_in"]
