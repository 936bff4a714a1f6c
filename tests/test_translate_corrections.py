"""What people correct is shown, remembered, and beats the machine."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.db import Database
from translate.articles.corrections import (
    UnknownSuggestion,
    accept_suggestion,
    open_suggestions,
    reject_suggestion,
    review_article,
    withdraw_translation,
)
from translate.articles.intake import ArticleText, add_article
from translate.articles.reading import TextKind, read_article
from translate.errors import ArticleError
from translate.memory import find
from translate.models import MemorySegment, Origin
from translate.suggestions import keep_suggestion

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BODY = "The port opened. Ships came.\n\nIt rained."
TEXT = ArticleText(title="Le port ouvre", body="Le port a ouvert. Des navires vinrent.\n\nIl plut.")


def add(session: Session, slug: str = "port") -> None:
    session.connection(execution_options={"writes": True})
    text = ArticleText(title="The port opens", body=BODY)
    add_article(session, slug, "en", text, day=date(2026, 1, 1), source="test", now=NOW)
    session.commit()


def test_a_reviewed_article_is_shown_as_such_and_its_sentences_are_remembered(
    database: Database,
) -> None:
    with database.scope() as session:
        add(session)

        count = review_article(session, "port", "fr", TEXT, by="Elias", now=NOW)

        article = read_article(session, "port", "fr")
        assert article is not None
        assert (article.kind, article.reviewed_at) == (TextKind.REVIEWED, NOW)
        known = find(session, "en", "fr", "c", ["The port opens", "Ships came.", "It rained."])
        assert count == 4
        assert {s: k.target for s, k in known.items()} == {
            "The port opens": "Le port ouvre",
            "Ships came.": "Des navires vinrent.",
            "It rained.": "Il plut.",
        }
        assert {k.origin for k in known.values()} == {Origin.HUMAN}


def test_sentences_that_do_not_match_stay_out_of_the_memory(database: Database) -> None:
    """A paragraph with another number of sentences is no basis for guessing."""
    with database.scope() as session:
        add(session)
        text = ArticleText(
            title="Titre", body="Le port a ouvert et des navires vinrent.\n\nIl plut."
        )

        assert review_article(session, "port", "fr", text, by="Elias", now=NOW) == 2
        assert find(session, "en", "fr", "c", ["The port opened."]) == {}


def test_correcting_again_changes_the_same_sentences(database: Database) -> None:
    with database.scope() as session:
        add(session)
        review_article(session, "port", "fr", TEXT, by="Elias", now=NOW)
        better = ArticleText(title="Ouverture du port", body=TEXT.body)

        review_article(session, "port", "fr", better, by="Amina", now=NOW)

        rows = session.scalars(select(MemorySegment)).all()
        assert len(rows) == 4
        assert {r.target for r in rows if r.source == "The port opens"} == {"Ouverture du port"}


def test_a_withdrawn_translation_is_not_shown(database: Database) -> None:
    with database.scope() as session:
        add(session)
        review_article(session, "port", "fr", TEXT, by="Elias", now=NOW)

        withdraw_translation(session, "port", "fr")

        article = read_article(session, "port", "fr")
        assert article is not None
        assert article.kind is TextKind.ORIGINAL


@pytest.mark.parametrize(("slug", "language"), [("none", "fr"), ("port", "en")])
def test_only_a_translation_of_an_article_can_be_reviewed(
    database: Database, slug: str, language: str
) -> None:
    with database.scope() as session:
        add(session)

        with pytest.raises(ArticleError, match="no article"):
            review_article(session, slug, language, TEXT, by="Elias", now=NOW)
        with pytest.raises(ArticleError):
            withdraw_translation(session, slug, language)
        empty = ArticleText(title=" ", body="x")
        with pytest.raises(ArticleError, match="a title and a text"):
            review_article(session, "port", "fr", empty, by="Elias", now=NOW)


def test_an_accepted_suggestion_beats_the_machine_and_is_decided_once(database: Database) -> None:
    with database.scope() as session:
        keep_suggestion(session, "en", "fr", "It rained. A lot.", "Il plut. Fort.", now=NOW)
        keep_suggestion(session, "en", "fr", "It rained. A lot.", "Il plut fort.", now=NOW)
        first, second = open_suggestions(session)

        assert accept_suggestion(session, first.id, by="Elias", now=NOW) == 2
        assert accept_suggestion(session, second.id, by="Elias", now=NOW) == 0

        assert open_suggestions(session) == []
        assert find(session, "en", "fr", "c", ["A lot."])["A lot."].target == "Fort."
        for number in (first.id, 10**6):
            with pytest.raises(UnknownSuggestion):
                reject_suggestion(session, number, by="Elias", now=NOW)


def test_a_rejected_suggestion_changes_nothing(database: Database) -> None:
    with database.scope() as session:
        keep_suggestion(session, "en", "fr", "It rained.", "Il pleut.", now=NOW)
        (suggestion,) = open_suggestions(session)

        reject_suggestion(session, suggestion.id, by="Elias", now=NOW)

        assert open_suggestions(session) == []
        assert session.scalars(select(MemorySegment)).all() == []
