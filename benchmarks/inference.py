"""Inference engine against stored reference answers."""

from collections.abc import Mapping
from typing import Any

from tautband.reasoning.inference import Network, query


class Engine:
    """The door the scorer knocks on."""

    def __init__(self, net: Mapping[str, Any]) -> None:
        self.network = Network.from_interchange(net)

    def query(self, evidence: Mapping[str, int]) -> dict[str, float]:
        """Cause id -> probability."""
        return query(self.network, evidence).as_dict()


def make(net: Mapping[str, Any]) -> Engine:
    """Return an engine for one network in the interchange form."""
    return Engine(net)
