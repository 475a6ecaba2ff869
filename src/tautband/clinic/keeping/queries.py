"""Reading retention, holds and erasures. For the owner; the client's page shows the team until when it is kept."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from tautband.clinic.keeping.models import Hold, Rule
from tautband.clinic.keeping.retention import Kept, kept
from tautband.clinic.people import reads
from tautband.clinic.people.models import Client, Practice

MOST = 200


def rule_of(practice: Practice) -> Rule | None:
    """How long this practice keeps a record, None until it has said so."""
    return Rule.objects.filter(practice=practice).first()


def hold_of(client: Client) -> Hold | None:
    """The legal hold that stands, if one does."""
    return Hold.objects.filter(client=client, released_at=None).first()


def kept_of(client: Client, rule: Rule | None = None) -> Kept | None:
    """Until when this record is kept; None without a rule."""
    rule = rule or Rule.objects.filter(practice=client.practice_id).first()
    if rule is None:
        return None
    last: datetime | None = client.visits.aggregate(last=Max("opened_at"))["last"]
    return _kept(client, last or client.created_at, rule)


def _kept(client: Client, last: datetime, rule: Rule) -> Kept:
    day = timezone.localdate(last)
    return kept(last_seen=day, born=client.birth_date, years=rule.years, adult_at_years=rule.adult_at_years)


def due(practice: Practice, today: date) -> list[tuple[Client, Kept]]:
    """Clients whose time is over and who are not held, the longest first; at most `MOST`."""
    rule = rule_of(practice)
    if rule is None:
        return []
    reads.saw_list()
    born_late = today - relativedelta(years=rule.years + rule.adult_at_years)
    held = Hold.objects.filter(client=OuterRef("pk"), released_at=None)
    clients = (
        Client.objects.filter(Q(birth_date=None) | Q(birth_date__lt=born_late), practice=practice, demo=False)
        .annotate(last=Coalesce(Max("visits__opened_at"), "created_at"))
        .filter(~Exists(held), last__lt=timezone.now() - relativedelta(years=rule.years))
        .order_by("last", "pk")[:MOST]
    )
    found = [(client, _kept(client, client.last, rule)) for client in clients]  # type: ignore[attr-defined]
    return [(client, end) for client, end in found if end.is_over(today)]


def holds_of(practice: Practice) -> list[Hold]:
    """Holds that stand, the newest first."""
    reads.saw_list()
    return list(Hold.objects.filter(client__practice=practice, released_at=None).select_related("client"))
