"""Fixed word lists the checks compare with: ids of the shared case vocabulary, landmarks, joints and motions."""

from functools import cache
from importlib import resources

import yaml


@cache
def targets() -> frozenset[str]:
    """The ids of the shared case vocabulary."""
    text = resources.files(__name__).joinpath("targets.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def landmarks() -> dict[str, str]:
    """Landmark ids of the body surface with their side, paired or midline; empty when the surface has none."""
    file = resources.files("tautband.surface").joinpath("data/landmarks.yaml")
    if not file.is_file():
        return {}
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {name: str(entry["side"]) for name, entry in data.items()}
