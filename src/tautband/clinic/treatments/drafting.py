"""The note drafted from what was recorded: four sections of lines, each with where it comes from. Writes nothing.

The words are "consistent with", never "confirmed"; bands, never percentages of probability.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.charts.models import AlertAnswer, RecordedFinding, Visit
from tautband.clinic.charts.picture import drawing_of
from tautband.clinic.charts.queries import answers_of, story_of
from tautband.clinic.charts.rows import is_question, main_reason, name_of, places_of, pressed_by, result_word
from tautband.clinic.treatments.inside import place_words
from tautband.clinic.treatments.models import Consent
from tautband.clinic.treatments.plans import Body, judged, used_plan
from tautband.clinic.treatments.remembering import done_at
from tautband.findings import Drawing, Layer, Mark
from tautband.knowledge import atlas
from tautband.planning import PlanStep
from tautband.reasoning import Alert, Answer, Suspect
from tautband.surface import zone
from tautband.terms.probability import Band
from tautband.terms.sides import Side

SECTIONS = ("subjective", "objective", "assessment", "plan")
MOST_POSSIBLE = 3
MOST_PLACES = 8
SIDE_WORDS = {
    "left": gettext_lazy("left"),
    "right": gettext_lazy("right"),
    "bilateral": gettext_lazy("both sides"),
    "midline": "",
}
BANDS = {Band.LIKELY: gettext_lazy("likely"), Band.POSSIBLE: gettext_lazy("possible")}
LAYERS = {
    Layer.PAIN: gettext_lazy("Pain"),
    Layer.NUMB: gettext_lazy("Numb"),
    Layer.TINGLING: gettext_lazy("Tingling"),
    Layer.TOUCH: gettext_lazy("Touch hurts"),
}
URGENCIES = {
    "emergency": gettext_lazy("Emergency"),
    "same_day": gettext_lazy("Same day"),
    "urgent_days": gettext_lazy("Within days"),
    "routine": gettext_lazy("At next chance"),
}
REGIONS = {
    "head_jaw": gettext_lazy("head and jaw"),
    "neck": gettext_lazy("neck"),
    "shoulder": gettext_lazy("shoulder"),
    "arm_elbow": gettext_lazy("upper arm and elbow"),
    "forearm_hand": gettext_lazy("forearm and hand"),
    "thorax": gettext_lazy("chest"),
    "upper_back": gettext_lazy("upper back"),
    "low_back": gettext_lazy("low back"),
    "abdomen": gettext_lazy("belly"),
    "pelvis": gettext_lazy("pelvis"),
    "hip_buttock": gettext_lazy("hip and buttock"),
    "thigh": gettext_lazy("thigh"),
    "knee": gettext_lazy("knee"),
    "leg": gettext_lazy("lower leg"),
    "ankle_foot": gettext_lazy("ankle and foot"),
}
DECLINED = {
    "deep": gettext_lazy("no deep pressure"),
    "stretch": gettext_lazy("no stretching"),
    "oil": gettext_lazy("no oil or cream"),
    "cold": gettext_lazy("no cold"),
    "heat": gettext_lazy("no heat"),
    "needles": gettext_lazy("no needles"),
}


@dataclass(frozen=True)
class Line:
    """One sentence of the draft.

    side    client's side, for the chip; empty where there is none
    source  story, drawing, answered, tapped, suspects, alert, plan, consent, done, aftercare or home
    at, by  when it was recorded and by whom, where that is one moment and one person
    """

    text: str
    source: str
    side: str = ""
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class Draft:
    """What the data say now. `said` is the client's own words."""

    said: str
    sections: Mapping[str, tuple[Line, ...]]

    def texts(self) -> dict[str, str]:
        """Section -> text, one line a sentence."""
        return {key: "\n".join(line.text for line in self.sections[key]) for key in SECTIONS}

    def lines(self) -> dict[str, list[str]]:
        """Section -> its lines as plain text."""
        return {key: [line.text for line in self.sections[key]] for key in SECTIONS}


