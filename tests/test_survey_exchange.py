"""Answers given out and brought in again are the same answers, counted once."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from dataclasses import fields, replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from survey import rollup
from survey.db import Database
from survey.exchange.bulk import load
from survey.exchange.export import (
    FORMULA_STARTS,
    NAMES,
    ExportedAnswer,
    answers,
    codebook,
    csv_lines,
    json_lines,
)
from survey.exchange.intake import BadAnswers, from_csv, from_json
from survey.models import Comment, Response, WordingRow
from survey.ratings import Channel, SpamReason, State, Translation, read_wording
from tests.made_answers import made
from tests.screens import NOW, TRANSLATED, answer
from tests.servers import environment, rayak

pytestmark = pytest.mark.slow

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)
NAME = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=16)
SPAM = [(State.SPAM, reason) for reason in SpamReason]
STATES = [(state, SpamReason.NONE) for state in State] + SPAM
ANSWERS = st.builds(
    lambda judged, at, ahead, **others: ExportedAnswer(
        state=judged[0],
        spam_reason=judged[1],
        answered_at=at,
        day=at.date() + timedelta(days=ahead),
        **others,
    ),
    judged=st.sampled_from(STATES),
    nonce=st.uuids().map(str),
    at=st.datetimes(
        min_value=NOW.replace(tzinfo=None, year=2020),
        max_value=NOW.replace(tzinfo=None, year=9998),
        timezones=st.just(UTC),
    ),
    # The site's calendar is ahead of that of UTC, or behind it.
    ahead=st.integers(-1, 1),
    rating=st.integers(1, 5),
    channel=st.sampled_from(Channel),
    page=NAME,
    article=st.sampled_from(["", "a-visit", "=1+1"]),
    revision=st.just("r" * 64),
    site_language=st.sampled_from(["en", "ar"]),
    shown_language=st.sampled_from(["en", "ar"]),
    source_language=st.just("en"),
    translation=st.sampled_from(Translation),
    engine=st.sampled_from(["", "google"]),
    engine_version=st.just(""),
    engine_checksum=st.just(""),
    question=NAME,
    disclaimer=TEXT,
    disclaimer_acknowledged=st.booleans(),
    comment=TEXT,
)


def lines(data: bytes) -> io.BytesIO:
    """A file to be read line by line."""
    return io.BytesIO(data)


@given(st.lists(ANSWERS, max_size=5))
def test_what_was_written_is_read_again_unchanged(rows: list[ExportedAnswer]) -> None:
    """Through CSV and through JSON, whatever the visitors wrote."""
    assert list(from_csv(lines(b"".join(csv_lines(iter(rows)))))) == rows
    assert list(from_json(lines(b"".join(json_lines(iter(rows)))))) == rows


@given(ANSWERS, st.sampled_from(FORMULA_STARTS))
def test_no_cell_of_the_spreadsheet_begins_like_a_formula(row: ExportedAnswer, start: str) -> None:
    """Whatever a comment or an address begins with; and Excel knows it for UTF-8."""
    row = replace(row, comment=start + row.comment, page=start + row.page)
    data = b"".join(csv_lines(iter([row]))).decode()
    assert data.startswith("\ufeff")
    for cells in csv.reader(io.StringIO(data, newline="")):
        for cell in cells:
            assert not cell.startswith(tuple(set(FORMULA_STARTS) - {"'"}))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ANSWERS, max_size=6, unique_by=lambda a: a.nonce))
def test_loading_an_export_gives_the_same_database(
    database: Database, rows: list[ExportedAnswer]
) -> None:
    """Every column comes back, every count agrees, and loading again adds nothing."""
    with database.scope() as session:
        for table in (Comment, *rollup.ROLLUPS.values(), Response, WordingRow):
            session.execute(delete(table))
        session.commit()
        assert load(session, rows).added == len(rows)
        assert list(answers(session)) == rows
        assert list(rollup.mismatches(session)) == []
        assert load(session, rows + rows).known == 2 * len(rows)
        assert list(rollup.mismatches(session)) == []
        assert list(answers(session)) == rows


def test_a_recorded_answer_is_exported_with_its_texts(ready: Database) -> None:
    """The question and the disclaimer stand there as the visitor read them."""
    answer(ready, 2, "n1", TRANSLATED, "غير واضح")
    answer(ready, 5, "n2")
    with ready.scope() as session:
        first, second = answers(session)
    wording = read_wording()["ar"]
    assert (first.question, first.comment) == (wording.question, "غير واضح")
    assert first.disclaimer == wording.disclaimer_text("argos", "The Institute")
    assert first.answered_at == NOW
    assert (second.disclaimer, second.comment) == ("", "")


def test_days_and_states_choose_what_is_exported(ready: Database) -> None:
    """Both ends of a period are included."""
    answer(ready, 5, "n1")
    answer(ready, 4, "n2", min_seconds=60)
    day = date(2026, 3, 29)
    with ready.scope() as session:

        def found(**chosen: object) -> int:
            return len(list(answers(session, **chosen)))

        assert found(first=day, last=day) == 2
        assert found(first=day + timedelta(days=1)) == 0
        assert found(last=day - timedelta(days=1)) == 0
        assert found(states=[State.SPAM]) == 1


def test_the_codebook_explains_every_column() -> None:
    """A new column without a meaning fails here."""
    described = {f["name"]: f for f in codebook()["fields"]}
    assert tuple(described) == NAMES
    assert all(f["description"] for f in described.values())
    assert described["rating"]["constraints"]["maximum"] == 5


def test_what_the_codebook_requires_is_there_in_every_answer(ready: Database) -> None:
    """An original without article, comment or disclaimer: what is empty need not be there."""
    answer(ready, 5, "n1")
    with ready.scope() as session:
        [row] = answers(session)
    for field in codebook()["fields"]:
        value = getattr(row, field["name"])
        assert value != "" or not field["constraints"]["required"], field["name"]


def test_neither_key_nor_running_number_is_given_out() -> None:
    """What recognises a visitor today leaves the service in no file."""
    assert not {"visitor_key", "id"} & set(NAMES)


def test_made_up_answers_are_repeatable_and_in_order() -> None:
    """The same seed, the same answers; the first and the last day are those of the plan."""
    assert made(500) == made(500)
    assert made(500) != made(500, seed=2)
    days = [a.day for a in made(500)]
    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(2026, 1, 1), date(2026, 3, 31))
    assert {a.rating for a in made(500)} == {1, 2, 3, 4, 5}


def test_exporting_ten_times_as_much_needs_no_more_memory(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows pass through; only one batch is held at once."""
    monkeypatch.setattr("survey.exchange.export.ROWS_AT_ONCE", 100)
    with sqlite.scope() as session:
        load(session, made(3_000))

    def peak(limit: int) -> int:
        tracemalloc.start()
        with sqlite.scope() as session:
            lines = csv_lines(answers(session))
            for _ in range(limit):
                next(lines)
            lines.close()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # Once before, for what is made at the first time and kept.
    peak(300)
    assert peak(3_000) < peak(300) + 100_000


