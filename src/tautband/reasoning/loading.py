"""The reasoner of this process, built once from the atlas. Drawing all fields takes seconds, so they are cached."""

import hashlib
from functools import lru_cache

from tautband.knowledge import atlas, cache
from tautband.reasoning.network.build import build_model
from tautband.reasoning.network.fields import Fields, fields_of
from tautband.reasoning.network.hypotheses import Hypotheses
from tautband.reasoning.policy import POLICY
from tautband.reasoning.reasoner import Reasoner
from tautband.surface import SURFACE


@lru_cache(maxsize=1)
def reasoner() -> Reasoner:
    """Return the reasoner over the usual atlas; the first call builds it."""
    return Reasoner(build_model(atlas(), POLICY, cached_fields))


def cached_fields(hypotheses: Hypotheses) -> Fields:
    """The fields of these hypotheses, from the cache when every part and the surface are unchanged."""
    parts = "\n".join(f"{h.key} {h.pain} {h.sensory}" for h in hypotheses.every)
    key = hashlib.sha256(f"{SURFACE}\n{parts}".encode()).hexdigest()[:32]
    found = cache.fetch("fields", key)
    if isinstance(found, Fields):
        return found
    fields = fields_of(hypotheses)
    cache.keep("fields", key, fields)
    return fields


__all__ = ["cached_fields", "reasoner"]
