"""What is charted in a region: its examinations by panel, row and column."""

from dataclasses import dataclass

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.records import Exam
from tautband.knowledge.records.clinical import PANELS


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line: what it is called, and its examinations by column (active, passive, front, a phase of gait)."""

    name: str
    cells: tuple[tuple[str, Exam], ...]


@dataclass(frozen=True, slots=True)
class GridPanel:
    """One table of a region; `columns` in the order they first appear."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


def grid_of(atlas: Atlas, region: str) -> tuple[GridPanel, ...]:
    """Panels of a region in the order they are charted; empty panels are left out."""
    held = [exam for exam in atlas.exams if exam.grid and region in (exam.regions or (exam.region,))]
    return tuple(panel for name in PANELS if (panel := _panel(name, held)).rows)


def _panel(name: str, held: list[Exam]) -> GridPanel:
    mine = [(exam.grid, exam) for exam in held if exam.grid and exam.grid.panel == name]
    mine.sort(key=lambda pair: (pair[0].order, pair[0].row, pair[1].id))
    columns = tuple(dict.fromkeys(cell.column for cell, _ in mine))
    rows = tuple(dict.fromkeys(cell.row for cell, _ in mine))
    lines = (GridRow(row, tuple((cell.column, exam) for cell, exam in mine if cell.row == row)) for row in rows)
    return GridPanel(name, columns, tuple(lines))