def draft_note(visit: Visit, answer: Answer) -> Draft:
    """Draft the note of a visit from its record."""
    story = story_of(visit)
    rows = list(visit.findings.filter(ended_at=None).select_related("by"))
    asked = [row for row in rows if is_question(row.finding)]
    tested = [row for row in rows if not is_question(row.finding)]
    drawn = visit.drawings.first()
    sections = {
        "subjective": (
            *(_drawing(drawing_of(drawn), drawn.at, drawn.by.display_name) if drawn else ()),
            *(_found(row, "answered") for row in asked),
        ),
        "objective": (*(_found(row, "tapped") for row in tested), *_withheld(answer)),
        "assessment": (*_suspects(answer, bool(drawn and drawn.marks)), *_alerts(visit, answer)),
        "plan": tuple(_plan(visit)),
    }
    return Draft(story.text.strip() if story else "", sections)


def sided(name: str, side: str) -> str:
    """A name with its side in words: "Infraspinatus, right"."""
    word = str(SIDE_WORDS.get(side, ""))
    return f"{name}, {word}" if word else name


def area_words(regions: Iterable[str]) -> str:
    """Regions in words."""
    return ", ".join(str(REGIONS.get(region, region)) for region in regions)


def clock(at: datetime) -> str:
    """A time of day where the clinic is."""
    return f"{timezone.localtime(at):%H:%M}"


# --- Said ---------------------------------------------------------------------------------------------------------


def _drawing(drawing: Drawing, at: datetime, by: str) -> Iterator[Line]:
    for layer in Layer:
        groups = _by_strength(drawing.layer(layer))
        if groups:
            places = ". ".join([groups[0], *(f"{g[:1].upper()}{g[1:]}" for g in groups[1:])])
            yield Line(
                _("%(layer)s drawn: %(places)s.") % {"layer": LAYERS[layer], "places": places}, "drawing", at=at, by=by
            )
    began = [_place(mark, side) for mark in drawing.marks if mark.began_here for side in mark.side.each]
    if began:
        yield Line(_("It began here: %(places)s.") % {"places": "; ".join(began[:3])}, "drawing", at=at, by=by)


def _by_strength(marks: Iterable[Mark]) -> list[str]:
    """Places of one layer, told together where side and strength are the same; the strongest first."""
    groups: dict[tuple[Side, float | None], list[str]] = defaultdict(list)
    for mark in marks:
        for side in mark.side.each:
            groups[side, mark.intensity].append(_name(mark, side))
    ordered = sorted(groups.items(), key=lambda group: (-(group[0][1] or 0), group[0][0].value))
    return [_group(side, intensity, list(dict.fromkeys(names))) for (side, intensity), names in ordered]


def _group(side: Side, intensity: float | None, names: list[str]) -> str:
    rest = _("; and %(n)d more places") % {"n": len(names) - MOST_PLACES} if len(names) > MOST_PLACES else ""
    strength = "" if intensity is None else _("%(n)g of 10") % {"n": intensity}
    lead = ", ".join(part for part in (str(SIDE_WORDS[side.value]), strength) if part)
    return f"{f'{lead}: ' if lead else ''}{'; '.join(names[:MOST_PLACES])}{rest}"


def _place(mark: Mark, side: Side) -> str:
    return sided(_name(mark, side), side.value)


def _name(mark: Mark, side: Side) -> str:
    known = mark.place.startswith("zone.")
    return zone(f"{mark.place}/{side}").plain if known else atlas().plain_name(mark.place)


# --- Found --------------------------------------------------------------------------------------------------------


def _found(row: RecordedFinding, source: str) -> Line:
    name = sided(name_of(atlas(), row.finding, row.of), row.side)
    extra = "".join(f"; {part}" for part in (_provoked(row), row.note.strip()) if part)
    return Line(f"{name}: {result_word(row)}{extra}.", source, row.side, row.at, row.by.display_name)


def _provoked(row: RecordedFinding) -> str:
    words = {
        "rest": _("at rest"),
        "movement": _("on movement"),
        "load": _("under load"),
        "pressure": _("on pressure"),
        "stretch": _("on stretch"),
    }
    return words.get(row.provoking, "")


