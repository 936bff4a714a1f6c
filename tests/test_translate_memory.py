"""What was translated once is remembered, and a person's sentence before a machine's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.db import Database
from tests.conftest import LAYOUT, translation
from tests.statements import asked_of
from translate.memory import Recent, Remembered, find
from translate.models import MemorySegment, Origin
from translate.results import Provenance
from translate.sentences.decoding import Decoding
from translate.service import TranslationService

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("store", [False, True])
def test_a_second_reading_does_not_run_the_model(
    database: Database, fresh: TranslationService, store: bool
) -> None:
    with database.scope() as session:
        first = fresh.translate([LAYOUT], "en", "fr", session=session, store=store, now=NOW)[0]
        if store:
            fresh.recent = Recent()
        again = fresh.translate([LAYOUT], "en", "fr", session=session)[0]

        assert again.text == first.text
        assert {s.provenance for s in first.segments} == {Provenance.MACHINE}
        assert {s.provenance for s in again.segments} == {Provenance.MEMORY}
        stored = session.scalar(select(func.count()).select_from(MemorySegment))
        assert stored == (len(first.segments) if store else 0)


def test_a_persons_sentence_beats_the_machines(
    database: Database, fresh: TranslationService
) -> None:
    with database.scope() as session:
        fresh.translate([LAYOUT], "en", "fr", session=session, store=True, now=NOW)
        row = session.scalars(
            select(MemorySegment).where(MemorySegment.source.startswith("The meeting"))
        ).one()
        human = MemorySegment(
            source_language="en",
            target_language="fr",
            sha256=row.sha256,
            origin=Origin.HUMAN,
            source=row.source,
            target="La réunion a eu lieu à Rabat.",
            created_at=NOW,
            created_by="Elias",
        )
        session.rollback()
        session.connection(execution_options={"writes": True})
        session.add(human)
        session.commit()

        (result,) = fresh.translate([LAYOUT], "en", "fr", session=session)

        assert "- La réunion a eu lieu à Rabat. " in result.text
        assert Provenance.HUMAN in {s.provenance for s in result.segments}


def test_other_options_do_not_find_what_these_made(
    database: Database, starters: Path, fresh: TranslationService
) -> None:
    other = TranslationService(fresh.engine, Decoding(beam_size=1))
    with database.scope() as session:
        fresh.translate([LAYOUT], "en", "fr", session=session, store=True, now=NOW)

        (result,) = other.translate([LAYOUT], "en", "fr", session=session)

        assert {s.provenance for s in result.segments} == {Provenance.MACHINE}


def test_storing_twice_is_storing_once(database: Database, starters: Path) -> None:
    with database.scope() as session:
        for _ in range(2):
            service = translation(starters)
            session.rollback()
            service.translate([LAYOUT], "en", "fr", session=session, store=True, now=NOW)
        rows = session.scalars(select(MemorySegment)).all()

        assert len(rows) == len({r.sha256 for r in rows}) == 4


def test_the_memory_finds_many_sentences_in_one_statement(database: Database) -> None:
    statements = asked_of(database)
    with database.scope() as session:
        assert find(session, "en", "fr", "c", [f"Sentence {n}." for n in range(5_000)]) == {}

    assert len([s for s, _ in statements if "FROM memory" in s]) == 1


def test_the_process_memory_stays_within_its_bound() -> None:
    recent = Recent(characters=2_000)
    for number in range(100):
        known = Remembered(target="x" * 100, origin=Origin.MACHINE)
        recent.keep("c", {f"sentence {number}": known})

    found = recent.find("c", [f"sentence {n}" for n in range(100)])

    assert 1 < len(found) < 10
    assert "sentence 99" in found
