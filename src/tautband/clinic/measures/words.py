"""A line of readings in words: what changed, by how much, and who says how much counts. Nothing here says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tautband.clinic.measures.plot import Plot, number, plot_of
from tautband.knowledge import atlas
from tautband.outcomes import Border, Judged, Series, Verdict, Way, band_of

BETTER = {
    "lower": gettext_lazy("lower is better"),
    "higher": gettext_lazy("higher is better"),
    "none": gettext_lazy("neither way is better"),
}
WAYS = {
    Way.BETTER: gettext_lazy("for the better"),
    Way.WORSE: gettext_lazy("for the worse"),
    Way.SAME: gettext_lazy("no change"),
    Way.NEITHER: "",
}


@dataclass(frozen=True)
class Line:
    """One line of readings as a page shows it. `verdict` is empty while there is one reading only."""

    series: Series
    title: str
    scale: str
    verdict: str
    sentence: str
    sources: tuple[str, ...]
    band: str
    caution: str

    @cached_property
    def plot(self) -> Plot:
        """The curve; made for the pages that show it."""
        return plot_of(self.series)

    @property
    def key(self) -> str:
        """Where its readings are listed."""
        return self.series.instrument.id.removeprefix("instrument.")


def line_of(series: Series) -> Line:
    """Put one line into words."""
    instrument, judged = series.instrument, series.judged
    ends = f"{instrument.low:g}–{instrument.high:g}" if instrument.high is not None else ""
    scale = ", ".join(part for part in (f"{ends} {instrument.unit}".strip(), str(BETTER[instrument.better])) if part)
    return Line(
        series,
        f"{instrument.name.en}, {series.of}" if series.of else instrument.name.en,
        scale,
        judged.verdict.value if judged else "",
        sentence_of(series),
        tuple(_sources(judged)) if judged else (),
        band_of(instrument, series.last.value),
        instrument.cautions[0].text if instrument.cautions else "",
    )


def sentence_of(series: Series) -> str:
    """ "8 to 3: beyond the error of 4." """
    judged = series.judged
    last, unit = number(series.last.value), series.instrument.unit
    if judged is None:
        return _("%(value)s %(unit)s. The first reading: a change shows from the second on.") % {
            "value": last,
            "unit": unit,
        }
    told = {"first": number(series.first.value), "last": last, "what": _said(judged)}
    return _("%(first)s to %(last)s. %(what)s") % told


def _said(judged: Judged) -> str:
    error = number(judged.detectable.size) if judged.detectable else ""
    way = str(WAYS[judged.way])
    if judged.verdict is Verdict.CHANGED:
        if judged.matters is not None and not judged.is_enough_to_matter:
            return _("More than the error of %(error)s %(way)s, yet less than most would call a change.") % {
                "error": error,
                "way": way,
            }
        return _("More than the error of %(error)s, %(way)s.") % {"error": error, "way": way}
    if judged.verdict is Verdict.NOT_PROVEN:
        return _("Enough to matter, not yet beyond the error of %(error)s.") % {"error": error}
    if judged.verdict is Verdict.NOISE:
        return _("Within the error of %(error)s.") % {"error": error}
    if judged.is_enough_to_matter:
        return _("Enough to matter; no error is on file.")
    return _("No error is on file, so nothing can be said.")


def _sources(judged: Judged) -> list[str]:
    told = []
    if judged.detectable:
        words = _("Error %(size)s%(derived)s: %(source)s.")
        derived = _(" (from the error of one reading)") if judged.detectable.derived else ""
        told.append(words % {**_border(judged.detectable), "derived": derived})
    if judged.matters:
        told.append(_("Matters from %(size)s: %(source)s.") % _border(judged.matters))
    return told


def _border(border: Border) -> dict[str, str]:
    known, keys = atlas(), border.by.by
    cited = [
        known.sources[key].citation.split(".")[0]
        for key in ([keys] if isinstance(keys, str) else keys)
        if key in known.sources
    ]
    source = ", ".join([*cited[:1], border.by.population])
    return {"size": number(border.size), "source": source}


def summary_of(lines: Sequence[Line]) -> str:
    """One sentence over all lines with at least two readings."""
    judged = [line for line in lines if line.verdict]
    if not judged:
        return ""
    changed = [line for line in judged if line.verdict == Verdict.CHANGED.value]
    names = ", ".join(line.title for line in changed[:3])
    text = ngettext(
        "%(changed)d of %(all)d measure has changed by more than its error",
        "%(changed)d of %(all)d measures have changed by more than their error",
        len(judged),
    ) % {"changed": len(changed), "all": len(judged)}
    return f"{text}{f': {names}' if names else ''}."
