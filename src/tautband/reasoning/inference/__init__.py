"""Many causes at once: posterior marginals of a noisy-OR / noisy-MAX network, and how sure they are.

network = Network.from_interchange(net)        # or NetworkBuilder, once per knowledge base
state = network.absorb({"sign.a": 1, "test.b": 0, "context.c": 1})
posterior = query(network, state)              # .marginals, .probability(id), .method, .error_estimate
posterior = query(network, state.with_finding("sign.d", 2))

messages(posterior).ledger("cause.x")          # why, in nats
responsibility(posterior, "sign.a")            # what explains this finding
expected_information(network, posterior)       # what to ask next
"""

from tautband.reasoning.inference.asking import LookAhead, expected_information, look_ahead
from tautband.reasoning.inference.engine import BACKGROUND, GLANCE, Budget, Cut, Posterior, first_beliefs, query
from tautband.reasoning.inference.errors import (
    BadNetwork,
    ContradictoryEvidence,
    ImpossibleLevel,
    InferenceError,
    UnknownId,
)
from tautband.reasoning.inference.evidence import Evidence, State, absorb
from tautband.reasoning.inference.explaining import (
    Ledger,
    LedgerLine,
    MessageBook,
    Share,
    Weights,
    messages,
    responsibility,
)
from tautband.reasoning.inference.network import Network, NetworkBuilder
from tautband.reasoning.inference.sampling import gibbs

__all__ = [
    "BACKGROUND",
    "GLANCE",
    "BadNetwork",
    "Budget",
    "ContradictoryEvidence",
    "Cut",
    "Evidence",
    "ImpossibleLevel",
    "InferenceError",
    "Ledger",
    "LedgerLine",
    "LookAhead",
    "MessageBook",
    "Network",
    "NetworkBuilder",
    "Posterior",
    "Share",
    "State",
    "UnknownId",
    "Weights",
    "absorb",
    "expected_information",
    "first_beliefs",
    "gibbs",
    "look_ahead",
    "messages",
    "query",
    "responsibility",
]
