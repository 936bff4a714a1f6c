"""How a report's period is cut into the steps of its trend."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from reports.report import Unit


class Cadence(StrEnum):
    """How often a report is kept: of each week from Monday on, of each month."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


DAYS_OF_DAYS = 45
DAYS_OF_WEEKS = 400


def last_ended(cadence: str, today: date) -> tuple[date, date]:
    """First and last day of the newest whole week or month that is over on a day."""
    if cadence == Cadence.WEEKLY:
        end = today - timedelta(days=today.weekday() + 1)
        return end - timedelta(days=6), end
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def months_ended(today: date, number: int) -> list[tuple[date, date]]:
    """First and last days of so many whole months before this one, the newest first."""
    found = []
    day = today
    for _ in range(number):
        first, last = last_ended(Cadence.MONTHLY, day)
        found.append((first, last))
        day = first
    return found


def is_month_ended(first: date | None, last: date | None, today: date) -> bool:
    """Whether two days are the first and the last of one month that is over."""
    if first is None or last is None:
        return False
    whole = first.day == 1 and last == first.replace(day=monthrange(first.year, first.month)[1])
    return whole and last < today.replace(day=1)


def unit_of(first: date, last: date) -> Unit:
    """Days up to six weeks, weeks up to a year, months beyond; never as the reader likes.

    Steps of two lengths over one period would give hidden days away by subtraction.
    """
    days = (last - first).days + 1
    if days <= DAYS_OF_DAYS:
        return Unit.DAY
    return Unit.WEEK if days <= DAYS_OF_WEEKS else Unit.MONTH


def step_start(day: date, unit: Unit) -> date:
    """The first day of the step that a day lies in; weeks begin on Monday."""
    if unit is Unit.DAY:
        return day
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1)


def steps(first: date, last: date, unit: Unit) -> list[tuple[date, date]]:
    """First and last day of every step of a period, without gap; cut at its ends."""
    starts = []
    start = step_start(first, unit)
    while start <= last:
        starts.append(start)
        start = _next(start, unit)
    ends = [after - timedelta(days=1) for _, after in pairwise([*starts, start])]
    return [(max(first, a), min(last, b)) for a, b in zip(starts, ends, strict=True)]


def _next(start: date, unit: Unit) -> date:
    if unit is Unit.DAY:
        return start + timedelta(days=1)
    if unit is Unit.WEEK:
        return start + timedelta(days=7)
    return (start + timedelta(days=31)).replace(day=1)
