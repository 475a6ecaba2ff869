"""What was found at the last visit, to be tested again: one row a sign, what it was, what it is today."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tautband.clinic.charts.gridding import unit_word
from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.charts.picture import drawing_of
from tautband.clinic.charts.rows import is_question, name_of, result_word
from tautband.knowledge import atlas
from tautband.reasoning import Alert

UNMEASURED = ("", "/5")
"""Units of what is graded by hand; everything else is measured again."""


@dataclass(frozen=True)
class Again:
    """One sign. `now` is what stands today, None while it was not tested; `closed_by` is the alert that forbids it."""

    last: RecordedFinding
    now: RecordedFinding | None
    name: str
    closed_by: str = ""

    @property
    def ident(self) -> str:
        """Names the row on the page."""
        return f"again-{self.last.pk}"

    @property
    def was(self) -> str:
        """What it was."""
        return result_word(self.last)

    @property
    def state(self) -> str:
        """What is pressed."""
        return self.now.state if self.now else ""

    @property
    def unit(self) -> str:
        """The unit of what is measured again; empty where nothing is."""
        return "" if self.last.unit in UNMEASURED or self.last.value is None else self.last.unit

    @property
    def unit_word(self) -> str:
        """The unit as it is written."""
        return unit_word(self.unit)

    @property
    def value(self) -> str:
        """What was measured today."""
        held = self.now.value if self.now else None
        return "" if held is None else f"{held:g}"

    @property
    def note(self) -> str:
        """Whence a result is that was carried forward."""
        return self.now.note if self.now else ""


def before(visit: Visit) -> Visit | None:
    """The newest earlier visit at which something was examined."""
    tested = visit.client.visits.filter(number__lt=visit.number, findings__ended_at=None).order_by("-number")
    for earlier in tested.filter(findings__isnull=False).distinct()[:5]:
        if any(not is_question(row.finding) for row in earlier.findings.filter(ended_at=None)):
            return earlier
    return None


def to_retest(visit: Visit, alerts: Sequence[Alert] = ()) -> list[Again]:
    """The signs of the last visit, those that were there first."""
    earlier = before(visit)
    if earlier is None:
        return []
    known = atlas()
    held = {(row.finding, row.of, row.side): row for row in visit.findings.filter(ended_at=None)}
    rows = [
        Again(
            row,
            held.get((row.finding, row.of, row.side)),
            name_of(known, row.finding, row.of),
            _closed(row.finding, alerts),
        )
        for row in earlier.findings.filter(ended_at=None)
        if not is_question(row.finding)
    ]
    order = ("present", "unknown", "absent")
    return sorted(rows, key=lambda again: (order.index(again.last.state), again.last.pk))


def _closed(finding: str, alerts: Sequence[Alert]) -> str:
    provokes = set(getattr(atlas().records.get(atlas().current(finding)), "provokes", ()))
    return next((alert.name for alert in alerts if provokes & set(alert.closes)), "")


def to_copy(rows: Sequence[Again], earlier: Visit) -> list[dict[str, Any]]:
    """What "all as last time" records: not tested yet, graded by hand, not closed; each row says whence."""
    day = date_format(timezone.localdate(earlier.opened_at), "j M")
    whence = _("As at visit %(number)d, %(day)s") % {"number": earlier.number, "day": day}
    return [
        {
            "finding": row.last.finding,
            "of": row.last.of,
            "side": row.last.side,
            "state": row.last.state,
            "value": row.last.value,
            "unit": row.last.unit,
            "note": f"{row.last.note.partition('. ')[0]}. {whence}" if row.last.value is not None else whence,
        }
        for row in rows
        if row.now is None and not row.unit and not row.closed_by
    ]


def drawing_to_repeat(visit: Visit) -> Visit | None:
    """The last visit with a drawing, while this one has none."""
    if visit.drawings.exists():
        return None
    earlier = visit.client.visits.filter(number__lt=visit.number).order_by("-number").prefetch_related("drawings")
    return next((each for each in earlier if any(version.marks for version in each.drawings.all()[:1])), None)


def repeats(visit: Visit) -> Visit | None:
    """The earlier visit whose drawing this one's says again, mark for mark; that is said beside it."""
    newest = visit.drawings.first()
    if newest is None or not newest.marks:
        return None
    mine = set(drawing_of(newest).marks)
    earlier = visit.client.visits.filter(number__lt=visit.number).order_by("-number").first()
    theirs = earlier.drawings.first() if earlier else None
    return earlier if theirs is not None and set(drawing_of(theirs).marks) == mine else None