def _withheld(answer: Answer) -> Iterator[Line]:
    """Tests that an alert keeps closed: what was not tested is said, so that nobody reads it as negative."""
    for test in [t for t in answer.next_tests if t.closed_by][:3]:
        name = sided(test.name, test.side.value)
        why = _alert_name(answer, test.closed_by)
        yield Line(_("%(name)s: not done; closed: %(why)s.") % {"name": name, "why": why}, "suspects", test.side.value)


def _alert_name(answer: Answer, closed_by: str) -> str:
    return next((alert.name for alert in answer.alerts if alert.flag == closed_by), closed_by)


# --- Thought ------------------------------------------------------------------------------------------------------


def _suspects(answer: Answer, drawn: bool) -> Iterator[Line]:
    likely = [s for s in answer.suspects if s.band is Band.LIKELY and s.kind != "flag"]
    possible = [s for s in answer.suspects if s.band is Band.POSSIBLE and s.kind != "flag"]
    for suspect in (*likely, *possible[:MOST_POSSIBLE]):
        yield Line(_consistent(suspect), "suspects", suspect.side.value)
    if not likely and not possible:
        yield Line(_("No single source stands out from what was recorded."), "suspects")
    share = round(100 * answer.unexplained.share)
    if drawn and share:
        where = places_of(answer.unexplained.zones, 3)
        text = _("%(share)d %% of the drawing is explained by none of these%(where)s.")
        yield Line(text % {"share": share, "where": f": {where}" if where else ""}, "suspects")


def _consistent(suspect: Suspect) -> str:
    kind = _("a trigger point in %(name)s") if suspect.kind == "trp" else "%(name)s"
    name = sided(kind % {"name": suspect.name}, suspect.side.value)
    pressed = pressed_by(suspect)
    parts = [f"{name} ({pressed})" if pressed else name, str(BANDS[suspect.band])]
    sentence = _("Consistent with %(what)s: %(band)s.") % {"what": parts[0], "band": parts[1]}
    reason = main_reason(suspect)
    return f"{sentence} {reason[:1].upper()}{reason[1:].rstrip('.')}." if reason else sentence


def _alerts(visit: Visit, answer: Answer) -> Iterator[Line]:
    answers = answers_of(visit)
    for alert in answer.alerts:
        given = answers.get(alert.flag)
        if given is None:
            yield Line(_("%(alert)s Not answered yet.") % {"alert": _alert(alert)}, "alert")
            continue
        told = {
            "alert": _alert(alert),
            "decision": given.get_decision_display(),
            "reason": given.reason.rstrip("."),
        }
        text = _("%(alert)s Answer: %(decision)s. %(reason)s.") % told
        yield Line(text, "alert", at=given.at, by=given.by.display_name)
    standing = {alert.flag for alert in answer.alerts}
    yield from (_no_longer_raised(given) for flag, given in answers.items() if flag not in standing)


def _no_longer_raised(given: AlertAnswer) -> Line:
    """An alert that was answered and whose grounds were then changed: the note still tells of it."""
    known = atlas()
    told = {
        "urgency": URGENCIES.get(given.urgency, given.urgency),
        "name": known.name(given.flag) if given.flag in known else given.flag,
        "decision": given.get_decision_display(),
        "reason": given.reason.rstrip("."),
    }
    text = _("%(urgency)s: %(name)s, raised earlier in this visit. Answer: %(decision)s. %(reason)s.") % told
    return Line(text, "alert", at=given.at, by=given.by.display_name)


def _alert(alert: Alert) -> str:
    because = "; ".join(alert.because)
    return f"{URGENCIES[alert.urgency.value]}: {alert.name}{f' ({because})' if because else ''}."


_more_plan: list[Callable[[Visit], Iterable[Line]]] = []


def add_plan_lines(source: Callable[[Visit], Iterable[Line]]) -> None:
    """Let a room above say what else belongs into the plan of a note, such as what was given for home."""
    if source not in _more_plan:
        _more_plan.append(source)


# --- Plan ---------------------------------------------------------------------------------------------------------


