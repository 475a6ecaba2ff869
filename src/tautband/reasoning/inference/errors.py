"""What can be wrong with a network or with evidence; each message says what to do."""


class InferenceError(ValueError):
    """Base of everything the inference engine refuses."""


class BadNetwork(InferenceError):
    """The network itself is not well formed: unknown parent, cycle, probability out of range."""


class UnknownId(InferenceError):
    """Evidence names an id the network does not have."""


class ImpossibleLevel(InferenceError):
    """A level the finding cannot take, or a strength that is no number."""


class ContradictoryEvidence(InferenceError):
    """The evidence cannot happen in this network: nothing that is still possible explains a finding."""
