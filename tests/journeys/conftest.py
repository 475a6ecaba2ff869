"""A real server on a folder of its own, a real Chromium, and what every journey asks of a page.

workbench   an empty installation, fresh for each test
demo        an installation with the demo practice, shared by one file's tests; each looks for what it wrote itself
open_page   open_page(site, width=820, theme="light", signed_in=True) -> Page
examine     examine(page) -> fails on any axe finding
fits        fits(page) -> fails on sideways scroll
reachable   reachable(page) -> fails on a target under 44 px
picture     picture(page, "name") -> keeps a screenshot when TAUTBAND_SCREENSHOTS names a folder
"""

import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SERVER = """
import sys
from cheroot.wsgi import Server
from tautband.clinic.project.wsgi import application
server = Server(("127.0.0.1", int(sys.argv[1])), application, numthreads=4)
server.prepare()
print(server.bind_addr[1], flush=True)
server.serve()
"""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
]
# A machine that also does other work is slow, not wrong: nothing here measures time.
PATIENCE_MS = 40_000
expect.set_options(timeout=PATIENCE_MS)
HEIGHTS = {320: 720, 360: 780, 820: 1180, 1280: 800}
# Small targets: everything one can press, except links in running text and controls that a label carries.
TARGETS = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary, label:has(input)')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.vh, [hidden], .skip, [inert]'))
  .filter(e => !(e.matches('input') && e.closest('label')))
  .filter(e => !(e.matches('a') && getComputedStyle(e).display === 'inline'))
  .filter(e => !(e.matches('label') && !e.querySelector('input')))
  .map(e => ({box: e.getBoundingClientRect(), what: e.outerHTML.slice(0, 120)}))
  .filter(({box}) => box.width > 0 && (box.height < 43.5 || box.width < 40.5))
  .map(({box, what}) => `${box.width.toFixed(0)} x ${box.height.toFixed(0)}: ${what}`)"""


@dataclass(frozen=True)
class Site:
    """One running installation."""

    url: str
    home: Path


@contextmanager
def serving(home: Path, port: int = 0) -> Iterator[Site]:
    """Serve the installation in `home` on a free port, or on this one, until the block ends."""
    environment = {**os.environ, "TAUTBAND_HOME": str(home)}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(port)], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as server:
        assert server.stdout is not None
        heard = server.stdout.readline().strip()
        try:
            assert heard, "The server did not start; see its messages above."
            yield Site(f"http://127.0.0.1:{heard}", home)
        finally:
            server.kill()


@pytest.fixture
def workbench(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """An empty installation."""
    home = tmp_path / "home"
    shutil.copytree(prepared, home)
    with serving(home) as site:
        yield site


@pytest.fixture(scope="module")
def demo(practised: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation with the demo practice."""
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(practised, home)
    with serving(home) as site:
        yield site


@pytest.fixture(scope="session")
def serve_at() -> Callable[..., Any]:
    """serve_at(home, port=0): serve as long as a `with` block lasts, so that a server can die and come back."""
    return serving


@pytest.fixture
def standing_port() -> int:
    """A free port below those the system lends to clients, so that nobody takes it while the server is down."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("No port is free.")


@pytest.fixture
def own_demo(practised: Path, tmp_path: Path) -> Path:
    """A folder with the demo practice, served by nobody yet, for one test to change."""
    home = tmp_path / "home"
    shutil.copytree(practised, home)
    return home


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the session."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of its own context. Fails at the end if the page complained in its console."""
    contexts, complaints = [], []

    def open_page(
        site: Site,
        *,
        width: int = 820,
        theme: str = "light",
        signed_in: bool = False,
        trouble: bool = False,
        body: bool = False,
        **more: Any,
    ) -> Page:
        """`trouble=True` for journeys that provoke failed requests, which the console then reports.

        Drawings open with the flat chart, which is light; `body=True` for journeys that paint on the body in 3D.
        """
        viewport = {"width": width, "height": HEIGHTS.get(width, 800)}
        context = browser.new_context(viewport=viewport, base_url=site.url, **{"reduced_motion": "reduce", **more})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "tautband_theme", "value": theme, "url": site.url}])
        if not body:
            context.add_init_script("try { localStorage.setItem('tautband:way', 'chart') } catch { }")
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not trouble and "status of 4" not in message.text:
                complaints.append(message.text)

        page.on("console", heard)
        if signed_in:
            page.goto("/sign-in/")
            page.get_by_role("button", name="Open the demo practice").click()
            page.wait_for_url(f"{site.url}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture(scope="session")
def examine() -> Callable[..., None]:
    """No axe finding on the page: all of its rules (WCAG A, AA, best practice), or only the named ones."""
    axe = Axe()

    def examine(page: Page, *rules: str) -> None:
        chosen = {"runOnly": list(rules)} if rules else {}
        found = axe.run(page, options={"resultTypes": ["violations"], **chosen})
        words = [
            f"{finding['id']}: {finding['help']} ({finding['nodes'][0]['html'][:160]}; "
            f"{finding['nodes'][0].get('failureSummary', '')[:200]})"
            for finding in found.response["violations"]
        ]
        assert not words, f"{page.url}: {words}"

    return examine


@pytest.fixture(scope="session")
def fits() -> Callable[[Page], None]:
    """No sideways scroll."""

    def fits(page: Page) -> None:
        page.wait_for_load_state()
        wide = page.evaluate("document.documentElement.scrollWidth")
        seen = page.evaluate("document.documentElement.clientWidth")
        assert wide <= seen, f"{page.url} is {wide} px wide on a screen of {seen} px"

    return fits


@pytest.fixture(scope="session")
def reachable() -> Callable[[Page], None]:
    """No target smaller than 44 px, links in sentences excepted."""

    def reachable(page: Page) -> None:
        small = page.evaluate(TARGETS)
        assert not small, f"{page.url}: {small}"

    return reachable


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], None]:
    """Keep a full-page screenshot in the folder `TAUTBAND_SCREENSHOTS`, if that is set."""

    def picture(page: Page, name: str) -> None:
        folder = os.environ.get("TAUTBAND_SCREENSHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return picture
