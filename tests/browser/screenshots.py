"""Makes the README's pictures: each page in three languages, on a desk and on a phone.

Run as `make screenshots`; the pictures go to docs/screenshots/. The answers behind the report are
made up: they show what a report looks like, not what anybody thought.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from survey.answers import arrival, record
from survey.db import Database
from survey.ratings import Engine, Rating, Shown, Translation, digest, read_wording
from survey.settings import Settings
from survey.tokens import Submission
from tests.browser.conftest import PASSWORD, QUIET, Visit, sign_in
from tests.servers import environment, rayak, serving

TARGET = Path(__file__).resolve().parent.parent.parent / "docs" / "screenshots"
LANGUAGES = ("en", "fr", "ar")
WIDTHS = {"wide": (1100, 1500), "phone": (360, 1500)}
ARTICLE = "delegation-from-almaty-visits-the-institute"
GAP = 24


def main() -> None:
    """Set a site up, make up answers, take the pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder), RAYAK_LIMITS="off", RAYAK_MIN_ANSWER_SECONDS="0")
        for command in (["setup"], ["admin", "create", "--name", "Amina", "--password-stdin"]):
            done = rayak(*command, env=env, stdin=PASSWORD.encode())
            assert done.returncode == 0, done.stderr.decode()
        _answers(Settings.from_env(env))
        with serving(env) as address, sync_playwright() as playwright:
            path = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
            _pictures(browser, address)
            browser.close()


def _answers(settings: Settings) -> None:
    """Nine hundred made-up answers of the last four months."""
    chance, now = random.Random(7), datetime.now(UTC)  # noqa: S311 -- no secret hangs on it
    wordings = read_wording()
    articles = (ARTICLE, "teacher-training-workshop-in-amman", "khan-of-the-weavers-reopens")
    database = Database(settings.database_url)
    with database.scope() as session:
        for number in range(900):
            language = chance.choices(LANGUAGES, (4, 3, 3))[0]
            article = chance.choice(articles)
            machine = language != "en" and article != articles[2]
            weights = (12, 17, 21, 32, 18) if machine else (5, 8, 15, 40, 32)
            how = Translation.REVIEWED
            if language == "en":
                how = Translation.ORIGINAL
            elif machine:
                how = Translation.MACHINE
            shown = Shown(
                page=f"/{language}/articles/{article}",
                article=article,
                site_language=language,
                shown_language=language,
                source_language="en",
                translation=how,
                question=digest(wordings[language].question),
                engine=Engine(name=f"argos en-{language}", version="0.2") if machine else None,
            )
            moment = now - timedelta(days=chance.randint(0, 120), minutes=chance.randint(0, 900))
            record(
                session,
                arrival(
                    Rating(level=chance.choices((1, 2, 3, 4, 5), weights)[0]),
                    Submission(shown=shown, nonce=f"made-up-{number}", issued_at=moment),
                    now=moment,
                    zone=settings.zone,
                ),
            )
    database.close()


def _pictures(browser: Browser, address: str) -> None:
    pages = {
        "articles": lambda page, code: page.goto(f"{address}/{code}/"),
        "article": lambda page, code: page.goto(f"{address}/{code}/articles/{ARTICLE}"),
        "feedback": lambda page, code: page.goto(f"{address}/{code}/feedback"),
        "error": _send_nothing(address),
        "thanks": lambda page, code: page.goto(
            f"{address}/{code}/feedback/thanks?article={ARTICLE}"
        ),
        "report": lambda page, code: page.goto(f"{address}/admin/reports?lang={code}"),
    }
    for name, open_page in pages.items():
        rows = []
        for width, height in WIDTHS.values():
            context = browser.new_context(viewport={"width": width, "height": 700})
            page = context.new_page()
            if name == "report":
                sign_in(Visit(page, address))
            rows.append([_shot(page, open_page, code, height) for code in LANGUAGES])
            context.close()
        _sheet(rows).save(TARGET / f"{name}.png", optimize=True)


def _send_nothing(address: str) -> object:
    def open_page(page: Page, code: str) -> None:
        page.goto(f"{address}/{code}/feedback")
        page.locator("form.feedback button").click()
        page.locator(".error-summary").wait_for()

    return open_page


def _shot(page: Page, open_page: object, code: str, height: int) -> Image.Image:
    open_page(page, code)
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        page.screenshot(path=file.name, full_page=True)
        with Image.open(file.name) as picture:
            return picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, height)))


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """All pictures side by side on grey: three wide ones, three of a phone; half size."""
    pictures = [p for row in rows for p in row]
    width = sum(p.width + GAP for p in pictures) + GAP
    sheet = Image.new("RGB", (width, max(p.height for p in pictures) + 2 * GAP), "#8a8f91")
    x = GAP
    for picture in pictures:
        sheet.paste(picture, (x, GAP))
        x += picture.width + GAP
    small = sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)
    return small.quantize(96, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
