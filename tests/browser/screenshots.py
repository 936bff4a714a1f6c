"""Makes the README's pictures: pages in three languages, on a desk and on a phone.

Run as `make screenshots`, or for some as `python -m tests.browser.screenshots NAME ...`; the
pictures go to docs/screenshots/. The answers in them are made up: they show what a report looks
like, not what anybody thought.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from survey.settings import Settings
from tests.browser.conftest import PASSWORD, QUIET, Visit, follow, sign_in
from tests.browser.made_up import ARTICLES, LANGUAGES, answer_everything
from tests.servers import environment, rayak, serving

TARGET = Path(__file__).resolve().parent.parent.parent / "docs" / "screenshots"
ARTICLE = ARTICLES[0]
WIDTHS = {"wide": 1100, "phone": 360}
HIGHEST = 1500
ADMIN_PAGES = {
    "overview": "/admin/?period=monthly",
    "report": "/admin/reports",
    "moderation": "/admin/responses?commented=on",
    "translation": f"/admin/articles/{ARTICLE}/ar",
}
GAP = 24


def main(wanted: Collection[str]) -> None:
    """Set a site up, make up answers, take the pictures of these names, or all."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder), RAYAK_LIMITS="off", RAYAK_MIN_ANSWER_SECONDS="0")
        for command in (["setup"], ["admin", "create", "--name", "Amina", "--password-stdin"]):
            done = rayak(*command, env=env, stdin=PASSWORD.encode())
            assert done.returncode == 0, done.stderr.decode()
        answer_everything(Settings.from_env(env))
        with serving(env) as address, sync_playwright() as playwright:
            path = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
            _pictures(browser, address, wanted)
            _admin_pictures(browser, address, wanted)
            browser.close()


def _pictures(browser: Browser, address: str, wanted: Collection[str]) -> None:
    """The visitors' pages: in each language, on a desk and on a phone."""
    pages = {
        "articles": lambda page, code: page.goto(f"{address}/{code}/"),
        "article": lambda page, code: page.goto(f"{address}/{code}/articles/{ARTICLE}"),
        "feedback": lambda page, code: page.goto(f"{address}/{code}/feedback"),
        "error": _send_nothing(address),
        "thanks": lambda page, code: page.goto(
            f"{address}/{code}/feedback/thanks?article={ARTICLE}"
        ),
    }
    for name, open_page in pages.items():
        if wanted and name not in wanted:
            continue
        shots = []
        for width in WIDTHS.values():
            context = browser.new_context(viewport={"width": width, "height": 700})
            page = context.new_page()
            shots += [_shot(page, open_page, code) for code in LANGUAGES]
            context.close()
        _sheet(shots).save(TARGET / f"{name}.png", optimize=True)


def _admin_pictures(browser: Browser, address: str, wanted: Collection[str]) -> None:
    """The admin pages: on a desk in English, on a phone in French and in Arabic."""
    for name, path in ADMIN_PAGES.items():
        if wanted and name not in wanted:
            continue
        shots = []
        for code, width in (
            ("en", WIDTHS["wide"]),
            ("fr", WIDTHS["phone"]),
            ("ar", WIDTHS["phone"]),
        ):
            context = browser.new_context(viewport={"width": width, "height": 900})
            page = context.new_page()
            sign_in(Visit(page, address), code)
            shots.append(_shot(page, partial(_open, address + path), code))
            context.close()
        _sheet(shots).save(TARGET / f"{name}.png", optimize=True)


def _open(address: str, page: Page, code: str) -> None:
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={code}")


def _send_nothing(address: str) -> Callable[[Page, str], None]:
    def open_page(page: Page, code: str) -> None:
        page.goto(f"{address}/{code}/feedback")
        follow(page.locator("form.feedback button"))
        page.locator(".error-summary").wait_for()

    return open_page


def _shot(page: Page, open_page: Callable[[Page, str], object], code: str) -> Image.Image:
    open_page(page, code)
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        page.screenshot(path=file.name, full_page=True)
        with Image.open(file.name) as picture:
            return picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, HIGHEST)))


def _sheet(pictures: list[Image.Image]) -> Image.Image:
    """Pictures side by side on grey, at half size."""
    width = sum(p.width + GAP for p in pictures) + GAP
    sheet = Image.new("RGB", (width, max(p.height for p in pictures) + 2 * GAP), "#8a8f91")
    x = GAP
    for picture in pictures:
        sheet.paste(picture, (x, GAP))
        x += picture.width + GAP
    small = sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)
    return small.quantize(96, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main(sys.argv[1:])
