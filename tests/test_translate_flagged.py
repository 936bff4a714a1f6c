"""What the checks found is counted by segment, and only of what readers see now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from reports.articles import UNKNOWN
from reports.files.export import write
from reports.service import build_report
from survey.db import Database
from survey.queries import Filters
from survey.ratings import Translation
from tests.answers import Answers, put
from translate.articles.flagged import flag_counts
from translate.articles.intake import ArticleText, add_article
from translate.checks import Flag
from translate.memory import Remembered, store, write_flags
from translate.models import ArticleTranslation, Origin, TranslationState

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BODY = "It opened in 1923. It closed in 1950.\n\nNobody knows why. It opened in 1923."
MADE = {
    "It opened in 1923.": {Flag.NUMBER},
    "It closed in 1950.": {Flag.NUMBER, Flag.REPETITION},
    "Nobody knows why.": set(),
}


def add(session: Session, slug: str, *, state: TranslationState, version: str = "1.0") -> None:
    """An article with a French translation by a machine, and the segments it was made of."""
    session.rollback()
    session.connection(execution_options={"writes": True})
    text = ArticleText(title="The observatory", body=BODY)
    revision = add_article(session, slug, "en", text, day=None, source="test", now=NOW)
    session.flush()
    session.add(
        ArticleTranslation(
            revision_id=getattr(revision, "id", revision),
            language="fr",
            state=state,
            title="L’observatoire",
            body="…",
            engine="argos-en-fr",
            engine_version=version,
            flags=write_flags({Flag.NUMBER, Flag.REPETITION}),
            translated_at=NOW,
        )
    )
    session.commit()


def remember(session: Session, made: dict[str, set[Flag]], *, context: str, version: str) -> None:
    """Put a machine's sentences into the memory."""
    session.rollback()
    session.connection(execution_options={"writes": True})
    known = {
        s: Remembered(target="…", origin=Origin.MACHINE, flags=frozenset(f))
        for s, f in made.items()
    }
    store(
        session, "en", "fr", context, known, engine="argos-en-fr", engine_version=version, now=NOW
    )
    session.commit()


def test_flags_are_counted_by_segment(database: Database) -> None:
    """A sentence that stands twice counts twice; another version's segments do not count."""
    with database.scope() as session:
        add(session, "observatory", state=TranslationState.MACHINE)
        remember(session, MADE, context="now", version="1.0")
        remember(session, {s: {Flag.SCRIPT} for s in MADE}, context="old", version="0.9")
        found = flag_counts(session, [("observatory", "fr"), ("observatory", "ar"), ("no", "fr")])
    assert found == {("observatory", "fr"): {"number": 3, "repetition": 1}}


def test_a_flag_whose_segment_is_gone_counts_once(sqlite: Database) -> None:
    """The text says that there was something; how often is not known any more."""
    with sqlite.scope() as session:
        add(session, "observatory", state=TranslationState.MACHINE)
        found = flag_counts(session, [("observatory", "fr")])
    assert found == {("observatory", "fr"): {"number": 1, "repetition": 1}}


@pytest.mark.parametrize("state", [TranslationState.REVIEWED, TranslationState.WITHDRAWN])
def test_what_a_person_answers_for_has_no_flags(sqlite: Database, state: TranslationState) -> None:
    """The checks were about the machine's text, which readers do not see."""
    with sqlite.scope() as session:
        add(session, "observatory", state=state)
        assert flag_counts(session, [("observatory", "fr")]) == {}


def test_the_triage_of_a_report_has_the_flags_in_every_format(sqlite: Database) -> None:
    """The most frequent first, in words."""
    with sqlite.scope() as session:
        add(session, "observatory", state=TranslationState.MACHINE)
        remember(session, MADE, context="now", version="1.0")
        machine = Translation.MACHINE
        put(
            session,
            [
                Answers(
                    rating=1, number=30, language="fr", translation=machine, article="observatory"
                ),
                Answers(rating=5, number=30),
            ],
        )
        report = build_report(
            session, Filters(), articles=replace(UNKNOWN, flag_counts=flag_counts)
        )
    (text,) = report.triage
    assert text.flags == (("number", 3), ("repetition", 1))
    assert b"number changed (3), words repeated (1)" in write(report, "csv", "en")
    assert b'"flags": {\n        "number": 3' in write(report, "json", "ar")
    assert write(report, "pdf", "ar").startswith(b"%PDF")
