"""From atlas to network: which sources there are, which findings speak of them, and how strongly.

`hypotheses` lists the sources, `fields` says what each explains of the body, `links` turns accuracies and expert words
into link strengths, `build` puts them together. Every strength can be traced to facts of the atlas or to `policy`.
"""

from tautband.reasoning.network.build import Model, build_model
from tautband.reasoning.network.hypotheses import Hypothesis, hypotheses_of

__all__ = ["Hypothesis", "Model", "build_model", "hypotheses_of"]
