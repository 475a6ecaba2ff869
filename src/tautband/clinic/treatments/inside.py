"""Work inside the body: closed unless the therapist's licence and the client's separate signature are both recorded.

Both are looked at each time a plan is judged: a licence that runs out, and a signature that is taken back, close the
steps again, in a running session too. The signature is for one visit; at the next one it is asked for anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import SIGNING_ROLES, Member
from tautband.clinic.treatments.models import InsideConsent, Licence
from tautband.knowledge import atlas
from tautband.knowledge.records import Technique

PLACES = ("mouth", "pelvic_floor")


def place_words(place: str) -> str:
    """The name of a place."""
    return {"mouth": _("Inside the mouth"), "pelvic_floor": _("Pelvic floor, from inside")}.get(place, place)


def consent_words(place: str) -> str:
    """What the client reads and signs."""
    where = {
        "mouth": _("The therapist works with one gloved finger inside my mouth."),
        "pelvic_floor": _("The therapist works with one gloved finger on my pelvic floor from inside."),
    }[place]
    return " ".join(
        (
            where,
            _("I was told why, what it feels like and what may happen."),
            _("I was told that it can be done from outside, or not at all."),
            _("I was asked whether I want somebody with me."),
            _("I may stop it at any moment, by word or by hand, and take this back at any time without a reason."),
            _("Nothing else of my treatment depends on it."),
        )
    )


@dataclass(frozen=True)
class Standing:
    """Whether work inside one place is open at a visit. `why` says what is missing; empty where it is open."""

    place: str
    why: str
    licence: Licence | None
    consent: InsideConsent | None

    @property
    def name(self) -> str:
        """The place in words."""
        return place_words(self.place)

    @property
    def words(self) -> str:
        """What the client signs."""
        return consent_words(self.place)

    @property
    def is_signed(self) -> bool:
        """The client signed at this visit and has not taken it back."""
        return self.consent is not None and self.consent.given

    @property
    def is_licensed(self) -> bool:
        """The therapist's licence speaks of this place today."""
        return not _licence_lacks(self.licence, self.place, timezone.localdate())


def licence_of(member: Member) -> Licence | None:
    """The newest licence of a member; None where there never was one, or it was taken back."""
    newest = Licence.objects.filter(member=member).first()
    return newest if newest and newest.places else None


def standings(visit: Visit, therapist: Member, on: date | None = None) -> list[Standing]:
    """Every place, open or not, for this therapist at this visit today."""
    licence, today = licence_of(therapist), on or timezone.localdate()
    signed: dict[str, InsideConsent] = {}
    for consent in visit.inside_consents.select_related("by"):
        signed.setdefault(consent.place, consent)
    return [
        Standing(place, _lacking(therapist, licence, signed.get(place), place, today), licence, signed.get(place))
        for place in PLACES
    ]


def allowed(found: Iterable[Standing]) -> tuple[frozenset[str], dict[str, str]]:
    """Where it is open, and why it is not elsewhere, as `planning.Limits` wants them."""
    found = tuple(found)
    return frozenset(s.place for s in found if not s.why), {s.place: s.why for s in found if s.why}


def _lacking(therapist: Member, licence: Licence | None, consent: InsideConsent | None, place: str, today: date) -> str:
    lacks = [] if therapist.role in SIGNING_ROLES else [_("an assistant does not do this")]
    lacks += filter(None, (_licence_lacks(licence, place, today), _consent_lacks(consent)))
    return "; ".join(lacks)


def _licence_lacks(licence: Licence | None, place: str, today: date) -> str:
    if licence is None:
        return _("no licence of the therapist is recorded")
    if place not in licence.places:
        return _("the therapist’s licence does not speak of it")
    if licence.expires_on < today:
        return _("the therapist’s licence ran out on %(day)s") % {"day": date_format(licence.expires_on, "j F Y")}
    return ""


def _consent_lacks(consent: InsideConsent | None) -> str:
    if consent is None:
        return _("the client has not signed for it at this visit")
    return "" if consent.given else _("the client has taken it back")


def is_inside(technique: str) -> bool:
    """Whether a technique works inside the body."""
    found = atlas().get(technique) if technique in atlas() else None
    return isinstance(found, Technique) and found.inside is not None
