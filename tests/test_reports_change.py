"""What changed from the period before: whole months against whole months, noise called noise."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from reports.change import period_before
from reports.files.export import write
from reports.labels import source_line
from reports.service import build_report
from reports.summary import Verdict
from reports.texts import LANGUAGES, Texts
from survey import rollup
from survey.db import Database
from survey.models import DailyCount
from survey.queries import Filters, last_recount
from survey.upkeep.verification import verify
from tests.answers import Answers, put, put_views

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
NOW = datetime(2026, 12, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (NOVEMBER, date(2026, 11, 30), (OCTOBER, date(2026, 10, 31))),
        (date(2024, 2, 1), date(2024, 2, 29), (date(2024, 1, 1), date(2024, 1, 31))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 1, 1), date(2026, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
        (date(2026, 11, 16), date(2026, 11, 22), (date(2026, 11, 9), date(2026, 11, 15))),
        (date(2026, 11, 1), date(2026, 11, 29), (date(2026, 10, 3), date(2026, 10, 31))),
    ],
)
def test_months_are_compared_with_months_and_days_with_days(
    first: date, last: date, before: tuple[date, date]
) -> None:
    """October's 31 days stand before November's 30; any other period has one as long."""
    assert period_before(first, last) == before


@given(
    first=st.dates(min_value=date(100, 1, 1), max_value=date(9000, 1, 1)),
    days=st.integers(0, 1_000),
)
def test_the_period_before_ends_the_day_before(first: date, days: int) -> None:
    """Nothing is counted twice and nothing lies between, whatever the period."""
    start, end = period_before(first, first + timedelta(days=days))
    assert end == first - timedelta(days=1)
    assert start <= end
    assert abs((end - start).days - days) <= 62


def two_months(database: Database) -> None:
    """A hundred answers in October, two hundred in November, fewer of them dissatisfied."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=1, number=40, day=OCTOBER),
                Answers(rating=5, number=60, day=OCTOBER),
                Answers(rating=2, number=30, day=NOVEMBER),
                Answers(rating=4, number=170, day=NOVEMBER),
            ],
        )
        put_views(session, 1_000, day=OCTOBER)
        put_views(session, 4_000, day=NOVEMBER)


def test_the_change_has_both_shares_and_the_rate_with_newcombe_intervals(sqlite: Database) -> None:
    """Against statsmodels' own intervals; the rate fell by more than chance."""
    two_months(sqlite)
    with sqlite.scope() as session:
        report = build_report(session, Filters(start=NOVEMBER, end=date(2026, 11, 30)))
    change = report.change
    assert change is not None
    assert (change.first, change.last) == (OCTOBER, date(2026, 10, 31))
    assert change.figures.counts.levels == (40, 0, 0, 0, 60)
    assert (change.views, change.response_rate) == (1_000, 0.1)
    for gap, (a, n, b, m) in [
        (change.contrast.difference, (170, 200, 60, 100)),
        (change.dissatisfied, (30, 200, 40, 100)),
        (change.rate, (200, 4_000, 100, 1_000)),
    ]:
        low, high = confint_proportions_2indep(a, n, b, m, method="newcomb")
        assert gap.bounds() == pytest.approx((a / n - b / m, low, high))
    assert change.dissatisfied_verdict is Verdict.CLEAR
    assert change.rate_verdict is Verdict.CLEAR


def test_without_views_there_is_no_change_of_the_rate(sqlite: Database) -> None:
    """A rate that is not known is not compared."""
    with sqlite.scope() as session:
        put(session, [Answers(rating=4, number=60, day=d) for d in (OCTOBER, NOVEMBER)])
        report = build_report(session, Filters(start=NOVEMBER, end=date(2026, 11, 30)))
    assert report.change is not None
    assert report.change.rate.value is None
    assert report.change.rate_verdict is Verdict.TOO_FEW
    assert report.change.dissatisfied_verdict is Verdict.NOT_CLEAR


def test_files_give_the_period_before_and_its_differences(sqlite: Database) -> None:
    """CSV and JSON agree about what it was before and what changed."""
    two_months(sqlite)
    with sqlite.scope() as session:
        report = build_report(session, Filters(start=NOVEMBER, end=date(2026, 11, 30)))
    assert report.change is not None
    found = json.loads(write(report, "json", "en"))["change"]
    assert found["before"]["answers"] == 100
    assert found["dissatisfied"]["difference"] == report.change.dissatisfied.value
    table = list(csv.DictReader(io.StringIO(write(report, "csv", "en").decode("utf-8-sig"))))
    (before,) = [line for line in table if line["table"] == "period_before"]
    assert (before["answers"], before["views"]) == ("100", "1000")
    changes = {
        line["detail"]: float(line["value"])
        for line in table
        if line["key"] == "change_from_period_before"
    }
    assert changes["dissatisfied"] == report.change.dissatisfied.value
    assert changes["response_rate"] == report.change.rate.value


def test_a_recount_is_remembered_with_what_it_found(database: Database) -> None:
    """In order, out of order, and mended: the newest result is what a report says."""
    with database.scope() as session:
        put(session, [Answers(rating=5, number=20, day=NOVEMBER)])
        assert last_recount(session) is None
        assert verify(session, now=NOW) == 0
        session.rollback()
        clean = last_recount(session)
        assert clean is not None
        assert (clean.verified_at, clean.differing, clean.mended) == (NOW, 0, False)
        session.query(DailyCount).update({DailyCount.answers: 21})
        session.commit()
        assert verify(session, now=NOW + timedelta(hours=1)) == 1
        wrong = last_recount(session)
        assert wrong is not None
        assert (wrong.differing, wrong.mended) == (1, False)
        assert verify(session, now=NOW + timedelta(hours=2), mend=True) == 1
        mended = last_recount(session)
        assert mended is not None
        assert (mended.differing, mended.mended) == (1, True)
        session.rollback()
        assert list(rollup.mismatches(session)) == []


def test_every_format_says_when_the_counts_were_checked(sqlite: Database) -> None:
    """The moment is of the stored recount, so the same data still gives the same bytes."""
    with sqlite.scope() as session:
        put(session, [Answers(rating=5, number=20, day=NOVEMBER)])
        never = build_report(session, Filters())
        verify(session, now=NOW)
        report = build_report(session, Filters())
        assert write(report, "pdf", "fr") == write(build_report(session, Filters()), "pdf", "fr")
    for language in LANGUAGES:
        texts = Texts(language)
        assert texts("never_verified") in source_line(never, texts)
        assert texts("verified", moment=texts.isolate(texts.moment(NOW))) in source_line(
            report, texts
        )
    verified = json.loads(write(report, "json", "en"))["generated_from"]["verified"]
    assert verified == {"at": NOW.isoformat(), "cells_differing": 0, "mended": False}
    assert NOW.isoformat() in write(report, "csv", "en").decode()
