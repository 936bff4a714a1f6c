"""Articles are called by the titles that readers see, in reports too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from reports.articles import UNKNOWN
from reports.files.export import write
from reports.service import build_report
from survey.app.lookups import ARTICLES
from survey.db import Database
from survey.queries import Filters
from survey.ratings import Translation
from tests.answers import Answers, put
from translate.articles.intake import ArticleText, add_article
from translate.articles.titles import titles
from translate.models import ArticleTranslation, TranslationState

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ENGLISH, FRENCH = "The observatory opens", "L’observatoire ouvre"


def add(session: Session, state: TranslationState = TranslationState.MACHINE) -> None:
    """An English article with a French translation."""
    session.rollback()
    session.connection(execution_options={"writes": True})
    text = ArticleText(title=ENGLISH, body="It opened.")
    revision = add_article(session, "observatory", "en", text, day=None, source="test", now=NOW)
    session.flush()
    session.add(
        ArticleTranslation(
            revision_id=getattr(revision, "id", revision),
            language="fr",
            state=state,
            title=FRENCH,
            body="…",
            translated_at=NOW,
        )
    )
    session.commit()


def test_the_title_of_the_original_comes_first(database: Database) -> None:
    """An article that is not there has none."""
    with database.scope() as session:
        add(session)
        found = titles(session, ["observatory", "none"])
    assert {slug: list(by.items()) for slug, by in found.items()} == {
        "observatory": [("en", ENGLISH), ("fr", FRENCH)]
    }


def test_a_translation_that_nobody_sees_gives_no_title(database: Database) -> None:
    """Withdrawn, it is as if it were not there."""
    with database.scope() as session:
        add(session)
        session.execute(update(ArticleTranslation).values(state=TranslationState.WITHDRAWN))
        assert titles(session, ["observatory"]) == {"observatory": {"en": ENGLISH}}


@pytest.mark.parametrize(("language", "title"), [("en", ENGLISH), ("fr", FRENCH), ("ar", ENGLISH)])
def test_a_report_calls_articles_by_their_titles(
    sqlite: Database, language: str, title: str
) -> None:
    """In the reader's language, else in the article's own; the short name stays beside it."""
    with sqlite.scope() as session:
        add(session)
        put(
            session,
            [
                Answers(
                    rating=1,
                    number=30,
                    language="fr",
                    translation=Translation.MACHINE,
                    article="observatory",
                ),
                Answers(rating=5, number=30),
            ],
        )
        report = build_report(session, Filters(), articles=ARTICLES)
        nameless = build_report(session, Filters(), articles=UNKNOWN)
    lines = write(report, "csv", language).decode().splitlines()
    for table in ("by_article", "triage"):
        line = next(line for line in lines if line.startswith(f"{table},observatory,"))
        assert title in line
    assert write(report, "pdf", language).startswith(b"%PDF")
    assert b"The observatory" not in write(nameless, "json", language)
