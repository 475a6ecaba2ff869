"""Names of a whole, `Quadriceps femoris`, whose parts have files of their own."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.words import fold


@dataclass(frozen=True, slots=True)
class Umbrella:
    """A name for several muscles; `muscles` are the ids that this atlas has."""

    name: str
    la: str
    names: tuple[str, ...]
    muscles: tuple[str, ...]

    @property
    def every_name(self) -> tuple[str, ...]:
        return tuple(name for name in (self.name, self.la, *self.names) if name)


@lru_cache(maxsize=4)
def umbrellas(atlas: Atlas) -> tuple[Umbrella, ...]:
    """All wholes that have at least two of their muscles in this atlas."""
    file = resources.files(__package__ or __name__).joinpath("umbrellas.yaml")
    found = []
    for row in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        muscles = tuple(id for name in row["muscles"] if (id := atlas.current(f"muscle.{name}")) in atlas.records)
        if len(muscles) > 1:
            found.append(Umbrella(row["name"], row["la"], tuple(row["names"]), muscles))
    return tuple(found)


def whole(atlas: Atlas, name: str) -> Umbrella | None:
    """The whole that goes by this name, in any case and spelling of hyphens."""
    folded = fold(name)
    return next((u for u in umbrellas(atlas) if folded in {fold(word) for word in u.every_name}), None)
