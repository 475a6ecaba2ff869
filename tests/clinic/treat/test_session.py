"""The session page: what must be there before it begins, the plain list, the log that takes everything once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from tests.clinic.treat.conftest import Pages

from tautband.clinic.audit.log import verify
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treat.models import Session, SessionEvent
from tautband.clinic.treat.queries import run_of_session
from tautband.clinic.treatments import actions as plans
from tautband.clinic.treatments.plans import current_plan


def first_treated(session: Session) -> dict[str, str]:
    return next(s for s in session.steps if s["stage"] == "treat" and not s["closed"] and not s["found_side"])


def event(number: int, kind: str, t_ms: int, **data: object) -> dict[str, object]:
    return {"key": f"event-{number:04}", "device": "tablet-a", "seq": number, "t_ms": t_ms, "kind": kind, "data": data}


def test_without_consent_there_is_no_session(
    therapist: Member, visit: Visit, browser_of: Callable[..., Browser]
) -> None:
    pages = Pages(browser_of(therapist), visit)
    assert "First the plan, then consent" in pages.text()
    answer = pages.begin()
    assert answer.status_code == 409
    assert "has not agreed" in answer.content.decode()
    assert not Session.objects.exists()


def test_an_open_emergency_closes_it(pages: Pages, therapist: Member) -> None:
    for finding in ("exam.saddle_numbness", "exam.bladder_change"):
        charts.record_finding(by=therapist, visit=pages.visit, finding=finding, side="midline", state="present")
    assert "The session is closed" in pages.text()
    assert pages.begin().status_code == 409
    assert not Session.objects.exists()


def test_list_without_script_from_begin_to_end(pages: Pages) -> None:
    assert "Ready to begin" in pages.text()
    assert pages.begin().status_code == 302
    session = Session.objects.get()
    of = first_treated(session)["key"]
    wrong = pages.enter(of, minutes="long", numbers="7, 11")
    assert wrong.status_code == 422
    assert "Write it like 1:30" in wrong.content.decode()
    fields = pages.fields(of)
    for _twice in range(2):
        kept = pages.enter(
            of, key=fields["key"], minutes="1:30", numbers="7, 7, 6", response="eased", words="outer elbow"
        )
        assert kept.status_code == 302
    run = run_of_session(session)
    assert [(d.seconds, d.values, d.details["response"]) for d in run.doses] == [(90, (7, 7, 6), "eased")]
    assert "1 min 30 s; numbers 7, 7, 6 of 10; it eased" in pages.text()
    pages.browser.post(pages.url("finish"))
    assert "What was done" in pages.text()
    assert verify(pages.visit.client.chart_key).intact


def test_a_test_of_the_list_becomes_a_finding_and_a_skipped_one_is_never_done(pages: Pages) -> None:
    pages.begin()
    tests = [s for s in Session.objects.get().steps if s["stage"] == "assess" and not s["closed"]]
    assert pages.enter(tests[0]["key"], state="absent").status_code == 302
    assert pages.enter(tests[1]["key"], skip=True).status_code == 302
    assert pages.visit.findings.filter(finding=tests[0]["target"], state="absent", ended_at=None).exists()
    text = pages.text()
    assert text.count("Skipped</span>") == 1


def test_a_second_begin_is_told_and_makes_no_second_session(pages: Pages) -> None:
    pages.begin("tablet-aaaa")
    again = pages.begin("tablet-bbbb")
    assert again.status_code == 409
    assert "A session runs already" in again.content.decode()
    assert Session.objects.count() == 1


def test_events_are_taken_once_and_a_bad_one_holds_up_none(pages: Pages) -> None:
    pages.begin("tablet-aaaa")
    session = Session.objects.get()
    key = first_treated(session)["key"]
    rows = [
        event(1, "took", 0),
        event(2, "opened", 10, step=key),
        event(3, "began", 1000),
        event(4, "danced", 1500),
        event(5, "number", 2000, value=0),
    ]
    told = pages.log(rows, session.pk).json()
    assert told["kept"] == ["event-0001", "event-0002", "event-0003", "event-0005"]
    assert list(told["refused"]) == ["event-0004"]
    assert told["driver"] == "tablet-a"
    before = AuditEvent.objects.count()
    assert pages.log(rows, session.pk).json()["kept"] == told["kept"]
    assert SessionEvent.objects.count() == 4
    assert AuditEvent.objects.count() == before, "a repeat writes nothing"
    assert run_of_session(session).phase == "running"
    assert len(pages.browser.get(pages.url("state")).json()["events"]) == 4


def test_a_late_log_is_taken_after_the_visit_was_closed(pages: Pages, therapist: Member) -> None:
    pages.begin("tablet-aaaa")
    charts.close_visit(by=therapist, visit=pages.visit)
    told = pages.log([event(1, "took", 0)], Session.objects.get().pk).json()
    assert told["kept"] == ["event-0001"]


def test_an_area_that_is_excluded_meanwhile_closes_its_steps(pages: Pages, therapist: Member) -> None:
    pages.begin("tablet-aaaa")
    session = Session.objects.get()
    step = first_treated(session)
    now = current_plan(pages.visit)
    body = replace(now.kept, excluded=(step["region"],), edited=True)
    plans.save_plan(by=therapist, visit=pages.visit, body=body.as_json(), seen=now.number)
    told = pages.log([event(1, "took", 0)], session.pk).json()
    assert step["key"] in told["closed"]
    refused = pages.enter(step["key"], minutes="90")
    assert refused.status_code == 409
    assert "Closed" in refused.content.decode()


@pytest.mark.parametrize("statement", ["UPDATE treat_session SET number = 9", "DELETE FROM treat_sessionevent"])
def test_the_database_refuses_to_change_a_log(pages: Pages, statement: str) -> None:
    pages.begin("tablet-aaaa")
    session = Session.objects.get()
    pages.log([event(1, "took", 0)], session.pk)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_colleague_sees_nothing(pages: Pages, owner: Member, browser_of: Callable[..., Browser]) -> None:
    assert browser_of(owner).get(pages.url("treat")).status_code == 403
    assert browser_of(owner).post(pages.url("log"), {"events": "[]", "session": 1}).status_code == 403
