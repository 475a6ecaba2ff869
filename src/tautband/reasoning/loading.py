"""The reasoner of this process, built once from the atlas.

Drawing all fields takes seconds and tying the network together one or two, so both are kept on disk: the fields as
long as their parts and the surface stay the same, the model as long as the atlas, the policy and this code do.
"""

import hashlib
from dataclasses import fields as fields_in
from functools import lru_cache
from pathlib import Path

from tautband.knowledge import Atlas, atlas, cache
from tautband.knowledge import lexicon as lexicon_package
from tautband.knowledge.loading import usual_folders
from tautband.reasoning.network.build import Model, build_model
from tautband.reasoning.network.fields import Fields, fields_of
from tautband.reasoning.network.hypotheses import Hypotheses
from tautband.reasoning.policy import POLICY
from tautband.reasoning.reasoner import Reasoner
from tautband.surface import fingerprint

LEXICON = tuple(Path(lexicon_package.__path__[0]).glob("moves.py"))
NOT_KEPT = frozenset({"atlas", "policy"})
"""Parts of a model that every process has anyway."""


@lru_cache(maxsize=1)
def reasoner() -> Reasoner:
    """Return the reasoner over the usual atlas; the first call builds it or reads what an earlier process built."""
    return Reasoner(cached_model(atlas()))


def cached_model(known: Atlas) -> Model:
    """The model of the usual atlas, from the cache when nothing it was made of has changed."""
    key = _digest(cache.key_of(usual_folders()), fingerprint(), repr(POLICY), _code())
    kept = cache.fetch("model", key)
    if isinstance(kept, dict) and set(kept) == {part.name for part in fields_in(Model)} - NOT_KEPT:
        return Model(atlas=known, policy=POLICY, **kept)
    model = build_model(known, POLICY, cached_fields)
    parts = {part.name: getattr(model, part.name) for part in fields_in(Model) if part.name not in NOT_KEPT}
    cache.keep("model", key, parts)
    return model


def cached_fields(hypotheses: Hypotheses) -> Fields:
    """The fields of these hypotheses, from the cache when every part, the surface and this code are unchanged."""
    parts = "\n".join(f"{h.key} {h.pain} {h.sensory} {h.zones}" for h in hypotheses.every)
    key = _digest(fingerprint(), _code(), parts)
    found = cache.fetch("fields", key)
    if isinstance(found, Fields):
        return found
    fields = fields_of(hypotheses)
    cache.keep("fields", key, fields)
    return fields


def _code() -> str:
    """A digest of the code that builds models, so that a changed rule is never answered from an old cache."""
    here = Path(__file__).parent
    files = sorted(
        [
            *here.glob("network/*.py"),
            here / "policy.py",
            here / "judged.py",
            *here.glob("inference/network.py"),
            *LEXICON,
        ]
    )
    return _digest(*(file.read_text("utf-8") for file in files))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


__all__ = ["cached_fields", "cached_model", "reasoner"]
