"""This drawing beside the one of an earlier visit: what is new, gone, stronger, weaker, and what that is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.charts import drawn
from tautband.clinic.charts.drawings import Sheet, sheet_of
from tautband.clinic.charts.models import DrawingVersion, Visit
from tautband.findings import Layer
from tautband.findings.drawing_file import layer_fields
from tautband.surface import (
    Difference,
    Field,
    TwoDrawers,
    Verdict,
    best_view,
    client_and_therapist,
    compare_layers,
    field_paths,
    view_box_around,
)

LAYER_WORDS = {
    "pain": gettext_lazy("Pain"),
    "numb": gettext_lazy("Numbness"),
    "tingling": gettext_lazy("Tingling"),
    "touch": gettext_lazy("Pain on light touch"),
}
KINDS = ("same", "weaker", "stronger", "new", "gone")
"""Order of drawing: what matters most lies on top."""


@dataclass(frozen=True)
class LayerChange:
    """One layer in words and numbers: what the page says of it."""

    name: str
    difference: Difference

    @property
    def extent(self) -> str:
        """From so much to so much."""
        d = self.difference
        if d.before_cm2 == 0:
            return _("new, %(after)d cm²") % {"after": round(d.after_cm2)}
        if d.after_cm2 == 0:
            return _("gone, it was %(before)d cm²") % {"before": round(d.before_cm2)}
        share = round(100 * d.change_cm2 / d.before_cm2)
        return _("%(before)d to %(after)d cm² (%(share)+d %%)") % {
            "before": round(d.before_cm2),
            "after": round(d.after_cm2),
            "share": share,
        }

    @property
    def verdict(self) -> str:
        """What the change of extent is worth, in one sentence."""
        d = self.difference
        limit = round(d.limit_cm2 or 0)
        if d.extent is Verdict.NONE:
            return _("No verdict: how far such drawings vary by themselves is not published.")
        if d.extent is Verdict.CHANGED:
            return _("Changed: unchanged drawings of this size differ by up to %(limit)d cm².") % {"limit": limit}
        if d.extent is Verdict.NOISE:
            return _("Nothing to conclude: two drawings of the same pain commonly differ as much.")
        return _("Not proven: unchanged drawings of this size differ by up to %(limit)d cm².") % {"limit": limit}

    @property
    def place(self) -> str:
        """What the change of place is worth; empty where nothing is published, or where it speaks for no change."""
        d = self.difference
        shared = {"shared": round(100 * d.jaccard)}
        if d.place is Verdict.CHANGED and d.jaccard == 0:
            return _("The place has changed: the drawings share no skin.")
        if d.place is Verdict.CHANGED:
            return _("The place has changed: only %(shared)d %% of both drawings is shared.") % shared
        if d.place is Verdict.NOT_PROVEN:
            return _("A change of place is not proven: %(shared)d %% of both drawings is shared.") % shared
        return ""

    @property
    def parts(self) -> str:
        """New, gone, stronger, weaker in cm2; only what is there."""
        words = {
            "new": _("new %(n)d cm²"),
            "gone": _("gone %(n)d cm²"),
            "stronger": _("stronger %(n)d cm²"),
            "weaker": _("weaker %(n)d cm²"),
            "same": _("as before %(n)d cm²"),
        }
        sizes = {kind: self.difference.parts[kind].covered_cm2 for kind in words}
        return ", ".join(words[kind] % {"n": round(size)} for kind, size in sizes.items() if size >= 0.5)


@dataclass(frozen=True)
class SinceLastTime:
    """Two drawings beside each other, and what differs.

    was, now   the drawings as SVG groups over the figure of `view`
    """

    before: Sheet
    after: Sheet
    days: int
    view: str
    box: str
    was: SafeString
    now: SafeString
    changed: Mapping[str, str]
    layers: tuple[LayerChange, ...]

    @property
    def unchanged(self) -> bool:
        """Both drawings are the same."""
        return all(not len(c.difference.parts[k]) for c in self.layers for k in ("new", "gone", "stronger", "weaker"))

    @property
    def errors(self) -> tuple[Any, ...]:
        """The published errors the verdicts rest on, each once."""
        found = {c.difference.error.name: c.difference.error for c in self.layers if c.difference.error}
        return tuple(found.values())

    @property
    def in_words(self) -> str:
        """Everything for a screen reader."""
        return " ".join(f"{c.name}: {c.extent}; {c.parts}. {c.verdict} {c.place}" for c in self.layers)


def earlier_drawing(visit: Visit) -> DrawingVersion | None:
    """The newest drawing with something on it from an earlier visit."""
    for earlier in visit.client.visits.filter(number__lt=visit.number).order_by("-number").prefetch_related("drawings"):
        newest: DrawingVersion | None = next(iter(earlier.drawings.all()), None)
        if newest is not None and newest.marks:
            return newest
    return None


def since_last_time(visit: Visit) -> SinceLastTime | None:
    """Compare with the drawing before; None when there is none, or nothing is drawn yet."""
    newest = visit.drawings.first()
    before = earlier_drawing(visit)
    if newest is None or before is None:
        return None
    days = (visit.opened_at - before.visit.opened_at).days
    return compare_sheets(sheet_of(before), sheet_of(newest), days=days)


def compare_sheets(before: Sheet, after: Sheet, *, days: int | None = None) -> SinceLastTime:
    """Compare two drawings by what was painted, or by their zones where nothing was painted.

    One of each is compared on the zones of both: a zone that was tapped says less about its edge than a brush does.
    """
    if before.painted == after.painted:
        was, now = before.fields, after.fields
    else:
        was, now = layer_fields(before.marks), layer_fields(after.marks)
    differences = compare_layers(was, now)
    everything = Field.empty().union(*(part for d in differences.values() for part in d.parts.values()))
    view = best_view(everything)
    return SinceLastTime(
        before=before,
        after=after,
        days=(timezone.localdate(after.at) - timezone.localdate(before.at)).days if days is None else days,
        view=view,
        box=view_box_around(everything, view),
        was=drawn.as_drawn(before.fields, before.overlay, view, "sw", painted=before.painted),
        now=drawn.as_drawn(after.fields, after.overlay, view, "sn", painted=after.painted),
        changed=_changed(differences, view),
        layers=tuple(LayerChange(str(LAYER_WORDS.get(name, name)), d) for name, d in differences.items()),
    )


def _changed(differences: Mapping[str, Difference], view: str) -> dict[str, str]:
    """Path data of each kind of change over all layers; pain that is gone and numbness that is new are both told."""
    paths: dict[str, str] = {}
    for kind in KINDS:
        whole = Field.empty().union(*(d.parts[kind] for d in differences.values()))
        drawn_paths = field_paths(_full(whole), view) if len(whole) else {}
        if "w2" in drawn_paths:
            paths[kind] = drawn_paths["w2"]
    return paths


def _full(field: Field) -> Field:
    """The same skin, all of it fully painted."""
    return Field(field.vertices, field.weights * 0 + 255)


def two_drawers(visit: Visit) -> dict[str, TwoDrawers]:
    """Client beside therapist, layer by layer, where both have drawn at this visit."""
    newest: dict[str, DrawingVersion] = {}
    for version in visit.drawings.all():
        newest.setdefault(version.drawn_by, version)
    if set(newest) != {"client", "therapist"}:
        return {}
    client, therapist = (sheet_of(newest[who]).fields for who in ("client", "therapist"))
    empty = Field.empty()
    return {
        str(LAYER_WORDS[layer.value]): client_and_therapist(
            client.get(layer.value, empty), therapist.get(layer.value, empty)
        )
        for layer in Layer
        if layer.value in client or layer.value in therapist
    }
