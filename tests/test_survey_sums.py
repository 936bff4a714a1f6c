"""Sums over whole months and single days: equal to a recount for any period, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, inspect, text

from survey import queries, rollup
from survey.db import Database, migrate
from survey.models import Response
from survey.queries import Period, Unit
from survey.ratings import State, Translation
from survey.sums import parts
from tests.answers import Answers, by_level, put

FIRST, LAST = date(2025, 11, 10), date(2026, 4, 20)
COUNTED = (State.COUNTED,)
days = st.dates(FIRST, LAST)
periods = st.tuples(days, days).map(lambda ends: Period(first=min(ends), last=max(ends)))
# Few dimensions and many days: what matters here is where in its month an answer lies.
groups = st.builds(
    Answers,
    rating=st.integers(1, 5),
    number=st.integers(1, 3),
    language=st.sampled_from(["en", "ar"]),
    translation=st.sampled_from([Translation.ORIGINAL, Translation.MACHINE]),
    engine=st.sampled_from(["", "argos-en-ar"]),
    engine_version=st.sampled_from(["1.9", "1.10"]),
    day=days,
    article=st.sampled_from(["", "library", "museum"]),
    state=st.sampled_from([State.COUNTED, State.POSSIBLE_DUPLICATE, State.SPAM]),
)


def test_parts_are_the_days_of_the_period_each_once() -> None:
    """Also where the calendar begins and ends, where there is no day before or after."""
    for period in (
        Period(first=date.min, last=date.min),
        Period(first=date.min, last=date.min + timedelta(days=30)),
        Period(first=date.max - timedelta(days=3), last=date.max),
        Period(first=date.max - timedelta(days=29), last=date.max),
    ):
        assert _days_of(period) == {_nth(period, n): 1 for n in range(_length(period))}


@given(period=periods)
def test_parts_of_any_period_need_few_days(period: Period) -> None:
    """Never more than the half of its two outer months, and each day counts once."""
    assert _days_of(period) == {_nth(period, n): 1 for n in range(_length(period))}
    assert sum((d.last - d.first).days + 1 for d in parts(period).days) <= 2 * 15


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=st.lists(groups, max_size=12), period=periods)
def test_any_period_sums_up_to_a_recount(
    database: Database, found: list[Answers], period: Period
) -> None:
    """Whether its days are read one by one or by the month; nothing of before or after it."""
    with database.scope() as session:
        for table in (Response, *rollup.ROLLUPS.values()):
            session.execute(delete(table))
        put(session, found)
        assert list(rollup.mismatches(session)) == []
        within = [
            a for a in found if a.state in queries.REPORTED and period.first <= a.day <= period.last
        ]
        cells: Counter[object] = Counter()
        months: Counter[object] = Counter()
        articles: Counter[object] = Counter()
        engines: dict[tuple[str, str], list[date]] = {}
        for a in within:
            cells[a.language, a.translation, a.engine, a.engine_version, a.state, a.rating] += (
                a.number
            )
            months[a.day.replace(day=1), a.language, a.state, a.rating] += a.number
            if a.article:
                articles[a.article, a.language, a.translation, a.state, a.rating] += a.number
            if a.engine:
                engines.setdefault((a.engine, a.engine_version), []).append(a.day)
        assert {
            (c.language, c.translation, c.engine, c.engine_version, c.state, level): n
            for c, level, n in by_level(queries.cells(session, period))
        } == cells
        assert {
            (s.start, s.language, s.state, level): n
            for s, level, n in by_level(queries.steps(session, period, Unit.MONTH))
        } == months
        assert {
            (a.article, a.language, a.translation, a.state, level): n
            for a, level, n in by_level(queries.articles(session, period))
        } == articles
        only = {key: n for key, n in articles.items() if "library" in key}  # type: ignore[operator] # keys are tuples
        assert {
            (a.article, a.language, a.translation, a.state, level): n
            for a, level, n in by_level(queries.articles(session, period, {"library"}))
        } == only
        assert {
            (e.engine, e.engine_version): (e.first, e.last)
            for e in queries.engine_days(session, period)
        } == {key: (min(when), max(when)) for key, when in engines.items()}
        questions = {version.id for version in queries.wordings(session)}
        sizes = queries.article_sizes(
            session, period, questions=questions, language="ar", states=COUNTED
        )
        assert {s.article: s.answers for s in sizes} == {
            slug: sum(a.number for a in within if a.article == slug)
            for slug in ("library", "museum")
            if any(a.article == slug for a in within)
        }
        machine = [
            a
            for a in within
            if a.article
            and a.language == "ar"
            and a.translation is Translation.MACHINE
            and a.state is State.COUNTED
        ]
        assert sum(s.machine for s in sizes) == sum(a.number for a in machine)
        assert sum(s.machine_satisfied for s in sizes) == sum(
            a.number for a in machine if a.rating >= 4
        )


def test_an_older_database_gets_its_months_from_its_days(database: Database) -> None:
    """The migration sums what is stored; nothing is counted anew or lost."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=rating, number=rating, day=day, article=article, state=state)
                for rating in (1, 4, 5)
                for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28))
                for article in ("", "library")
                for state in (State.COUNTED, State.SPAM)
            ],
        )
    newer = ("daily_language_count", "monthly_count", "monthly_article_count")
    with database.engine.begin() as connection:
        for table in newer:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DROP INDEX ix_response_day_answered_at"))
        connection.execute(text("CREATE INDEX ix_response_day ON response (day)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
        migrate(connection, "0005")
    with database.scope() as session:
        assert set(newer) <= set(inspect(session.connection()).get_table_names())
        assert list(rollup.mismatches(session)) == []


def _days_of(period: Period) -> Counter[date]:
    """Each day with how often it is counted."""
    found = parts(period)
    counted: Counter[date] = Counter()
    if found.months:
        day = found.months.first
        last_month = found.months.last
        while (day.year, day.month) <= (last_month.year, last_month.month):
            counted[day] += 1
            if day == date.max:
                break
            day += timedelta(days=1)
    for some in found.days:
        for n in range((some.last - some.first).days + 1):
            counted[some.first + timedelta(days=n)] += some.sign
    return +counted


def _nth(period: Period, n: int) -> date:
    return period.first + timedelta(days=n)


def _length(period: Period) -> int:
    return (period.last - period.first).days + 1
