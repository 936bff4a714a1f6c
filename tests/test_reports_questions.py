"""A report of an earlier wording of the question: asked for by name, never added to another."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from reports.files.edition import earlier_wordings
from reports.labels import notes, scope_lines, versions_lines
from reports.questions import UnknownQuestion
from reports.report import Report
from reports.service import build_report
from reports.texts import LANGUAGES, Texts
from survey import queries, rollup
from survey.db import Database
from survey.models import Base, Comment, Response, WordingRow
from survey.queries import Filters
from survey.ratings import Translation, digest, read_wording
from tests import servers
from tests.answers import DAY, Answers, put, put_views
from tests.pages import PageClient

pytestmark = pytest.mark.slow

LATER = DAY + timedelta(days=5)
# English asks its third question, French its second, Arabic its first.
SERIES = {"en": ("en 1", "en 2", "en 3"), "fr": ("fr 1", "fr 2"), "ar": ("ar 1",)}


def answers(question: str, number: int, rating: int = 4) -> Answers:
    """Answers to one version, on the day on which it was new."""
    language, _, version = question.partition(" ")
    return Answers(
        rating=rating,
        number=number,
        question=question,
        asked_in=language,
        language=language,
        day=DAY + timedelta(days=int(version)),
        comment=f"about {question}",
    )


def report_of(session: Session, question: str | None = None) -> Report:
    """The report of everything, about the newest questions or about this one."""
    return build_report(session, Filters(question=question and digest(question)))


def covered(report: Report) -> set[str]:
    """The texts whose answers are counted."""
    return {w.text for w in report.wording if w.covered}


def test_a_chosen_wording_brings_those_of_its_time_in_the_other_languages(
    database: Database,
) -> None:
    """As many changes back in each language; where there were fewer, nobody is counted."""
    with database.scope() as session:
        put(session, [answers(q, 10 + n) for n, q in enumerate(sum(SERIES.values(), ()))])
        put_views(session, 500)
        reports = {q: report_of(session, q) for q in (None, "en 3", "en 2", "fr 1", "en 1")}
    assert {q: covered(report) for q, report in reports.items()} == {
        None: {"en 3", "fr 2", "ar 1"},
        "en 3": {"en 3", "fr 2", "ar 1"},
        "en 2": {"en 2", "fr 1"},
        "fr 1": {"en 2", "fr 1"},
        "en 1": {"en 1"},
    }
    totals = {q: r.figures.counts.total for q, r in reports.items() if r.figures}
    assert totals == {None: 41, "en 3": 41, "en 2": 24, "fr 1": 24, "en 1": 10}
    assert all(report.response_rate is None for report in reports.values())
    assert [c.text for c in reports["en 1"].comments] == ["about en 1"] * 10


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(numbers=st.lists(st.integers(0, 15), min_size=6, max_size=6))
def test_the_reports_of_all_wordings_share_no_answer(sqlite: Database, numbers: list[int]) -> None:
    """So a difference of two of them says nothing of a hidden row; together they are everything."""
    texts = sum(SERIES.values(), ())
    with sqlite.scope() as session:
        for table in (Comment, Response, *rollup.ROLLUPS.values(), WordingRow):
            session.execute(delete(table))
        put(session, [answers(q, n) for q, n in zip(texts, numbers, strict=True)])
        reports = [report_of(session, q) for q in texts]
    sets = {frozenset(covered(report)) for report in reports if not report.empty}
    assert sum(len(found) for found in sets) == len(frozenset().union(*sets))
    totals = {frozenset(covered(r)): r.figures.counts.total for r in reports if r.figures}
    assert sum(totals.values()) == sum(numbers)


def test_a_wording_nobody_was_asked_in_the_period_has_no_answers(sqlite: Database) -> None:
    """It is not taken for the newest one; and the report says which question it is about."""
    with sqlite.scope() as session:
        put(session, [answers("en 1", 12), answers("en 3", 12)])
        first = Filters(end=DAY + timedelta(days=1), question=digest("en 3"))
        report = build_report(session, first)
    assert report.empty
    for language in LANGUAGES:
        texts = Texts(language)
        assert "en 3" in scope_lines(report, texts)[-1]
        assert versions_lines(report, texts)


def test_a_question_is_named_by_the_beginning_of_its_checksum(sqlite: Database) -> None:
    """Eight characters are enough; fewer, or another text's, are refused with what there is."""
    with sqlite.scope() as session:
        put(session, [answers("en 1", 12), answers("en 3", 13)])
        name = digest("en 1")[:8]
        report = build_report(session, Filters(question=name.upper()))
        assert report.scope.question == digest("en 1")
        for wrong in (name[:7], "0" * 64, "en 1"):
            with pytest.raises(UnknownQuestion, match=f"{name} \\(en\\) en 1"):
                build_report(session, Filters(question=wrong))


