"""What the pages show of a session: steps with their doses in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tautband.clinic.charts import drawn as drawings
from tautband.clinic.charts.mounting import document_of
from tautband.clinic.treat.forms import REFERRAL_CHOICES, RESPONSE_CHOICES
from tautband.clinic.treat.queries import drawing_of
from tautband.clinic.treat.run import Dose, Run
from tautband.clinic.treat.steps import instrument_of
from tautband.outcomes import Verdict, Way, judge


@dataclass(frozen=True)
class ShownDose:
    """One dose in words, and the verdict of its retest: a word for the component, with its note."""

    dose: Dose
    title: str
    technique: str
    parts: tuple[str, ...]
    retest: str = ""
    verdict: str = ""
    verdict_note: str = ""

    @property
    def verdict_words(self) -> str:
        """The verdict of the retest in words; empty without one."""
        words = {
            "changed": _("changed"),
            "not_proven": _("not proven"),
            "noise": _("within error"),
            "no_verdict": _("no verdict"),
        }
        return ", ".join(part for part in (words.get(self.verdict, ""), self.verdict_note) if part)

    @property
    def overlay(self) -> drawings.Overlay | None:
        """What pressing brought elsewhere, as it was drawn; None where nothing was."""
        found = drawing_of(self.dose)
        return drawings.overlay_of(found.marks) if found else None

    @property
    def text(self) -> str:
        """All of it as one sentence."""
        parts = [part for part in (*self.parts, self.retest) if part]
        return "; ".join(parts)


@dataclass(frozen=True)
class StepRow:
    """One step of the list: what it is, where it stands, what was done."""

    number: int
    step: Mapping[str, Any]
    doses: tuple[ShownDose, ...]
    is_open: bool
    closed: str

    @property
    def is_done(self) -> bool:
        return any(d.dose.ended for d in self.doses) and not self.is_skipped

    @property
    def is_skipped(self) -> bool:
        """Only ever passed over: nothing was done or tested."""
        return bool(self.doses) and all(d.dose.ended == "skipped" for d in self.doses)


def step_rows(steps: list[dict[str, Any]], run: Run | None, closed: Mapping[str, str]) -> list[StepRow]:
    """All steps in their order; variants only where they were added."""
    by_key = {step["key"]: step for step in steps}
    order = [key for key in run.order if key in by_key] if run else []
    order += [s["key"] for s in steps if s["key"] not in order and not s["variant_of"]]
    rows = []
    for number, key in enumerate(order, 1):
        step = by_key[key]
        doses = tuple(shown_dose(step, d) for d in run.doses if d.step == key) if run else ()
        reason = str(closed.get(key) or step["closed"])
        rows.append(StepRow(number, step, doses, bool(run and run.step == key), reason))
    return rows


def shown_dose(step: Mapping[str, Any], dose: Dose) -> ShownDose:
    """One dose in words."""
    parts: list[str] = []
    if dose.was_given:
        parts.append(time_words(dose.seconds))
    if dose.values:
        said = ", ".join(f"{value:g}" for value in dose.values)
        parts.append(_("numbers %(said)s of 10") % {"said": said})
    if any(number.over for number in dose.numbers if not number.withdrawn):
        parts.append(_("eased off above the limit"))
    parts += _noted(dose.details)
    if dose.unsure_ms:
        parts.append(_("%(time)s of it with the screen away") % {"time": time_words(dose.unsure_ms / 1000)})
    ended = {"stopped": _("stopped early"), "skipped": _("skipped"), "finish": _("ended with the session")}
    if dose.ended in ended:
        parts.append(ended[dose.ended])
    if dose.details.get("why"):
        parts.append(str(dose.details["why"]))
    if dose.typed:
        parts.append(_("typed afterwards"))
    words, verdict, note = retest_words(step, dose)
    return ShownDose(dose, str(step["target_name"]), str(step["technique_name"]), tuple(parts), words, verdict, note)


def _noted(details: Mapping[str, Any]) -> list[str]:
    response, referral = dict(RESPONSE_CHOICES), dict(REFERRAL_CHOICES)
    parts = []
    if details.get("response") in response:
        parts.append(str(response[details["response"]]).lower())
    places = _felt_where(details)
    if details.get("referral"):
        words = str(referral.get(details["referral"], "")).lower()
        parts.append(f"{words} ({places})" if places else words)
    elif places:
        parts.append(_("felt: %(where)s") % {"where": places})
    if details.get("twitch") == "yes":
        parts.append(_("local twitch"))
    if details.get("pressure_kg_cm2") is not None:
        parts.append(_("%(n)g kg/cm²") % {"n": details["pressure_kg_cm2"]})
    return parts


def _felt_where(details: Mapping[str, Any]) -> str:
    """Where it was felt: as drawn, and in the client's words."""
    drawn = document_of(details["drawn"]).words if details.get("drawn") else ""
    said = str(details.get("words") or "")
    return "; ".join(filter(None, (_("drawn: %(places)s") % {"places": drawn} if drawn else "", said)))


def retest_words(step: Mapping[str, Any], dose: Dose) -> tuple[str, str, str]:
    """What the retest showed, in words; the verdict and its note, empty where nothing was measured twice."""
    measured, retest = step.get("retest"), dose.retest
    if not measured or not retest:
        return "", "", ""
    name = str(measured["name"])
    if retest.get("state"):
        states = {"present": _("positive"), "absent": _("negative"), "cannot": _("not possible")}
        before = f"{measured['baseline']}, " if measured["baseline"] else ""
        words = _("%(name)s: %(before)snow %(state)s") % {
            "name": name,
            "before": before,
            "state": states.get(str(retest["state"]), ""),
        }
        return words, "", ""
    if retest.get("value") is None:
        return "", "", ""
    unit, now = str(measured["unit"]), float(retest["value"])
    before_value = retest.get("before", measured["before"])
    if before_value is None:
        return f"{name}: {now:g} {unit}".strip(), "", ""
    words = _("%(name)s: %(before)g, then %(now)g %(unit)s") % {
        "name": name,
        "before": before_value,
        "now": now,
        "unit": unit,
    }
    verdict, _way, note = judged_retest(str(measured["exam"]), float(before_value), now)
    return words.strip(), verdict.value, note


def judged_retest(exam: str, before: float, now: float) -> tuple[Verdict, Way, str]:
    """The verdict on a change of one examination, which way it went, and what it rests on."""
    instrument = instrument_of(exam)
    if instrument is None:
        return Verdict.NO_VERDICT, Way.NEITHER, _("the error of this test is not on file")
    found = judge(instrument, before, now)
    if found.detectable is None:
        return found.verdict, found.way, _("the error of this test is not on file")
    note = _("error %(size).3g %(unit)s") % {"size": found.detectable.size, "unit": instrument.unit}
    if found.verdict is Verdict.CHANGED and found.way in (Way.BETTER, Way.WORSE):
        note = f"{_('better') if found.way is Way.BETTER else _('worse')}, {note}"
    return found.verdict, found.way, note


def time_words(seconds: float) -> str:
    """A span as people say it: 45 s, 1 min 30 s."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return ngettext("%(n)d s", "%(n)d s", rest) % {"n": rest}
    return _("%(m)d min %(s)d s") % {"m": minutes, "s": rest} if rest else _("%(m)d min") % {"m": minutes}
