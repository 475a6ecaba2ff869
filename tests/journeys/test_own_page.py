"""At phone width: a client enters by a link, says how strong it is, writes a message; somebody finds a practitioner."""

import os
import re
import subprocess
import sys
from typing import Any

LINK = """
from tautband.clinic.audit.log import System
from tautband.clinic.people.models import Client
from tautband.clinic.portal.actions import make_link
print("TOKEN", make_link(client=Client.objects.get(name="Ingrid Solheim"), by=System(), how="shown"))
"""


def _token(site: Any) -> str:
    """A link as the practice would show it."""
    words = [sys.executable, "-m", "tautband.clinic.project", "shell", "-c", LINK]
    environment = {**os.environ, "TAUTBAND_HOME": str(site.home)}
    made = subprocess.run(words, env=environment, check=True, capture_output=True, text=True, timeout=180)
    return made.stdout.split("TOKEN ")[1].strip()


def test_a_client_enters_writes_and_finds(
    demo: Any, open_page: Any, examine: Any, fits: Any, reachable: Any, picture: Any
) -> None:
    page = open_page(demo, width=360, trouble=True)
    page.set_default_timeout(60_000)
    page.goto(f"/my/enter/{_token(demo)}/")
    page.get_by_label("Day").fill("21")
    page.get_by_label("Month").select_option("3")
    page.get_by_label("Year").fill("1974")
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("heading", name="Ingrid").wait_for()
    for check in (examine, fits, reachable):
        check(page)
    picture(page, "own-page")
    page.get_by_role("button", name="4", exact=True).click()
    page.get_by_text("You said 4 today").wait_for()
    page.get_by_role("navigation", name="Your pages, small screen").get_by_role("link", name="Messages").click()
    page.get_by_label("Your message").fill("The stand is higher now.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("The stand is higher now.").wait_for()
    assert "In an emergency" in page.inner_text("footer")
    for check in (examine, fits, reachable):
        check(page)
    page.goto("/my/data/")
    for check in (examine, fits, reachable):
        check(page)
    page.goto("/find/")
    page.get_by_label("Where").fill("bergen, no")
    page.get_by_role("button", name="Search").click()
    page.get_by_text(re.compile("within 25 km of Bergen")).wait_for()
    for check in (examine, fits, reachable):
        check(page)
    picture(page, "directory")
    page.get_by_role("link", name="Daniel Okafor").click()
    page.get_by_role("heading", name="Credentials, as stated").wait_for()
    assert "not checked" in page.inner_text("main")
    for check in (examine, fits, reachable):
        check(page)
