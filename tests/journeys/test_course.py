"""Course, measures and paper in a real browser: fit to use at each width, and a reading from choosing to the curve."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
Check = Callable[..., None]


def chart_of(page: Page, name: str = "Ingrid Solheim") -> str:
    page.goto("/clients/")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url("**/clients/*-*/")
    return page.url[page.url.index("/clients/") :]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_a_course_are_fit_to_use(
    width: int, demo: Any, open_page: Open, examine: Check, fits: Check, reachable: Check, picture: Check
) -> None:
    page = open_page(demo, width=width, signed_in=True)
    chart = chart_of(page)
    for name in ("course", "timeline", "measures", "measures/choose", "measures/psfs/new", "measures/quickdash/new"):
        page.goto(f"{chart}{name}/")
        fits(page)
        reachable(page)
        if width == 360:  # what axe looks at does not change with the width
            examine(page)
        picture(page, f"{name.replace('/', '-')}-{width}")
    if width == 360:
        return
    page.goto(f"{chart}course/")
    page.get_by_role("button", name="Draft a case report (CARE)").first.click()
    page.wait_for_url("**/reports/**")
    expect(page.get_by_label("Clinical findings")).to_have_value(re.compile("Painful arc"))
    expect(page.get_by_text("Items are empty")).to_be_visible()  # the introduction is a person's
    for check in (fits, reachable, examine):
        check(page)
    picture(page, f"report-{width}")


def test_a_reading_moves_the_curve_and_a_letter_is_written_signed_and_printed(demo: Any, open_page: Open) -> None:
    page = open_page(demo, width=820, signed_in=True)
    chart = chart_of(page)
    page.get_by_role("link", name="Measure", exact=True).click()
    page.get_by_role("searchbox").fill("jaw opening")
    page.goto(f"{chart}measures/ndi/new/")
    page.get_by_label("Total").fill("51")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("runs from 0 to 50").first).to_be_visible()
    page.get_by_label("Total").fill("20")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url("**/measures/")
    expect(page.get_by_role("heading", name="Neck Disability Index")).to_be_visible()
    page.goto("/")
    page.locator(".visits a", has_text="Ingrid Solheim").click()
    page.wait_for_url("**/visits/**")
    page.goto(page.url.split("?")[0] + "note/")
    page.get_by_role("button", name="Write a letter").click()
    page.get_by_label("To", exact=True).fill("Dr A. Byrne")
    page.get_by_label("knows what it says").check()
    page.get_by_role("button", name="Sign as").click()
    expect(page.get_by_role("heading", name="Signed")).to_be_visible()
    made = page.request.get(page.url + "letter.pdf")
    assert made.body().startswith(b"%PDF")


def test_a_chart_is_exported_and_its_checker_says_whole(demo: Any, open_page: Open, tmp_path: Path) -> None:
    page = open_page(demo, width=820, signed_in=True)
    chart_of(page)
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Export this chart").click()
    archive = tmp_path / arriving.value.suggested_filename
    arriving.value.save_as(archive)
    with zipfile.ZipFile(archive) as found:
        found.extract("check.py", tmp_path)
    command = [sys.executable, "-I", "-S", str(tmp_path / "check.py"), str(archive)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (told.returncode, told.stdout[:5]) == (0, "WHOLE"), told.stdout + told.stderr
