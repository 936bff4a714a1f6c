"""Screens on which the tests answer, and how an answer is recorded there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from survey.answering.answers import Outcome, record
from survey.answering.arrivals import arrival
from survey.answering.tokens import Submission
from survey.db import Database
from survey.ratings import Engine, Rating, Shown, Translation, digest, read_wording
from survey.services import shown_texts

NOW = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
ZONE = ZoneInfo("Africa/Casablanca")
WORDINGS = read_wording()
TEXTS = shown_texts(WORDINGS.values(), lambda _language: "The Institute")
PLAIN = Shown(
    page="/en/feedback",
    site_language="en",
    shown_language="en",
    source_language="en",
    translation=Translation.ORIGINAL,
    question=digest(WORDINGS["en"].question),
)
TRANSLATED = Shown(
    page="/ar/articles/a-visit",
    article="a-visit",
    revision="r" * 64,
    site_language="ar",
    shown_language="ar",
    source_language="en",
    translation=Translation.MACHINE,
    engine=Engine(name="translate-en_ar", version="0.2", checksum="c" * 64),
    question=digest(WORDINGS["ar"].question),
    disclaimer=digest(WORDINGS["ar"].disclaimer_text("argos", "The Institute")),
)


def answer(
    database: Database,
    level: int,
    nonce: str,
    shown: Shown = PLAIN,
    comment: str = "",
    *,
    now: datetime = NOW,
    **options: object,
) -> Outcome:
    """Record one answer on a form that was shown half a minute before."""
    submission = Submission(shown=shown, nonce=nonce, issued_at=now - timedelta(seconds=30))
    rating = Rating(level=level, comment=comment)
    with database.scope() as session:
        return record(session, arrival(rating, submission, now=now, zone=ZONE, **options))
