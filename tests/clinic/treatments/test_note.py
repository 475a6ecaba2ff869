"""The note: drafted from the record, kept in versions, signed once, never changed, corrected below."""

from collections.abc import Callable
from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.models import Addendum, NoteVersion, SignedNote


def test_skeleton(therapist: Member, visit: Visit, browser_of: Callable[..., Browser], note_data: Any) -> None:
    browser = browser_of(therapist)
    plan = browser.get(reverse("treatments:plan", args=[visit.pk]))
    assert plan.status_code == 200
    note = browser.get(reverse("treatments:note", args=[visit.pk]))
    assert note.status_code == 200
    assert "Consistent with" in note.content.decode()
    signed = browser.post(reverse("treatments:sign", args=[visit.pk]), note_data())
    assert signed.status_code == 302, signed.content.decode()[:3000]
    page = browser.get(reverse("treatments:note", args=[visit.pk]))
    assert page.status_code == 200
    assert SignedNote.objects.count() == 1
    assert NoteVersion.objects.count() == 1
    browser.post(reverse("treatments:correct", args=[visit.pk]), {"text": "The left, not the right.", "key": "c"})
    assert Addendum.objects.count() == 1
    assert "The left, not the right." in browser.get(reverse("treatments:note", args=[visit.pk])).content.decode()