def _plan(visit: Visit) -> Iterator[Line]:
    used = used_plan(visit)
    if used is None:
        yield Line(_("No plan was agreed at this visit."), "plan")
    else:
        version, consent = used
        yield _agreed(consent)
        yield from _inside(visit)
        plan = judged(visit, Body.read(version.body), version.number).plan
        done = done_at(visit)
        treated = {(each.target, each.side) for each in done}
        for step in plan.steps:
            told = step.verdict.is_closed or step.verdict.override is not None or step.stage == "home"
            # What a session did stands as it was done, not as it was planned.
            if step.stage != "assess" and (told or (step.target, step.side.value) not in treated):
                yield _step(step, consent)
        for each in done:
            yield Line(each.text, "done", each.side, each.at, each.by)
        yield Line(_aftercare(), "aftercare")
    for more in _more_plan:
        yield from more(visit)
    for given in answers_of(visit).values():
        if given.decision == AlertAnswer.Decision.REFERRED:
            yield _referred(given)


def _referred(given: AlertAnswer) -> Line:
    known = atlas()
    name = known.name(given.flag) if given.flag in known else given.flag
    text = _("Referred: %(flag)s. %(reason)s.") % {"flag": name, "reason": given.reason.rstrip(".")}
    return Line(text, "alert", at=given.at, by=given.by.display_name)


def _agreed(consent: Consent) -> Line:
    text = _("Told before treatment: the areas (%(areas)s), the touch, the right to stop at any time; agreed.")
    words = text % {"areas": area_words(consent.areas)}
    if consent.excluded:
        words += " " + _("Not to be touched: %(areas)s.") % {"areas": area_words(consent.excluded)}
    basis = consent.basis or {}
    names = [atlas().name(id).lower() for id in basis.get("techniques", ()) if id in atlas()]
    if names:
        words += " " + _("By: %(techniques)s.") % {"techniques": ", ".join(names)}
    if basis.get("again"):
        words += " " + _("Told again as at visit %(number)d.") % {"number": basis["again"]}
    if basis.get("guardian"):
        words += " " + _("Agreed for the client by %(name)s.") % {"name": basis["guardian"]}
    declined = [str(DECLINED.get(wish, wish)) for wish in basis.get("declined", ())]
    if declined:
        words += " " + _("At their wish: %(wishes)s.") % {"wishes": ", ".join(declined)}
    return Line(words, "consent", at=consent.at, by=consent.by.display_name)


def _inside(visit: Visit) -> Iterator[Line]:
    """What was signed about work inside the body at this visit, and what was taken back, in order."""
    for row in visit.inside_consents.select_related("by").order_by("id"):
        given = {"place": place_words(row.place).lower(), "name": row.signed, "who": row.chaperone}
        if not row.given:
            text = _("Taken back by the client: %(place)s.") % given
        elif row.chaperone:
            text = _("Signed for separately by %(name)s: %(place)s; with them: %(who)s.") % given
        else:
            text = _("Signed for separately by %(name)s: %(place)s; asked, nobody with them was wanted.") % given
        yield Line(text, "consent", at=row.at, by=row.by.display_name)


def _step(step: PlanStep, consent: Consent) -> Line:
    what = sided(step.target_name, step.side.value)
    if step.verdict.is_closed:
        text = _("Left out: %(what)s; %(why)s.") % {"what": what, "why": step.verdict.why[0].text}
    elif step.stage == "retest":
        text = _("Retest: %(what)s.") % {"what": what}
    elif step.stage == "home":
        how = _dose(step)
        text = _("Home: %(what)s%(how)s.") % {"what": what, "how": f": {how}" if how else ""}
    else:
        text = _("Planned: %(what)s: %(how)s.") % {"what": what, "how": _dose(step)}
    given = step.verdict.override
    if given is not None:
        against = "; ".join(why.text for why in step.verdict.why if why.level == "stop")
        told = {"against": against, "by": given.by, "reason": given.reason.rstrip(".")}
        text += " " + _("Done although closed (%(against)s), decided by %(by)s: %(reason)s.") % told
    return Line(text, "plan", step.side.value, consent.at, consent.by.display_name)


def _dose(step: PlanStep) -> str:
    return "; ".join(part for part in (step.technique_name.lower(), step.dose, step.position) if part)


def _aftercare() -> str:
    return _(
        "Aftercare: soreness is common and should settle within 36 to 48 hours. To ring if it does not, if pain "
        "spreads, or if weakness, numbness or tingling starts."
    )
