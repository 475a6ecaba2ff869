"""The note: drafted from the record, kept in versions, signed once, never changed, corrected below."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from guards import past_the_guard

from tautband.clinic.audit.log import verify
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.people import actions as people
from tautband.clinic.people.demo import create_demo_practice
from tautband.clinic.people.models import Client, Member
from tautband.clinic.treatments import actions, checks, compare
from tautband.clinic.treatments.content import hash_of, seal_of
from tautband.clinic.treatments.drafting import SECTIONS, draft_note
from tautband.clinic.treatments.models import Addendum, NoteVersion, PlanVersion, SignedNote
from tautband.clinic.treatments.page import open_note
from tautband.clinic.treatments.plans import current_plan
from tautband.clinic.treatments.queries import notes_to_sign

FULL = {"subjective": "s", "objective": "o", "assessment": "a", "plan": "p"}


def url(name: str, visit: Visit, **more: Any) -> str:
    return reverse(f"treatments:{name}", kwargs={"visit_id": visit.pk, **more})


@pytest.fixture
def daniel(therapist: Member, browser_of: Callable[..., Browser]) -> Browser:
    """Daniel's browser."""
    return browser_of(therapist)


def save(visit: Visit, seen: int = 0, **changed: str) -> NoteVersion:
    sections = {**FULL, **changed}
    version: NoteVersion = actions.save_note(
        by=visit.by, visit=visit, said="", sections=sections, drafted={}, seen=seen
    )
    return version


@pytest.fixture
def signed(visit: Visit) -> SignedNote:
    """A signed note."""
    save(visit)
    note: SignedNote = actions.sign_note(by=visit.by, visit=visit, seen=1)
    return note


# --- The draft ----------------------------------------------------------------------------------------------------


def test_the_draft_says_what_was_recorded(visit: Visit) -> None:
    draft = draft_note(visit, answer_for(visit))
    texts = draft.texts()
    assert draft.said == "By the second movement I can’t hold the bow up."
    assert "Pain drawn: right, 7 of 10:" in texts["subjective"]
    assert "Painful arc, right: positive." in texts["objective"]
    assert re.search(r"Spurling.*, right: negative\.", texts["objective"])
    assert "Consistent with" in texts["assessment"]
    assert texts["plan"] == "No plan was agreed at this visit."  # so no aftercare either


def test_the_draft_says_no_more_than_is_known(visit: Visit) -> None:
    text = "\n".join(draft_note(visit, answer_for(visit)).texts().values())
    assert "confirmed" not in text
    assert "diagnos" not in text.lower()
    assert not re.search(r"\d ?%", text.replace("% of the drawing", ""))  # shares of the drawing, never of certainty


def test_each_line_tells_its_source_time_and_person(visit: Visit, therapist: Member) -> None:
    draft = draft_note(visit, answer_for(visit))
    tapped = [line for line in draft.sections["objective"] if line.source == "tapped"]
    assert len(tapped) == 2
    rows = {row.at for row in visit.findings.all()}
    assert all(line.side == "right" and line.at in rows and line.by == therapist.display_name for line in tapped)


def test_a_measured_value_has_its_unit_and_what_could_not_be_told_is_not_negative(visit: Visit) -> None:
    by = visit.by
    charts.record_finding(
        by=by, visit=visit, finding="exam.rom.shoulder_limited", side="left", state="present", value=95, unit="deg"
    )
    charts.record_finding(by=by, visit=visit, finding="exam.spurling", side="left", state="unknown", note="too sore")
    text = draft_note(visit, answer_for(visit)).texts()["objective"]
    assert "95 deg" in text
    assert re.search(r"Spurling.*, left: could not be told; too sore\.", text)


def test_what_was_taken_back_is_not_in_the_note(visit: Visit) -> None:
    charts.take_back_finding(by=visit.by, visit=visit, finding="exam.painful_arc", side="right")
    assert "Painful arc" not in draft_note(visit, answer_for(visit)).texts()["objective"]


