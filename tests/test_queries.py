"""Reads of the survey side: sums of the roll-ups on both databases, and never rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from survey import queries, rollup
from survey.db import Database, migrate
from survey.models import Base, Comment, Response
from survey.queries import Period, Unit
from survey.ratings import Channel, State, Translation
from tests.answers import DAY, Answers, by_level, put, put_views
from tests.statements import asked_of, plan

LATER = DAY + timedelta(days=40)
ENGLISH = [("en", Translation.ORIGINAL)]
YEAR = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))

groups = st.builds(
    Answers,
    rating=st.integers(1, 5),
    number=st.integers(1, 4),
    language=st.sampled_from(["en", "fr", "ar"]),
    translation=st.sampled_from(Translation),
    day=st.dates(date(2026, 2, 20), date(2026, 4, 10)),
    article=st.sampled_from(["", "library", "museum"]),
    channel=st.sampled_from(Channel),
    state=st.sampled_from(State),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=st.lists(groups, max_size=12), first=st.dates(date(2026, 2, 15), date(2026, 4, 15)))
def test_sums_are_a_recount_of_the_answers(
    database: Database, found: list[Answers], first: date
) -> None:
    """By every dimension, for any answers and any period; spam and withdrawn never."""
    period = Period(first=first, last=first + timedelta(days=20))
    with database.scope() as session:
        for table in (Response, *rollup.ROLLUPS.values()):
            session.execute(delete(table))
        put(session, found)
        counted = [
            a for a in found if a.state in queries.REPORTED and period.first <= a.day <= period.last
        ]
        expected: Counter[object] = Counter()
        by_day: Counter[object] = Counter()
        by_week: Counter[object] = Counter()
        by_month: Counter[object] = Counter()
        by_article: Counter[object] = Counter()
        for a in counted:
            expected[a.language, a.translation, a.channel, a.state, a.rating] += a.number
            by_day[a.day, a.language, a.state, a.rating] += a.number
            monday = a.day - timedelta(days=a.day.weekday())
            by_week[monday, a.language, a.state, a.rating] += a.number
            by_month[a.day.replace(day=1), a.language, a.state, a.rating] += a.number
            if a.article:
                by_article[a.article, a.language, a.translation, a.state, a.rating] += a.number
        assert {
            (c.language, c.translation, c.channel, c.state, level): n
            for c, level, n in by_level(queries.cells(session, period))
        } == expected
        for unit, sums in ((Unit.DAY, by_day), (Unit.WEEK, by_week), (Unit.MONTH, by_month)):
            assert {
                (s.start, s.language, s.state, level): n
                for s, level, n in by_level(queries.steps(session, period, unit))
            } == sums
        assert {
            (a.article, a.language, a.translation, a.state, level): n
            for a, level, n in by_level(queries.articles(session, period))
        } == by_article


def test_views_are_summed_by_steps_of_time_and_language(database: Database) -> None:
    """Two days of one month and one of the next, all of one week, in two languages."""
    with database.scope() as session:
        put_views(session, 5, day=date(2026, 3, 30))
        put_views(session, 7, day=date(2026, 3, 31))
        put_views(session, 2, day=date(2026, 4, 1), language="ar")
        put_views(session, 9, day=date(2027, 4, 1))
        assert {v.language: v.views for v in queries.views(session, YEAR)} == {"en": 12, "ar": 2}
        assert [
            (v.start, v.language, v.views) for v in queries.step_views(session, YEAR, Unit.MONTH)
        ] == [(date(2026, 3, 1), "en", 12), (date(2026, 4, 1), "ar", 2)]
        assert [
            (v.start, v.language, v.views) for v in queries.step_views(session, YEAR, Unit.WEEK)
        ] == [(date(2026, 3, 30), "ar", 2), (date(2026, 3, 30), "en", 12)]
        assert len(queries.step_views(session, YEAR, Unit.DAY)) == 3


def test_views_under_articles_are_of_whole_months(database: Database) -> None:
    """Not known where the period cuts off views, nor of months without articles beside views."""
    with database.scope() as session:
        put_views(session, 5, day=date(2026, 3, 3), article="library")
        put_views(session, 4, day=date(2026, 3, 30), article="library")
        put_views(session, 7, day=date(2026, 4, 1), article="library")
        put_views(session, 8, day=date(2026, 4, 28), article="museum")

        def found(first: str, last: str, among: set[str]) -> dict[str, int] | None:
            period = Period(first=date.fromisoformat(first), last=date.fromisoformat(last))
            kept = queries.article_views(session, period, among)
            return None if kept is None else {v.article: v.views for v in kept}

        assert found("2026-03-01", "2026-04-30", {"library"}) == {"library": 16}
        assert found("2026-04-01", "2026-04-28", {"library", "museum"}) == {
            "library": 7,
            "museum": 8,
        }
        assert found("2026-03-03", "2026-03-30", {"library"}) == {"library": 9}
        assert found("2026-03-04", "2026-03-31", {"library"}) is None
        assert found("2026-03-01", "2026-04-27", {"library"}) is None
        assert found("0001-01-01", "0001-01-01", {"library"}) == {}
        session.execute(text("UPDATE monthly_article_view SET article = '' WHERE views = 8"))
        assert found("2026-03-01", "2026-03-31", {"library"}) == {"library": 9}
        assert found("2026-03-01", "2026-04-30", {"library"}) is None


def test_versions_of_packages_come_in_the_order_of_their_first_day(database: Database) -> None:
    """By days and not by number: 1.10 comes after 1.9."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(
                    rating=3,
                    translation=Translation.MACHINE,
                    engine="argos-en-ar",
                    engine_version=version,
                    day=DAY + timedelta(days=n),
                )
                for n, version in enumerate(["1.9", "1.9", "1.10"])
            ],
        )
        found = queries.engine_days(session, YEAR)
    assert [(e.engine_version, e.first, e.last) for e in found] == [
        ("1.9", DAY, DAY + timedelta(days=1)),
        ("1.10", DAY + timedelta(days=2), DAY + timedelta(days=2)),
    ]


