"""A visit whose plan the client agreed to, and the pages of its session."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments import actions as plans
from tautband.clinic.treatments.plans import current_plan

TOLD = {"told_areas": True, "told_touch": True, "told_stop": True, "agreed": True}


@pytest.fixture
def agreed(therapist: Member, visit: Visit) -> Visit:
    """The visit with a plan in use."""
    now = current_plan(visit, 40)
    plans.use_plan(by=therapist, visit=visit, body=now.kept.as_json(), seen=0, **TOLD)
    return visit


class Pages:
    """The treat pages as a browser without script sees them."""

    def __init__(self, browser: Browser, visit: Visit) -> None:
        self.browser, self.visit = browser, visit

    def url(self, name: str) -> str:
        return reverse(f"treat:{name}", args=[self.visit.pk])

    def text(self) -> str:
        return self.browser.get(self.url("treat")).content.decode()

    def begin(self, device: str = "", **more: Any) -> Any:
        return self.browser.post(self.url("begin"), {"device": device, **more})

    def enter(self, of: str, **fields: Any) -> Any:
        given = {f"{of}-{name}": value for name, value in fields.items() if name != "skip"}
        skip = {"skip": "1"} if fields.get("skip") else {}
        return self.browser.post(self.url("enter"), {"of": of, f"{of}-step": of, **given, **skip})

    def log(self, events: list[Any], session: int) -> Any:
        return self.browser.post(self.url("log"), {"events": json.dumps(events), "session": session})

    def fields(self, of: str) -> dict[str, str]:
        """Hidden fields of a step's form."""
        form = self.text().split(f'name="of" value="{of}"', 1)[1].split("</form>", 1)[0]
        return dict(re.findall(rf'type="hidden" name="{of}-(\w+)" value="([^"]*)"', form))


@pytest.fixture
def pages(therapist: Member, agreed: Visit, browser_of: Callable[..., Browser]) -> Pages:
    """The therapist's own."""
    return Pages(browser_of(therapist), agreed)
