"""Changes of the texts as they are stored: what holds, what was shown, and under which answers."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from sqlalchemy import text

from survey.db import Database, migrate
from survey.ratings import Rating, Shown, Translation, WordingKind, digest
from survey.services import register_wordings, shown_texts
from survey.wording_changes import (
    ChangedMeanwhile,
    change_texts,
    current_wordings,
    versions,
)
from tests.statements import asked_of, plan
from tests.wording_desk import BUILT_IN, GOOGLE, LATER, NEW, NOW, QUESTION, organisation, put


def test_changes_are_kept_on_both_databases(database: Database) -> None:
    """Text, who and when; a form that saw an older state is refused; one more disclaimer counts."""
    with database.scope() as session:
        register_wordings(session, shown_texts(BUILT_IN.values(), organisation), now=NOW)
    put(database, QUESTION, NEW)
    put(database, GOOGLE, "{organisation} : {provider}", LATER)
    with database.scope() as session:
        now = current_wordings(session, BUILT_IN)
        assert (now["en"].question, now["fr"].disclaimers) == (
            NEW,
            {"google": "{organisation} : {provider}"},
        )
        newest = versions(session, WordingKind.DISCLAIMER, ["fr"])[0]
        assert newest.text == "The Institute : Google Traduction"
        assert (newest.first_shown, newest.answers, newest.acknowledged) == (LATER, 0, 0)
        with pytest.raises(ChangedMeanwhile):
            change_texts(
                session,
                {QUESTION: "Another?"},
                seen=1,
                built_in=BUILT_IN,
                organisation=organisation,
                actor="Elias",
                now=LATER,
            )


def test_how_many_confirmed_a_disclaimer_is_counted(sqlite: Database) -> None:
    """By version, among the answers that reports count."""
    from survey.answering.answers import record
    from survey.answering.arrivals import arrival
    from survey.answering.tokens import Submission

    with sqlite.scope() as session:
        register_wordings(session, shown_texts(BUILT_IN.values(), organisation), now=NOW)
        shown = Shown(
            page="/en/articles/one",
            site_language="en",
            shown_language="en",
            source_language="fr",
            translation=Translation.MACHINE,
            question=digest(BUILT_IN["en"].question),
            disclaimer=digest(BUILT_IN["en"].disclaimer_text("argos", "The Institute")),
        )
        for n, ticked in enumerate((True, False, True)):
            submission = Submission(shown=shown, nonce=str(n), issued_at=NOW)
            rating = Rating(level=4, acknowledged=ticked)
            record(session, arrival(rating, submission, now=LATER, zone=UTC))
        found = versions(session, WordingKind.DISCLAIMER, ["en"])
    assert sorted((v.answers, v.acknowledged) for v in found) == [(0, 0), (0, 0), (3, 2)]


def test_answers_under_a_disclaimer_are_counted_without_reading_them(sqlite: Database) -> None:
    """All that is counted stands in one index, however many answers there are."""
    asked = asked_of(sqlite)
    with sqlite.scope() as session:
        register_wordings(session, shown_texts(BUILT_IN.values(), organisation), now=NOW)
        versions(session, WordingKind.DISCLAIMER)
        steps = plan(session, asked[-1])
    assert steps == [
        "SEARCH response USING COVERING INDEX "
        "ix_response_disclaimer_id_state_disclaimer_acknowledged (disclaimer_id=? AND state=?)"
    ]


def test_an_older_database_keeps_its_answers_and_their_texts(database: Database) -> None:
    """The migration to this version finds answers and wordings and touches neither."""
    with database.scope() as session:
        register_wordings(session, shown_texts(BUILT_IN.values(), organisation), now=NOW)
    with database.engine.begin() as connection:
        # As before the migration: its column and table away, its number set back.
        connection.execute(text("ALTER TABLE wording DROP COLUMN current_since"))
        connection.execute(text("DROP TABLE wording_change"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        connection.execute(
            text(
                "INSERT INTO daily_article_count (day, article, question_id, shown_language, "
                "translation, state, rating, answers) SELECT :day, 'a', min(id), 'en', "
                "'original', 'counted', 3, 1 FROM wording"
            ),
            {"day": date(2026, 5, 1)},
        )
        migrate(connection, "0003")
    with database.engine.connect() as connection:
        same = connection.execute(
            text("SELECT count(*) FROM wording WHERE current_since = first_shown")
        )
        assert same.scalar() == 12
        kept = connection.execute(text("SELECT answers FROM daily_article_count"))
        assert kept.scalars().all() == [1]
