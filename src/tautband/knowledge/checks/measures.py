"""Instruments score what they say, ship no words of others, and examinations stand where a grid can draw them."""

from collections.abc import Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import WARNING, problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import Change, Instrument
from tautband.knowledge.walk import is_read


def words_are_free(atlas: Atlas) -> Iterator[Problem]:
    """Questions are written only where they may be shown, and then all of them."""
    for one in atlas.instruments:
        if one.licence.ships == "score_only" and one.items:
            message = "The questions stand here, but the licence says score only."
            yield problem_at(atlas, one.id, ("items",), "not_free", message, "Remove the questions.")
        if one.licence.ships == "score_only" and not one.licence.holder:
            message = "Nobody is named who holds the rights."
            yield problem_at(atlas, one.id, ("licence",), "no_holder", message, "Name the holder, or `its authors`.")
        if one.licence.ships == "items" and not is_read(one, one.licence):
            message = "The questions are shipped on a statement that nobody read."
            yield problem_at(atlas, one.id, ("licence",), "not_free", message, "Read it, or change to score_only.")
        if one.licence.ships == "items" and len(one.items) != one.item_count:
            message = f"{one.item_count} questions are counted, {len(one.items)} are written."
            yield problem_at(atlas, one.id, ("items",), "item_count", message, "Write all, or correct the count.")


def scores_fit_their_scale(atlas: Atlas) -> Iterator[Problem]:
    """The scoring rule is possible, and where the answers are written it gives just the ends that are named."""
    for one in atlas.instruments:
        rule = one.scoring
        if rule.least_items > one.item_count or any(not 1 <= n <= one.item_count for n in rule.reverse):
            message = f"The scoring speaks of more than the {one.item_count} questions."
            yield problem_at(atlas, one.id, ("scoring",), "bad_scoring", message, "Correct the numbers.")
        if one.high is not None and one.low >= one.high:
            message = "The scale ends where it begins."
            yield problem_at(atlas, one.id, ("low",), "bad_scale", message, "`low` is less than `high`.")
        ends = _ends(one)
        if ends and ends != (one.low, one.high):
            message = f"The scoring gives {ends[0]:g} to {ends[1]:g}, the scale says {one.low:g} to {one.high}."
            yield problem_at(atlas, one.id, ("scoring",), "bad_scale", message, "Correct one of them.")


def _ends(one: Instrument) -> tuple[float, float] | None:
    """Lowest and highest score, where all answers of all questions are written."""
    choices = [item.choices or one.choices for item in one.items]
    if len(choices) != one.item_count or not all(choices):
        return None
    low = [min(choice.value for choice in each) for each in choices]
    high = [max(choice.value for choice in each) for each in choices]
    count = one.item_count if one.scoring.combine == "mean" else 1
    rule = one.scoring
    return ((sum(low) / count - rule.minus) * rule.times, (sum(high) / count - rule.minus) * rule.times)


def bands_cover_in_order(atlas: Atlas) -> Iterator[Problem]:
    """Bands lie on the scale, in order, without overlap."""
    for one in atlas.instruments:
        last = None
        for number, band in enumerate(one.bands):
            inside = one.low <= band.low <= band.high and (one.high is None or band.high <= one.high)
            if not inside or (last is not None and band.low <= last):
                message = f"The band {band.name!r} ({band.low:g} to {band.high:g}) is off the scale or out of order."
                yield problem_at(atlas, one.id, ("bands", number), "bad_band", message, "Correct its ends.")
            last = band.high


def changes_are_usable(atlas: Atlas) -> Iterator[Problem]:
    """One important and one detectable change is used at most, it was read, and it fits the scale."""
    for one in atlas.instruments:
        used: set[str] = set()
        for number, change in enumerate(one.changes):
            place = ("changes", number)
            if change.use and change.quantity in used:
                message = f"Two {change.quantity} changes are marked `use`."
                yield problem_at(atlas, one.id, place, "two_borders", message, "Keep the one that fits clients best.")
            if change.use and not is_read(one, change):
                message = "A change that nobody read is marked `use`."
                yield problem_at(atlas, one.id, place, "unread_border", message, "Read it, or leave it unused.")
            if not _fits(one, change):
                message = "The change is larger than the whole scale."
                yield problem_at(atlas, one.id, place, "bad_change", message, "Check value and unit.")
            if change.use:
                used.add(change.quantity)


def _fits(one: Instrument, change: Change) -> bool:
    if change.unit != "points" or one.high is None:
        return True
    return max(v for v in (change.value, change.high) if v is not None) <= one.high - one.low


def grids_can_be_drawn(atlas: Atlas) -> Iterator[Problem]:
    """A measured row has unit, joint and motion; a graded row has its grades; each cell is taken once."""
    taken: dict[tuple[str, ...], str] = {}
    for exam in atlas.exams:
        cell = exam.grid
        if not cell:
            continue
        if cell.panel in ("rom", "strength") and not (exam.joint and exam.motion):
            message = f"A row of the {cell.panel} grid names its joint and motion."
            yield problem_at(atlas, exam.id, ("grid",), "thin_cell", message, "Add `joint:` and `motion:`.", WARNING)
        if cell.panel == "rom" and not exam.unit:
            yield problem_at(atlas, exam.id, ("grid",), "no_unit", "A range has a unit.", "Add `unit:`.")
        for region in exam.regions or (str(exam.region),):
            key = (region, cell.panel, cell.row, cell.column)
            other = taken.setdefault(key, exam.id)
            if other != exam.id:
                message = f"{other} stands in the same cell of {region}: {cell.panel}, {cell.row}, {cell.column}."
                yield problem_at(atlas, exam.id, ("grid",), "cell_taken", message, "Name another row or column.")


def norms_are_near_their_unit(atlas: Atlas) -> Iterator[Problem]:
    """Norms need a unit to mean anything; ages run upward."""
    for exam in atlas.exams:
        for number, norm in enumerate(exam.norms):
            if not exam.unit:
                message = "A norm without a unit means nothing."
                yield problem_at(atlas, exam.id, ("norms", number), "no_unit", message, "Add `unit:`.")
            if norm.age_from is not None and norm.age_to is not None and norm.age_from > norm.age_to:
                message = "The ages run backward."
                yield problem_at(atlas, exam.id, ("norms", number), "bad_ages", message, "Swap them.")


RULES = (
    words_are_free,
    scores_fit_their_scale,
    bands_cover_in_order,
    changes_are_usable,
    grids_can_be_drawn,
    norms_are_near_their_unit,
)
