"""What the invented clients told. Any likeness is chance."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tautband.clinic.intake import actions
from tautband.clinic.intake.models import Round
from tautband.clinic.people.models import Client, Member, Practice

NO = (
    *("chest-pressure", "tearing-pain", "breathless", "thunderclap", "slurred-speech", "visual-loss", "head-injury"),
    *("saddle-numbness", "bladder-change", "ascending-numbness", "fever", "dark-urine", "jaundice", "worth-living"),
    *("hurt-by-anyone", "anticoagulants", "cancer", "diabetes", "heart", "fragile-bone"),
)


def make_intake(practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Ingrid has answered everything; Priya stopped half way."""
    ingrid = clients["ingrid"]
    at = now - timedelta(days=20)
    told: dict[str, dict[str, Any]] = {
        "who": {"is": "self"},
        **{key: {"is": "no"} for key in NO},
        "medicines": {"is": "told", "text": "Ibuprofen before concerts, nothing else."},
        "allergies": {"is": "told", "text": "Nut oils give me a rash."},
        "surgery": {"is": "skip"},
        "pregnancy": {"is": "no"},
        "began": {"is": "told", "text": "In the autumn, the week of the Sibelius. First the shoulder, then the thumb."},
        "makes-worse": {"is": "told", "text": "Long bows and driving. Warm water helps."},
        "sleep": {"is": "1"},
        "stress": {"is": "1"},
        "drinking": {"is": "2"},
        "eating": {"is": "3"},
        "breathing": {"is": "3"},
        "sitting": {"is": "2"},
        "lifting": {"is": "4"},
        "moving": {"is": "2"},
        "goals": {"is": "told", "text": "Two movements without dropping the bow."},
        "techniques": {"is": "told", "many": ["needles", "oil"]},
        "areas": {"is": "told", "many": []},
        "draping": {"is": "told", "many": ["dressed"]},
        "stop": {"is": "told", "many": ["read"]},
    }
    _tell(ingrid, told, at, finished=True)
    if "priya" in clients:
        half = {"who": {"is": "self"}, **{key: {"is": "no"} for key in NO[:6]}}
        _tell(clients["priya"], half, now - timedelta(days=3, hours=2), finished=False)


def _tell(client: Client, told: Mapping[str, Mapping[str, Any]], at: datetime, finished: bool) -> None:
    opened = actions.open_round(by=client, client=client, at=at)
    for n, (key, value) in enumerate(told.items()):
        actions.give(by=client, round=opened, question=key, value=value, at=at + timedelta(seconds=9 * n))
    if finished:
        actions.finish(by=client, round=opened, at=at + timedelta(minutes=9))


def forget_intake(practice: Practice) -> None:
    """Delete the intake of the demo clients."""
    Round.objects.filter(client__practice=practice, client__demo=True).delete()