@pytest.mark.slow
def test_the_commands_carry_a_database_over(tmp_path: Path) -> None:
    """Made up here, exported as both kinds, loaded there, exported again: the same bytes."""
    env = environment(tmp_path / "here", RAYAK_SECRET_KEY="k" * 40)
    there = environment(tmp_path / "there", RAYAK_SECRET_KEY="k" * 40)
    for each in (env, there):
        assert rayak("db", "upgrade", env=each).returncode == 0
    done = rayak("ratings", "load", "--made-up", "3000", env=env)
    assert b"3000 answers added" in done.stdout, done.stderr.decode()
    again = rayak("ratings", "load", "--made-up", "10", env=env)
    assert again.returncode == 1
    assert b"falsify" in again.stderr
    for kind in ("csv", "jsonl"):
        file = tmp_path / f"answers.{kind}"
        done = rayak("ratings", "export", "--format", kind, "-o", str(file), env=env)
        assert done.returncode == 0, done.stderr.decode()
        loaded = rayak("ratings", "load", "--format", kind, str(file), env=there)
        assert loaded.returncode == 0, loaded.stderr.decode()
        second = rayak("ratings", "export", "--format", kind, env=there)
        assert second.stdout == file.read_bytes()
    assert b"3000 were there already" in loaded.stdout
    assert rayak("verify", env=there).returncode == 0
    assert len(json.loads(rayak("ratings", "codebook", env=env).stdout)["fields"]) == len(
        fields(ExportedAnswer)
    )
    bad = rayak("ratings", "load", "--format", "jsonl", "-", env=there, stdin=b"{}\n")
    assert bad.returncode == 1
    assert bad.stderr.startswith(b"rayak: Answer 1")
    assert rayak("ratings", "load", env=there).returncode == 2


def test_a_load_that_breaks_off_is_whole_as_far_as_it_came(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored is counted, and loading again completes it."""
    monkeypatch.setattr("survey.exchange.bulk.AT_ONCE", 40)
    rows = made(100)

    def broken() -> object:
        yield from rows[:90]
        raise BadAnswers("Answer 91: torn")

    with database.scope() as session:
        with pytest.raises(BadAnswers):
            load(session, broken())
        assert session.scalar(select(func.count()).select_from(Response)) == 80
        assert list(rollup.mismatches(session)) == []
        done = load(session, rows)
        assert (done.added, done.known) == (20, 80)
        assert list(rollup.mismatches(session)) == []
