"""With reports of whole months only, no report overlaps another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import Cadence, is_month_ended, last_ended, months_ended
from survey.app.application import create_app
from survey.db import Database
from survey.environment import SettingsError
from survey.keeping.delivery_state import DeliveryState
from survey.ratings import local_day
from survey.settings import Periods, Settings
from tests.answers import Answers, put
from tests.conftest import sign_in
from tests.kept_week import answer, keeper, states
from tests.mail_server import Post, mail_server
from tests.pages import PageClient


@pytest.fixture
def months(app: Flask, settings: Settings, sqlite: Database, cast: None) -> PageClient:
    """Amina, on a site whose reports are of months."""
    client = PageClient(create_app(replace(settings, report_periods=Periods.MONTHS), sqlite))
    sign_in(client, "Amina")
    return client


def today(settings: Settings) -> date:
    return local_day(datetime.now(UTC), settings.zone)


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_months_follow_one_another_without_gap_or_overlap(day: date, number: int) -> None:
    found = months_ended(day, number)
    assert found[0] == last_ended(Cadence.MONTHLY, day)
    assert all(is_month_ended(first, last, day) for first, last in found)
    for (later, _), (_, before) in pairwise(found):
        assert later - before == timedelta(days=1)


@given(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.integers(0, 70))
def test_nothing_else_is_a_month_that_has_ended(first: date, days: int) -> None:
    day = date(2025, 12, 15)
    last = first + timedelta(days=days)
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1 and first.month == last.month
    assert is_month_ended(first, last, day) == (whole and last < date(2025, 12, 1))


def test_a_report_without_a_period_is_of_the_last_month(
    months: PageClient, settings: Settings, sqlite: Database
) -> None:
    first, last = last_ended(Cadence.MONTHLY, today(settings))
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=30, day=first),
                Answers(rating=1, number=40, day=last + timedelta(days=1)),
            ],
        )
    report = months.http.get("/admin/reports.json").json
    assert (report["filters"]["from"], report["filters"]["to"]) == (str(first), str(last))
    assert report["answers"] == 30
    page = months.get("/admin/reports")
    links = [a.attrs["href"] for a in page.all("nav#from a")]
    assert len(links) == 13
    for link in links:
        months.get(link)


def test_every_month_since_the_first_answer_can_be_chosen(
    months: PageClient, settings: Settings, sqlite: Database
) -> None:
    """The newest at once, the others behind a fold, which is open where one of them is shown."""
    ended = months_ended(today(settings), 30)
    with sqlite.scope() as session:
        put(session, [Answers(rating=4, number=20, day=ended[-1][1])])
    page = months.get("/admin/reports")
    assert len(page.all("nav#from > ul a")) == 13
    earlier = [a.attrs["href"] for a in page.all("nav#from details:not([open]) a")]
    assert len(earlier) == 30 - 13
    oldest = months.get(earlier[-1])
    assert oldest.all("nav#from details[open] a[aria-current]")
    assert str(ended[-1][0]) in oldest.attribute("input[name=from]", "value")


@pytest.mark.parametrize("kind", ["", ".json", ".csv", ".pdf", ".svg"])
@pytest.mark.parametrize("shift", [(1, 0), (0, -1), (-1, 0), (0, 1), (-40, 0)])
def test_any_other_period_is_refused_in_every_format(
    months: PageClient, settings: Settings, kind: str, shift: tuple[int, int]
) -> None:
    month = last_ended(Cadence.MONTHLY, today(settings))
    first, last = (day + timedelta(days=by) for day, by in zip(month, shift, strict=True))
    reply = months.http.get(f"/admin/reports{kind}?from={first}&to={last}")
    assert reply.status_code == 422
    assert "one whole month" in reply.text


@pytest.mark.parametrize("last", ["0001-01-01", "0001-01-30"])
def test_the_days_in_which_the_calendar_begins_are_refused_as_any_other(
    months: PageClient, last: str
) -> None:
    """There is no day before them."""
    months.get(f"/admin/reports?from=0001-01-01&to={last}", status=422)


def test_the_month_that_is_not_over_is_refused_on_a_page_that_says_what_to_do(
    months: PageClient, settings: Settings
) -> None:
    """Read today and tomorrow, it would give tomorrow's answers away."""
    begun = today(settings).replace(day=1)
    page = months.get(f"/admin/reports?from={begun}", status=422)
    assert page.attribute(".error-summary a", "href") == "#from"
    assert page.all("nav#from a")


def test_the_overview_is_of_the_last_month_and_of_nothing_longer(
    months: PageClient, settings: Settings, sqlite: Database
) -> None:
    first, last = last_ended(Cadence.MONTHLY, today(settings))
    with sqlite.scope() as session:
        put(session, [Answers(rating=5, number=30, day=day) for day in (first, first, last)])
    for address in ("/admin/", "/admin/?period=weekly"):
        page = months.get(address)
        assert page.all("#trend") == []
        links = [a.attrs["href"] for a in page.all("main table a")]
        assert links
        assert all(f"from={first}&to={last}" in link for link in links if "/reports" in link)


def test_weeks_are_not_kept_beside_months(settings: Settings) -> None:
    weekly = replace(settings, report_periods=Periods.MONTHS, report_schedule=("weekly",))
    with pytest.raises(SettingsError, match="RAYAK_REPORT_SCHEDULE"):
        weekly.check()
    replace(weekly, report_schedule=("monthly",)).check()


def test_a_week_that_was_kept_earlier_is_not_given_out_any_more(
    months: PageClient, app: Flask, settings: Settings, sqlite: Database
) -> None:
    """Neither in the list, nor as a file, nor by a letter that still waits."""
    answer(sqlite)
    with mail_server(Post()) as post:
        weekly = keeper(sqlite, settings.data_dir / "reports", post=post)
        (week,) = weekly.keep_all("weekly")
        address = f"/admin/reports/kept/{week.id}/en.csv"
        before = PageClient(app)
        sign_in(before, "Amina")
        assert before.http.get(address).status_code == 200
        assert before.get("/admin/reports/kept").all("tbody tr")
        assert months.get("/admin/reports/kept").all("tbody tr") == []
        months.get(address, status=404)
        monthly = keeper(sqlite, settings.data_dir / "reports", post=post, cadences=("monthly",))
        monthly.send_waiting()
        assert post.letters == []
    assert set(states(sqlite).values()) == {DeliveryState.GIVEN_UP}
