"""A site set up as `make run` does it, served for real, and a Chromium to visit it with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

from tests.servers import environment, rayak, serving

PASSWORD = "a password for the browser's journeys"
# A machine without network must not make Chromium look for its maker's hosts.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Playwright's own limits are for machines with nothing else to do; these only guard against a hang.
PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running site: its address and the environment its commands need."""

    address: str
    env: dict[str, str]


@dataclass(slots=True)
class Visit:
    """One tab: its page, and what went wrong in it."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the site."""
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture(scope="session")
def site(set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample site with its articles, packages, translations and an administrator."""
    folder = shutil.copytree(set_up, tmp_path_factory.mktemp("site") / "data")
    env = environment(folder, RAYAK_LIMITS="off", RAYAK_MIN_ANSWER_SECONDS="0")
    made = rayak(
        "admin", "create", "--name", "Amina", "--password-stdin", env=env, stdin=PASSWORD.encode()
    )
    assert made.returncode == 0, made.stderr.decode()
    with serving(env) as address:
        yield Site(address=address, env=env)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, driving the system's own Chromium."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Install Chromium: apt-get install chromium"
    browser = playwright.chromium.launch(executable_path=path, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens tabs; afterwards none may have logged an error or asked another site for anything."""
    visits: list[Visit] = []

    def open_tab(width: int = 1280, **options: object) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        context.set_default_timeout(PATIENCE_MS)
        tab = Visit(context.new_page(), site.address)
        _listen(tab)
        visits.append(tab)
        return tab

    yield open_tab
    for tab in visits:
        tab.page.context.close()
    assert [c for tab in visits for c in tab.complaints] == []


def _listen(tab: Visit) -> None:
    def request(sent: object) -> None:
        if not sent.url.startswith((tab.address, "data:", "blob:")):
            tab.complaints.append(f"asked another site: {sent.url}")

    def console(message: object) -> None:
        # A page that refuses a form is logged as an error by Chromium itself; we asked for it.
        is_ours = any(f"status of {status}" in message.text for status in (409, 422))
        if message.type in ("error", "warning") and not is_ours:
            tab.complaints.append(f"console: {message.text}")

    tab.page.on("request", request)
    tab.page.on("console", console)
    tab.page.on("pageerror", lambda error: tab.complaints.append(f"script: {error}"))


def follow(way: Locator) -> None:
    """Click a link or a button that leads to another page, and wait until that is there.

    A click alone returns before the old page is gone, and what is then looked at may be of either.
    """
    with way.page.expect_navigation():
        way.click()


def sign_in(tab: Visit, language: str = "en") -> Page:
    """Sign Amina in through the login page."""
    page = tab.go(f"/admin/login?lang={language}")
    page.locator("#name").fill("Amina")
    page.locator("#password").fill(PASSWORD)
    follow(page.locator("form.login button"))
    page.wait_for_url("**/admin/")
    tab.go(f"/admin/reports?lang={language}")
    return page


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """Where screenshots go, when `RAYAK_SHOTS` asks for them."""
    return None