def test_the_agreed_plan_stands_in_the_note_with_what_was_closed(visit: Visit) -> None:
    body = {**current_plan(visit).kept.as_json(), "excluded": ["shoulder"]}
    body = json.loads(json.dumps(body))
    told = dict.fromkeys(("told_areas", "told_touch", "told_stop", "agreed"), True)
    actions.use_plan(by=visit.by, visit=visit, body=body, seen=0, **told)
    text = draft_note(visit, answer_for(visit)).texts()["plan"]
    assert "the right to stop at any time; agreed" in text
    assert "Not to be touched: shoulder." in text
    assert "closed at the client's wish" in text
    assert "36 to 48 hours" in text


def test_an_alert_stands_with_its_answer_and_reason(visit: Visit) -> None:
    for finding in ("exam.saddle_numbness", "exam.bladder_change"):
        charts.record_finding(by=visit.by, visit=visit, finding=finding, side="midline", state="present")
    alerts = answer_for(visit).alerts
    assert alerts
    assert "Not answered yet." in draft_note(visit, answer_for(visit)).texts()["assessment"]
    for alert in alerts:
        charts.answer_alert(
            by=visit.by,
            visit=visit,
            flag=alert.flag,
            urgency=alert.urgency.value,
            decision="referred",
            reason="sent to the hospital by taxi",
        )
    texts = draft_note(visit, answer_for(visit)).texts()
    assert "Emergency: " in texts["assessment"]
    assert "Answer: Referred. sent to the hospital by taxi." in texts["assessment"]
    assert "Referred: Cauda equina syndrome. sent to the hospital by taxi." in texts["plan"]


def test_an_answered_alert_stays_in_the_note_when_its_finding_is_taken_back(visit: Visit) -> None:
    for finding in ("exam.saddle_numbness", "exam.bladder_change"):
        charts.record_finding(by=visit.by, visit=visit, finding=finding, side="midline", state="present")
    for alert in answer_for(visit).alerts:
        given = {"flag": alert.flag, "urgency": alert.urgency.value, "decision": "cleared", "reason": "misheard"}
        charts.answer_alert(by=visit.by, visit=visit, **given)
    for finding in ("exam.saddle_numbness", "exam.bladder_change"):
        charts.take_back_finding(by=visit.by, visit=visit, finding=finding, side="midline")
    answer = answer_for(visit)
    assert not answer.alerts
    assessment = draft_note(visit, answer).texts()["assessment"]
    assert "Emergency: Cauda equina syndrome, raised earlier in this visit." in assessment
    assert "Looked into, not the case. misheard." in assessment


def test_an_empty_visit_gives_an_honest_draft(therapist: Member, daniels_client: Client) -> None:
    visit = charts.open_visit(by=therapist, client=daniels_client)
    texts = draft_note(visit, answer_for(visit)).texts()
    assert texts["subjective"] == ""
    assert texts["objective"] == ""
    assert "of the drawing is explained by none" not in texts["assessment"]


# --- Note against data --------------------------------------------------------------------------------------------


def test_the_note_is_compared_with_the_data(visit: Visit) -> None:
    draft = draft_note(visit, answer_for(visit))
    texts = draft.texts()
    texts["objective"] += "\nShe guards the arm while undressing."
    actions.save_note(by=visit.by, visit=visit, said=draft.said, sections=texts, drafted=draft.lines(), seen=0)
    assert not open_note(visit, answer_for(visit)).is_stale
    charts.record_finding(by=visit.by, visit=visit, finding="exam.painful_arc", side="right", state="absent")
    note = open_note(visit, answer_for(visit))
    (objective,) = [d for d in note.differences if d.section == "objective"]
    assert note.is_stale
    assert objective.new == ("Painful arc, right: negative.",)
    assert objective.gone == ("Painful arc, right: positive.",)
    assert objective.own == ("She guards the arm while undressing.",)
    anew = compare.drafted_anew(note.texts, note.drafted, note.draft)
    assert "negative." in anew["objective"]
    assert "She guards the arm while undressing." in anew["objective"]
    assert "Painful arc, right: positive." not in anew["objective"]


def test_drafting_anew_keeps_own_words_and_earlier_versions(daniel: Browser, visit: Visit) -> None:
    draft = draft_note(visit, answer_for(visit))
    data = {**draft.texts(), "said": draft.said, "drafted": json.dumps(draft.lines()), "seen": "0"}
    data["plan"] += "\nIn my own words."
    assert daniel.post(url("note", visit), data).status_code == 302
    charts.record_finding(by=visit.by, visit=visit, finding="exam.painful_arc", side="left", state="absent")
    data["seen"] = "1"
    assert daniel.post(url("draft_anew", visit), data).status_code == 302
    newest = visit.notes.first()
    assert newest is not None
    assert newest.how == "drafted"
    assert "In my own words." in newest.sections["plan"]
    assert "Painful arc, left: negative." in newest.sections["objective"]
    assert "In my own words." in daniel.get(url("note_version", visit, number=1)).content.decode()