def test_periods_with_other_questions_are_not_compared(sqlite: Database) -> None:
    """A change of the wording is none of the readers' minds; the report says so."""
    with sqlite.scope() as session:
        put(session, [answers("en 1", 40), answers("en 2", 40, rating=1)])
        second = DAY + timedelta(days=2)
        report = build_report(session, Filters(start=second, end=second))
    assert report.change is None
    assert report.asked_otherwise_before


@pytest.fixture
def two_wordings(sqlite: Database, app: Flask) -> dict[str, str]:
    """The checksums of two English questions with answers."""
    with sqlite.scope() as session:
        put(session, [answers("en 1", 12), answers("en 2", 30)])
        return {v.text: v.sha256 for v in queries.wordings(session) if v.text.startswith("en ")}


def test_the_page_offers_the_wordings_and_its_files_keep_the_choice(
    amina: PageClient, two_wordings: dict[str, str]
) -> None:
    """In three languages; the chosen one stays chosen, and the JSON names it."""
    chosen = two_wordings["en 1"]
    for language in LANGUAGES:
        page = amina.get(f"/admin/reports?question={chosen}&lang={language}")
        options = page.all("#question option")
        assert {two_wordings["en 1"], two_wordings["en 2"], ""} <= {
            o.attrs["value"] for o in options
        }
        assert [o.attrs["value"] for o in options if "selected" in o.attrs] == [chosen]
        address = next(
            a.attrs["href"] for a in page.all("main ul.downloads a") if ".json?" in a.attrs["href"]
        )
        found = json.loads(amina.http.get(address).data)
        assert (found["filters"]["question"], found["answers"]) == (chosen, 12)


def test_a_question_that_was_never_asked_is_an_error_of_its_field(amina: PageClient) -> None:
    """With a summary on the page and a line in place of a file."""
    page = amina.get("/admin/reports?question=nonsense", status=422)
    assert page.one(".error-summary a").attrs["href"] == "#question"
    assert page.one("#question-error")
    assert amina.http.get("/admin/reports.json?question=nonsense").status_code == 422


@pytest.mark.slow
def test_the_command_takes_the_question(tmp_path: Path) -> None:
    """By its checksum; a wrong one is one line with those that there are."""
    database = Database(f"sqlite:///{tmp_path / 'rayak.sqlite3'}")
    database.upgrade()
    with database.scope() as session:
        put(session, [answers("en 1", 12), answers("en 2", 30)])
    database.close()
    env = servers.environment(tmp_path, RAYAK_SECRET_KEY="a key of the tests that signs nothing")
    command = ("report", "--format", "json", "--question")
    done = servers.rayak(*command, digest("en 1")[:8], env=env)
    assert json.loads(done.stdout)["answers"] == 12, done.stderr.decode()
    wrong = servers.rayak(*command, "nonsense", env=env)
    assert wrong.returncode != 0
    assert f"{digest('en 1')[:8]} (en) en 1" in wrong.stderr.decode()


@given(
    st.dictionaries(
        st.sampled_from([q for series in SERIES.values() for q in series]),
        st.integers(1, 4),
        min_size=1,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_newest_and_the_earlier_wordings_cover_each_answer_once(asked: dict[str, int]) -> None:
    """So the reports that are kept of a period leave nobody out and count nobody twice."""
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.scope() as session:
        put(session, [answers(question, number) for question, number in asked.items()])
        span = queries.span(session)
        assert span
        earlier = earlier_wordings(session, span.first, span.last)
        reports = [
            build_report(session, Filters(question=question)) for question in (None, *earlier)
        ]
    database.close()
    counted = [r.figures.counts.total for r in reports if r.figures]
    assert sum(counted) == sum(asked.values())
    assert all(counted)


def test_a_report_quotes_what_stood_beside_the_disclaimer(sqlite: Database) -> None:
    """A text in two steps or by a starter package had a sentence that no version holds."""
    wording = read_wording()
    group = Answers(rating=4, number=20, translation=Translation.MACHINE)
    with sqlite.scope() as session:
        put(session, [replace(group, engine="translate-en_fr", engine_version="1.9")])
        plain = build_report(session, Filters())
        put(session, [replace(group, engine="fr_en + en_ar", engine_version="1.0+0.5")])
        report = build_report(session, Filters())
    for language in LANGUAGES:
        texts = Texts(language)
        said = " ".join(notes(report, texts))
        assert wording[language].pivot in said
        assert wording[language].starter.format(version="0.x") in said
        assert wording[language].pivot not in " ".join(notes(plain, texts))
