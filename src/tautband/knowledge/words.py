"""Folding words for comparison: case, accents, punctuation, British spelling and plurals fall away."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_SPELLINGS = (
    ("oedem", "edem"),
    ("anaesth", "anesth"),
    ("paraesth", "paresth"),
    ("aesthe", "esthe"),
    ("haem", "hem"),
    ("ischaem", "ischem"),
    ("orthopaed", "orthoped"),
    ("paed", "ped"),
    ("diarrhoea", "diarrhea"),
    ("dyspnoea", "dyspnea"),
    ("apnoea", "apnea"),
    ("oesoph", "esoph"),
    ("tumour", "tumor"),
    ("colour", "color"),
    ("labour", "labor"),
    ("behaviour", "behavior"),
    ("centre", "center"),
    ("fibre", "fiber"),
    ("gynae", "gyne"),
    ("amenorrhoea", "amenorrhea"),
    ("caesar", "cesar"),
    ("coeliac", "celiac"),
    ("foetal", "fetal"),
    ("grey", "gray"),
    ("sulph", "sulf"),
    ("leuco", "leuko"),
    ("ageing", "aging"),
    ("practise", "practice"),
    ("licence", "license"),
    ("swivelling", "swiveling"),
    ("travelling", "traveling"),
    ("isation", "ization"),
)
_KEEP_S = frozenset(
    {
        "always",
        "across",
        "arthritis",
        "as",
        "bruxism",
        "bursitis",
        "calculus",
        "diabetes",
        "dyspnea",
        "dis",
        "pus",
        "this",
        "thus",
        "us",
        "is",
        "was",
        "has",
        "his",
        "its",
        "yes",
        "less",
        "loss",
        "press",
        "stress",
        "illness",
        "weakness",
        "numbness",
        "stiffness",
        "tenderness",
        "soreness",
        "dizziness",
        "darkness",
        "heaviness",
        "unless",
        "pelvis",
        "pubis",
        "penis",
        "meniscus",
        "talus",
        "tarsus",
        "humerus",
        "radius",
        "sinus",
        "thymus",
        "uterus",
        "thrombus",
        "plexus",
        "biceps",
        "triceps",
        "quadriceps",
        "brachialis",
        "lens",
        "pancreas",
        "psoas",
        "series",
        "species",
        "herpes",
        "rabies",
        "scabies",
    }
)


def fold(text: str) -> str:
    """Return the text as folded words joined by single spaces.

    >>> fold("Paræsthesia of the Shoulders")
    'paresthesia of the shoulder'
    """
    return " ".join(word for word, _, _ in folded_words(text))


def folded_words(text: str) -> list[tuple[str, int, int]]:
    """Return each folded word with its start and end in the text, so that a match can be shown in place."""
    low = _plain(text)
    return [(fold_word(m.group()), m.start(), m.end()) for m in _WORD.finditer(low)]


def _plain(text: str) -> str:
    """Lower case without accents, of the same length as the text, so that places stay true."""
    if text.isascii():
        return text.lower()
    out = []
    for char in text:
        base = unicodedata.normalize("NFD", char)[0].lower()
        out.append(_LIGATURES.get(base, base if len(base) == 1 else " "))
    return "".join(out)


_LIGATURES = {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00e6": "e", "\u0153": "e"}


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    """Fold one lower-case word: spelling and plural."""
    for british, american in _SPELLINGS:
        if british in word:
            word = word.replace(british, american)
    if word.endswith("'s"):
        word = word[:-2]
    word = word.replace("'", "")
    return _singular(word)


def _singular(word: str) -> str:
    if len(word) < 4 or word in _KEEP_S or word.endswith(("ss", "us", "is", "eps")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1]