def test_the_span_and_the_last_answer(database: Database) -> None:
    """None before the first answer; then first and last day, and the newest reported moment."""
    with database.scope() as session:
        assert queries.span(session) is None
        assert queries.last_answer(session, YEAR) is None
        later = DAY + timedelta(days=3)
        put(session, [Answers(rating=3), Answers(rating=3, day=later)])
        assert queries.span(session) == Period(first=DAY, last=later)
        assert queries.last_answer(session, YEAR) == datetime(2026, 3, 5, 12, tzinfo=UTC)
        only_first = Period(first=DAY, last=DAY)
        assert queries.last_answer(session, only_first) == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_comments_are_of_the_period_and_the_newest_first(database: Database) -> None:
    """By the answer's day; possible duplicates, spam and other languages stay out."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=3, comment="later", day=DAY + timedelta(days=9)),
                Answers(rating=3, comment="first", day=DAY),
                Answers(rating=3, comment="second", day=DAY + timedelta(days=1)),
                Answers(rating=3, comment="spam", day=DAY, state=State.SPAM),
                Answers(rating=3, comment="في يوم", day=DAY, language="ar"),
            ],
        )
        days = Period(first=DAY, last=DAY + timedelta(days=1))
        asked = {version.id for version in queries.wordings(session)}
        found = queries.comments(session, days, texts=ENGLISH, questions=asked, limit=5)
        both = [*ENGLISH, ("ar", Translation.ORIGINAL)]
        newest = queries.comments(session, YEAR, texts=both, questions=asked, limit=1)
        assert queries.comments(session, YEAR, texts=both, questions=set(), limit=1) == []
    assert [c.text for c in found] == ["second", "first"]
    assert [c.text for c in newest] == ["later"]


def test_comments_of_an_old_period_are_found_without_the_later_ones(sqlite: Database) -> None:
    """In the order of an index that begins with the day: nothing is walked past or sorted."""
    asked = asked_of(sqlite)
    with sqlite.scope() as session:
        queries.comments(session, YEAR, texts=ENGLISH, questions={1, 2}, limit=5)
        steps = " ".join(plan(session, asked[-1]))
    assert "ix_comment_day_written_at (day>? AND day<?)" in steps
    assert "TEMP B-TREE FOR ORDER BY" not in steps


def test_an_older_database_gets_the_days_of_its_comments(database: Database) -> None:
    """The migration takes each from its answer."""
    with database.scope() as session:
        put(session, [Answers(rating=3, comment="a"), Answers(rating=3, comment="b", day=LATER)])
    with database.engine.begin() as connection:
        for statement in (
            "DROP INDEX ix_comment_day_written_at",
            "ALTER TABLE comment DROP COLUMN day",
            "CREATE INDEX ix_response_answered_at ON response (answered_at)",
            "UPDATE alembic_version SET version_num = '0005'",
        ):
            connection.execute(text(statement))
        migrate(connection, "0006")
    with database.scope() as session:
        found = session.execute(select(Comment.text, Comment.day).order_by(Comment.text)).all()
    assert [tuple(row) for row in found] == [("a", DAY), ("b", LATER)]


def test_reads_give_out_frozen_values_and_never_rows(sqlite: Database) -> None:
    """What a report holds cannot change, nor go back to the database."""
    with sqlite.scope() as session:
        put(session, [Answers(rating=3, article="library", comment="Good")])
        put_views(session, 3, article="library")
        given_out = [
            *queries.cells(session, YEAR),
            *queries.steps(session, YEAR, Unit.DAY),
            *queries.articles(session, YEAR),
            *queries.views(session, YEAR),
            *(queries.article_views(session, YEAR, {"library"}) or ()),
            *queries.wordings(session),
            *queries.comments(session, YEAR, texts=ENGLISH, questions={1}, limit=5),
        ]
    assert len(given_out) == 7
    for value in given_out:
        assert is_dataclass(value)
        assert value.__dataclass_params__.frozen
        assert not isinstance(value, Base)
        assert not any(isinstance(getattr(value, f.name), Base) for f in fields(value))
