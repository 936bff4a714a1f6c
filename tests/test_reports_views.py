"""How often the question was shown, in reports: for rates, and no way to hidden answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from reports.service import build_report
from survey.db import Database
from survey.models import WordingRow
from survey.queries import Filters
from survey.ratings import Translation
from tests.answers import DAY, Answers, put, put_views


def test_the_response_rate_is_of_the_question_whose_answers_count(database: Database) -> None:
    """Views of the other version do not lower it, and a language that is silent was asked too."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=1, number=40, question="old"),
                Answers(rating=5, number=30, question="new", day=DAY + timedelta(days=5)),
                Answers(rating=3, question="fr", asked_in="fr", day=DAY - timedelta(days=99)),
            ],
        )
        put_views(session, 400, question="old")
        put_views(session, 300, question="new", day=DAY + timedelta(days=5))
        put_views(session, 200, question="fr", language="fr")
        old = session.scalars(select(WordingRow.sha256).filter_by(text="old")).one()
        period = {"start": DAY, "end": DAY + timedelta(days=9)}
        now = build_report(session, Filters(**period))
        before = build_report(session, Filters(**period, question=old))
        put_views(session, 1, day=DAY + timedelta(days=1))
        mixed = build_report(session, Filters(**period))
    assert (now.views, now.response_rate) == (500, pytest.approx(30 / 500))
    assert {row.key[0]: row.views for row in now.by_language} == {"en": 300, "fr": 200}
    assert [step.row.views for step in now.trend if step.row.views] == [200, 300]
    assert (before.views, before.response_rate) == (400, pytest.approx(0.1))
    # Of one view nobody knows any more which question it was of.
    assert mixed.response_rate is None


def test_a_language_whose_only_view_became_one_of_another_language_has_no_row(
    database: Database,
) -> None:
    """A page in French that a reader's browser translated a while later was shown in German."""
    with database.scope() as session:
        put(session, [Answers(rating=4, number=20)])
        put_views(session, 1, language="fr")
        put_views(session, -1, language="fr")
        put_views(session, 1, language="de", translation=Translation.THIRD_PARTY)
        report = build_report(session, Filters(start=DAY, end=DAY))
    assert {row.key[0]: row.views for row in report.by_language} == {"de": 1, "en": 0}


def test_a_hidden_row_does_not_say_how_often_the_question_was_shown(sqlite: Database) -> None:
    """With one view there was one answer at most, and a hidden row has one at least."""
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=50, language="en"),
                Answers(rating=4, number=30, language="fr"),
                Answers(rating=1, number=1, language="ar"),
            ],
        )
        put_views(session, 300, language="en")
        put_views(session, 200, language="fr")
        put_views(session, 1, language="ar")
        period = Filters(start=DAY, end=DAY)
        every = build_report(session, period, minimum_cell=10)
        arabic = build_report(session, replace(period, language="ar"), minimum_cell=10)
    assert every.views == 501
    shown = {row.key[0]: row.views for row in every.by_language}
    assert shown["ar"] is None
    assert sorted(views or 0 for views in shown.values()) in ([0, 0, 200], [0, 0, 300])
    assert (arabic.figures, arabic.views) == (None, None)
    assert {step.row.views for step in arabic.trend} == {None}


def test_an_article_has_its_views_where_its_row_is_shown(database: Database) -> None:
    """Not beside a hidden row, nor in the row of all other pages, nor where a month is cut off."""
    end = date(2026, 3, 31)
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=20, article="library"),
                Answers(rating=4, number=15, article="library", language="fr"),
                Answers(rating=4, number=12, article="museum"),
                Answers(rating=1, number=3, article="archive"),
                Answers(rating=3, number=30),
                Answers(rating=3, number=1, day=end),
            ],
        )
        put_views(session, 400, article="library")
        put_views(session, 90, article="library", language="fr")
        put_views(session, 50, article="museum", day=end)
        put_views(session, 7, article="archive", day=end - timedelta(days=1))
        month = build_report(session, Filters())
        french = build_report(session, Filters(language="fr"))
        days = build_report(session, Filters(end=end - timedelta(days=1)))
        put_views(session, 800, article="library", day=DAY - timedelta(days=1))
        cut = build_report(session, Filters())
    assert {row.key[0]: (row.figures is not None, row.views) for row in month.by_article} == {
        "library": (True, 490),
        "museum": (False, None),
        "archive": (False, None),
        "": (True, None),
    }
    assert {row.key[0]: row.response_rate for row in month.by_article} == {
        "library": pytest.approx(35 / 490),
        "museum": None,
        "archive": None,
        "": None,
    }
    assert {row.key[0]: row.views for row in french.by_article} == {"library": 90}
    assert {row.views for row in days.by_article} == {None}
    # Before the first answer there were views: the month's are more than those of the period.
    assert (cut.views, {row.views for row in cut.by_article}) == (month.views, {None})
