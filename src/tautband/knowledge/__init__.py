"""Loads, checks and indexes the atlas into frozen records with their sources, and holds the lexicon.

`atlas()` is the one door for everyone above; `load()` reads other folders, `check()` says what to repair.
"""

from tautband.knowledge.areas import within, zones_in
from tautband.knowledge.atlas import Atlas, Mention, UnknownId
from tautband.knowledge.checks import check
from tautband.knowledge.loading import atlas, load, packaged_folder, usual_folders
from tautband.knowledge.problems import Problem, Severity

__all__ = [
    "Atlas",
    "Mention",
    "Problem",
    "Severity",
    "UnknownId",
    "atlas",
    "check",
    "load",
    "packaged_folder",
    "usual_folders",
    "within",
    "zones_in",
]