# --- Writing ------------------------------------------------------------------------------------------------------


def test_only_the_author_writes_and_signs(
    owner: Member, visit: Visit, browser_of: Callable[..., Browser], note_data: Callable[..., dict[str, str]]
) -> None:
    people.share_chart(by=visit.by, client=visit.client, member=owner)
    mara = browser_of(owner)
    page = mara.get(url("note", visit))
    assert page.status_code == 200
    assert "Daniel Okafor writes and signs this note" in page.content.decode()
    assert "<textarea" not in page.content.decode()
    for name in ("note", "sign", "draft_anew"):
        assert mara.post(url(name, visit), note_data()).status_code == 403, name
    assert not NoteVersion.objects.exists()
    for write in (
        lambda: actions.save_note(by=owner, visit=visit, said="", sections=FULL, drafted={}, seen=0),
        lambda: actions.sign_note(by=owner, visit=visit, seen=0),
    ):
        with pytest.raises(actions.NotTheAuthor, match="Daniel Okafor"):
            write()


URLS = [
    ("plan", "get"),
    ("change_plan", "post"),
    ("add_step", "get"),
    ("use_plan", "post"),
    ("note", "get"),
    ("note", "post"),
    ("draft_anew", "post"),
    ("sign", "post"),
    ("correct", "post"),
    ("note_version", "get"),
]


@pytest.mark.parametrize(("name", "method"), URLS)
def test_every_door_is_closed_to_visitors_and_to_the_owner_who_is_not_on_the_care_team(
    name: str, method: str, owner: Member, visit: Visit, browser_of: Callable[..., Browser]
) -> None:
    more = {"number": 1} if name == "note_version" else {}
    path = url(name, visit, **more)
    visitor = getattr(browser_of(None), method)(path)
    assert visitor.status_code in (302, 403)
    assert visit.client.name not in visitor.content.decode()
    stranger = getattr(browser_of(owner), method)(path)
    assert stranger.status_code == 403
    assert "This chart is Daniel Okafor’s" in stranger.content.decode()
    assert "hold the bow" not in stranger.content.decode()


@pytest.mark.parametrize("name", ["change_plan", "use_plan", "draft_anew", "sign", "correct"])
def test_what_writes_is_never_done_by_looking(name: str, daniel: Browser, visit: Visit) -> None:
    assert daniel.get(url(name, visit)).status_code == 405


def test_no_such_visit_or_version(daniel: Browser, visit: Visit) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    for name in ("plan", "note"):
        assert daniel.get(reverse(f"treatments:{name}", args=[nobody])).status_code == 404
    assert daniel.get(url("note_version", visit, number=9)).status_code == 404


