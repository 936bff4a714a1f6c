"""The wordings' admin pages as Amina uses them, and texts she puts there."""

from __future__ import annotations

from datetime import UTC, datetime

from survey.db import Database
from survey.ratings import WordingKind, read_wording
from survey.wording_changes import (
    TextPlace,
    change_texts,
    state_number,
)
from tests.pages import Page, PageClient

BUILT_IN = read_wording()
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 12, tzinfo=UTC)
NEW = "How satisfied are you with this website today?"
QUESTION = TextPlace(kind=WordingKind.QUESTION, language="en")
GOOGLE = TextPlace(kind=WordingKind.DISCLAIMER, language="fr", provider="google")


def organisation(_language: str) -> str:
    """The institution's name."""
    return "The Institute"


def put(database: Database, place: TextPlace, words: str, now: datetime = NOW) -> None:
    """Change one text, as Amina."""
    with database.scope() as session:
        change_texts(
            session,
            {place: words},
            seen=state_number(session),
            built_in=BUILT_IN,
            organisation=organisation,
            actor="Amina",
            now=now,
        )


def fields(page: Page) -> dict[str, str]:
    """What a form of the page would send, without its buttons and boxes."""
    sent = {e.attrs["name"]: e.attrs["value"] for e in page.all("main input[type=hidden]")}
    return sent | {t.attrs["name"]: t.to_text() for t in page.all("main textarea")}


def edit(browser: PageClient, kind: str = "question", **texts: str) -> dict[str, str]:
    """The form of a kind as filled in."""
    named = {name.replace("_", "-"): words for name, words in texts.items()}
    return fields(browser.get(f"/admin/wordings/{kind}")) | named


def send(browser: PageClient, form: dict[str, str], action: str, status: int = 200) -> Page:
    """Press a button of the form."""
    kind = "question" if "text-en" in form else "disclaimer"
    return browser.post(f"/admin/wordings/{kind}", data=form | {"action": action}, status=status)


def save(browser: PageClient, form: dict[str, str]) -> int:
    """Save a form that was previewed and confirmed; gives the status."""
    kind = "question" if "text-en" in form else "disclaimer"
    sent = form | {"action": "save", "confirmed": "on"}
    return browser.http.post(f"/admin/wordings/{kind}", data=sent).status_code
