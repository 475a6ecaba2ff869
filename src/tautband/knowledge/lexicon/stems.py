"""Bringing words to one form for matching: irregular plurals, endings of verbs and nouns."""

from functools import lru_cache

from tautband.knowledge.words import fold_word

_IRREGULAR = {
    "foot": "foot",
    "feet": "foot",
    "teeth": "tooth",
    "calve": "calf",
    "scapulae": "scapula",
    "vertebrae": "vertebra",
    "lying": "lie",
    "lain": "lie",
    "lay": "lie",
    "sat": "sit",
    "stood": "stand",
    "ran": "run",
    "ate": "eat",
    "felt": "feel",
    "fell": "fall",
    "broke": "break",
    "woke": "wake",
    "woken": "wake",
    "awake": "wake",
    "awaken": "wake",
    "slept": "sleep",
    "asleep": "sleep",
    "swollen": "swell",
    "swimming": "swim",
    "wore": "wear",
    "lost": "loss",
    "losing": "loss",
    "held": "hold",
    "bent": "bend",
    "climb": "climb",
    "evening": "evening",
    "morning": "morning",
    "during": "during",
    "nothing": "nothing",
    "something": "something",
    "spring": "spring",
    "sling": "sling",
    "wing": "wing",
    "winging": "wing",
    "aching": "ache",
    "achy": "ache",
    "kneeling": "kneel",
    "typing": "typing",
    "spine": "spine",
    "pine": "pine",
    "planes": "plane",
    "scare": "scare",
    "care": "care",
    "leg": "leg",
    "bed": "bed",
    "need": "need",
    "speed": "speed",
    "bleed": "bleed",
    "feed": "feed",
    "unsteady": "unsteady",
    "heel": "heel",
    "anaesthesia": "anesthesia",
    "raising": "raise",
    "raised": "raise",
    "diabetic": "diabetes",
    "hypertensive": "hypertension",
    "painful": "pain",
    "painless": "painless",
    "flexed": "flexion",
    "flexing": "flexion",
    "extending": "extension",
    "extended": "extension",
    "rotating": "rotation",
    "abducting": "abduction",
    "adducting": "adduction",
    "inflamed": "inflammation",
    "headed": "head",
    "sided": "sided",
    "handed": "handed",
}
_DOUBLED = frozenset({"bb", "dd", "gg", "mm", "nn", "pp", "rr", "tt"})


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the form of one lower-case word that inflections share: sitting, sits -> sit; weakness -> weak."""
    folded = fold_word(word)
    known = _IRREGULAR.get(word) or _IRREGULAR.get(folded)
    if known:
        return known if known in (word, folded) else _bare(known, verb=False)
    for ending, least in (("ness", 7), ("ing", 6), ("ed", 5), ("ly", 7)):
        if folded.endswith(ending) and len(folded) >= least:
            return _bare(folded[: -len(ending)], verb=ending in ("ing", "ed"))
    return _bare(folded, verb=False)


def _bare(word: str, verb: bool) -> str:
    if word == "note" or (verb and word == "not"):
        return "note"  # without its ending it would deny what is noted
    if verb and word[-2:] in _DOUBLED:
        word = word[:-1]
    if word.endswith("i") and len(word) > 4:
        word = word[:-1] + "y"
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