def test_two_tabs_both_versions_stand_side_by_side_and_mine_stays_in_the_fields(
    daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    daniel.post(url("note", visit), note_data(objective="from tab one", key="one"))
    conflict = daniel.post(url("note", visit), note_data(objective="from tab two", key="two"))
    text = conflict.content.decode()
    assert conflict.status_code == 409
    assert text.index("from tab one") < text.index("from tab two")
    assert ">from tab two</textarea>" in text
    assert NoteVersion.objects.count() == 1
    seen = re.search(r'name="seen" value="(\d+)"', text)
    assert seen
    kept = daniel.post(url("note", visit), note_data(objective="from tab two", key="three", seen=seen[1]))
    assert kept.status_code == 302
    assert [v.sections["objective"] for v in visit.notes.all()] == ["from tab two", "from tab one"]


def test_nothing_is_signed_while_two_versions_wait_to_be_chosen(
    daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    daniel.post(url("note", visit), note_data(objective="from tab one", key="one"))
    refused = daniel.post(url("sign", visit), note_data(objective="from tab two", key="two"))
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "from tab one" in text
    assert "from tab two" in text
    assert not SignedNote.objects.exists()
    chosen = daniel.post(url("sign", visit), note_data(objective="from tab two", key="three", seen="1"))
    assert chosen.status_code == 302
    assert "from tab two" in SignedNote.objects.get().content


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(
    daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    daniel.post(url("note", visit), note_data(objective="first", key="same"))
    again = daniel.post(url("note", visit), note_data(objective="first and more", key="same"))
    assert again.status_code == 302
    assert visit.notes.first().sections["objective"] == "first and more"  # type: ignore[union-attr]


def test_the_same_text_again_writes_nothing(
    daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    for key in ("a", "a", "b"):
        assert daniel.post(url("note", visit), note_data(key=key)).status_code == 302
    assert NoteVersion.objects.count() == 1


def test_autosave_answers_with_the_parts_that_move(
    daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    saved = daniel.post(url("note", visit), note_data(plan="Next: measure the arc."), headers={"HX-Request": "true"})
    text = saved.content.decode()
    assert saved.status_code == 200
    assert '<input type="hidden" name="seen" value="1"' in text
    assert "Next: measure the arc." in text
    assert "<html" not in text


def test_too_long_is_said_and_stays_in_the_field(
    daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    long = "word " * 5_000
    refused = daniel.post(url("note", visit), note_data(plan=long))
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "25,000 signs long; 20,000 fit here. Nothing was cut" in text
    assert long in text
    assert not NoteVersion.objects.exists()


@pytest.mark.parametrize("name", ["note", "sign", "correct", "draft_anew"])
def test_ten_megabytes_get_a_page_that_says_what_to_do(name: str, daniel: Browser, visit: Visit) -> None:
    body = "plan=" + "a" * 10_000_000
    answer = daniel.post(url(name, visit), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "your text is still in the form" in answer.content.decode()


@pytest.mark.parametrize("drafted", ["[]", '{"plan": 5}', "{{", '"text"'])
def test_a_form_that_is_not_ours_is_refused_in_words(
    drafted: str, daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    answer = daniel.post(url("note", visit), note_data(drafted=drafted))
    assert answer.status_code in (302, 422)
    assert NoteVersion.objects.count() == (1 if answer.status_code == 302 else 0)


def test_what_clients_say_is_text_and_nothing_else(daniel: Browser, visit: Visit) -> None:
    charts.save_story(by=visit.by, visit=visit, text="<script>alert(1)</script>")
    save(visit, plan="<img src=x onerror=alert(1)>")
    assert "<script>alert" not in daniel.get(url("note", visit)).content.decode()
    actions.sign_note(by=visit.by, visit=visit, seen=1)
    page = daniel.get(url("note", visit)).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


# --- Before you sign ----------------------------------------------------------------------------------------------


def state_of(visit: Visit, number: int, **changed: str) -> str:
    return checks.checks(visit, answer_for(visit), "", {**FULL, **changed}, True)[number].state


def test_a_sided_test_without_a_side_stops_the_signing(daniel: Browser, visit: Visit) -> None:
    assert state_of(visit, 0) == "fine"
    charts.record_finding(by=visit.by, visit=visit, finding="exam.painful_arc", side="midline", state="absent")
    assert checks.sideless(visit) == ["Painful arc"]
    save(visit)
    with pytest.raises(actions.NotReady):
        actions.sign_note(by=visit.by, visit=visit, seen=1)
    page = daniel.get(url("note", visit)).content.decode()
    assert "Without left or right: Painful arc." in page
    assert reverse("charts:encounter", args=[visit.pk]) in page


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_section_stops_the_signing_and_jumps_there(section: str, daniel: Browser, visit: Visit) -> None:
    save(visit, **{section: "  \n"})
    answer = daniel.post(url("sign", visit), {**FULL, section: " ", "seen": "1", "drafted": "{}"})
    assert answer.status_code == 422
    assert f'href="#edit-{section}"' in answer.content.decode()
    assert not SignedNote.objects.exists()


def test_an_unanswered_emergency_stops_the_signing(daniel: Browser, visit: Visit) -> None:
    for finding in ("exam.saddle_numbness", "exam.bladder_change"):
        charts.record_finding(by=visit.by, visit=visit, finding=finding, side="midline", state="present")
    save(visit)
    with pytest.raises(actions.NotReady):
        actions.sign_note(by=visit.by, visit=visit, seen=1)
    flag = answer_for(visit).alerts[0].flag
    assert reverse("charts:alert", args=[visit.pk, flag]) in daniel.get(url("note", visit)).content.decode()


def test_what_a_closed_visit_cannot_put_right_does_not_stop_for_ever(visit: Visit) -> None:
    charts.record_finding(by=visit.by, visit=visit, finding="exam.painful_arc", side="midline", state="absent")
    charts.close_visit(by=visit.by, visit=visit)
    assert state_of(visit, 0) == "look"


# --- Signed -------------------------------------------------------------------------------------------------------


def test_signing_keeps_what_is_on_the_screen_closes_the_visit_and_seals_it(
    daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]
) -> None:
    data = note_data(plan="Pressed twice; it eased.")
    assert daniel.post(url("sign", visit), data).status_code == 302
    note = SignedNote.objects.get()
    visit.refresh_from_db()
    assert visit.closed_at == note.at
    assert note.hash == hash_of(note.content)
    event = AuditEvent.objects.get(verb="note.signed")
    assert json.loads(event.details)["hash"] == note.hash
    assert seal_of(note).intact
    assert seal_of(note).entry == event.number
    assert verify(visit.client.chart_key).intact
    page = daniel.get(url("note", visit)).content.decode()
    assert "Pressed twice; it eased." in page
    assert "Signed on" in page
    assert note.hash in page
    assert "<textarea" in page  # for a correction, and nothing else
    assert 'name="objective"' not in page


def test_signed_twice_is_signed_once(daniel: Browser, visit: Visit, note_data: Callable[..., dict[str, str]]) -> None:
    for _ in range(2):
        assert daniel.post(url("sign", visit), note_data()).status_code == 302
    assert SignedNote.objects.count() == 1
    assert AuditEvent.objects.filter(verb="note.signed").count() == 1


def test_after_signing_actions_refuse(signed: SignedNote) -> None:
    visit = Visit.objects.get(pk=signed.visit_id)
    with pytest.raises(actions.AlreadySigned):
        save(visit, seen=1)
    with pytest.raises(actions.AlreadySigned):
        actions.sign_note(by=visit.by, visit=visit, seen=1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE treatments_signednote SET content = 'other'",
        "UPDATE treatments_signednote SET at = at",
        "DELETE FROM treatments_signednote",
        "REPLACE INTO treatments_signednote SELECT * FROM treatments_signednote",
        "UPDATE treatments_noteversion SET said = 'other'",
        "DELETE FROM treatments_noteversion",
        "UPDATE treatments_addendum SET text = 'other'",
        "DELETE FROM treatments_addendum",
        "INSERT INTO treatments_noteversion (visit_id, number, said, sections, drafted, how, by_id, at) "
        "SELECT visit_id, 9, said, sections, drafted, how, by_id, at FROM treatments_noteversion",
        "UPDATE people_client SET demo = 1",
    ],
)
def test_the_database_refuses_to_change_what_was_signed(signed: SignedNote, statement: str) -> None:
    actions.add_correction(by=signed.by, note=signed, text="The left.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    signed.refresh_from_db()
    assert seal_of(signed).intact


def test_a_note_changed_behind_our_back_is_shown_as_broken(daniel: Browser, signed: SignedNote) -> None:
    with connection.cursor() as cursor:  # somebody with the file and a reason
        past_the_guard(cursor, "treatments_signednote_no_update")
        cursor.execute(
            "UPDATE treatments_signednote SET content = replace(content, 'Wrona', 'Nowak'), hash = %s",
            [hash_of(signed.content.replace("Wrona", "Nowak"))],
        )
    signed.refresh_from_db()
    assert not seal_of(signed).intact
    page = daniel.get(url("note", signed.visit)).content.decode()
    assert "The seal is broken" in page


def test_corrections_are_dated_below_and_the_original_stays(
    daniel: Browser, signed: SignedNote, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    before = (signed.content, signed.hash)
    data = {"text": "It was the left arm.", "key": "c1"}
    for _ in range(2):
        assert daniel.post(url("correct", signed.visit), data).status_code == 302
    other = daniel.post(url("correct", signed.visit), {**data, "text": "Something else."})
    assert other.status_code == 409
    assert "Something else." in other.content.decode()
    assert daniel.post(url("correct", signed.visit), {"text": "  ", "key": "c2"}).status_code == 422
    people.share_chart(by=signed.by, client=signed.visit.client, member=owner)
    browser_of(owner).post(url("correct", signed.visit), {"text": "Seen by me too.", "key": "c3"})
    signed.refresh_from_db()
    assert (signed.content, signed.hash) == before
    assert [(row.number, row.text, row.by_name) for row in signed.addenda.all()] == [
        (1, "It was the left arm.", "Daniel Okafor"),
        (2, "Seen by me too.", "Mara Quinn"),
    ]
    assert seal_of(signed).intact
    page = daniel.get(url("note", signed.visit)).content.decode()
    assert page.index("Signed on") < page.index("It was the left arm.") < page.index("Seen by me too.")


def test_a_correction_that_was_taken_out_breaks_the_seal(signed: SignedNote) -> None:
    for text in ("one", "two"):
        actions.add_correction(by=signed.by, note=signed, text=text)
    with connection.cursor() as cursor:
        past_the_guard(cursor, "treatments_addendum_no_delete")
        cursor.execute("DELETE FROM treatments_addendum WHERE number = 2")
    assert not seal_of(SignedNote.objects.get()).intact


def test_a_form_that_comes_after_signing_keeps_its_words_for_a_correction(
    daniel: Browser, signed: SignedNote, note_data: Callable[..., dict[str, str]]
) -> None:
    late = daniel.post(url("note", signed.visit), note_data(plan="p\nA line that came too late."))
    text = late.content.decode()
    assert late.status_code == 409
    assert "signed meanwhile" in text
    assert "A line that came too late.</textarea>" in text
    auto = daniel.post(url("note", signed.visit), note_data(), headers={"HX-Request": "true"})
    assert auto.status_code == 409
    assert "Copy what you typed" in auto.content.decode()
    assert NoteVersion.objects.count() == 1


def test_what_happens_later_does_not_change_what_was_signed(daniel: Browser, signed: SignedNote) -> None:
    client = signed.visit.client
    people.change_client(by=signed.by, client=client, version=client.version, name="Tomasz Nowak")
    page = daniel.get(url("note", signed.visit)).content.decode()
    assert "<b>Tomasz Wrona</b>" in page
    assert seal_of(signed).intact


def test_an_unsigned_note_takes_no_correction(daniel: Browser, visit: Visit) -> None:
    assert daniel.post(url("correct", visit), {"text": "early", "key": "c"}).status_code == 302
    assert not Addendum.objects.exists()


# --- Around -------------------------------------------------------------------------------------------------------


def test_notes_wait_for_their_author_alone(
    daniel: Browser, visit: Visit, owner: Member, therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    assert not notes_to_sign(therapist)
    charts.close_visit(by=therapist, visit=visit)
    people.share_chart(by=therapist, client=visit.client, member=owner)
    assert list(notes_to_sign(therapist)) == [visit]
    assert not notes_to_sign(owner)
    assert "Note to sign" in daniel.get("/").content.decode()
    assert "Note to sign" not in browser_of(owner).get("/").content.decode()
    save(visit)
    actions.sign_note(by=therapist, visit=visit, seen=1)
    assert "Note to sign" not in daniel.get("/").content.decode()
    assert "Signed by Daniel Okafor" in daniel.get(f"/clients/{visit.client_id}/").content.decode()


@pytest.mark.django_db
def test_the_demo_has_plans_and_signed_notes_and_goes_without_a_trace() -> None:
    owner = create_demo_practice()
    closed = Visit.objects.exclude(closed_at=None).count()
    assert SignedNote.objects.count() == closed - 1
    assert all(seal_of(note).intact for note in SignedNote.objects.all())
    assert Addendum.objects.count() == 1
    assert PlanVersion.objects.exists()
    assert len(notes_to_sign(owner)) == 1
    people.remove_demo(by=owner)
    assert not SignedNote.objects.exists()
    assert not Visit.objects.exists()


@pytest.mark.django_db
def test_history_after_the_fact_is_for_the_demo_alone(visit: Visit) -> None:
    body = current_plan(visit).kept.as_json()
    with pytest.raises(ValueError, match="Only the demo"):
        actions.write_past_plan(by=visit.by, visit=visit, body=body, at=visit.opened_at)
