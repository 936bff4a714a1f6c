"""Sums of answers over a period: its whole months from their roll-up, the days left one by one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from survey.models import DailyArticleCount, DailyCount, MonthlyArticleCount, MonthlyCount
from survey.ratings import SCALE, State

REPORTED = (State.COUNTED, State.POSSIBLE_DUPLICATE)
LEVELS = tuple(f"level_{level}" for level in SCALE)
# Each roll-up of months with that of days.
CELLS = (MonthlyCount.__table__.c, DailyCount.__table__.c)
ARTICLES = (MonthlyArticleCount.__table__.c, DailyArticleCount.__table__.c)
Columns = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
# What else the rows of a table must fulfil.
Condition = Callable[[Columns], ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days of the site's calendar, the first and the last included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days within one month, to be added to the whole months (`sign` 1) or taken away (-1)."""

    first: date
    last: date
    sign: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A period as months, each by its first day, and days; `months` is None when there are none."""

    months: Period | None
    days: tuple[Days, ...]


def parts(period: Period) -> Parts:
    """The months and days that make up a period, in the fewest days.

    A month that the period covers by more than half is taken whole, and the rest taken away.
    """
    months: list[date] = []
    days: list[Days] = []
    for start, end in _months(period):
        first, last = max(start, period.first), min(end, period.last)
        covered = (last - first).days + 1
        if covered * 2 > (end - start).days + 1:
            months.append(start)
            if start < first:
                days.append(Days(first=start, last=first - timedelta(days=1), sign=-1))
            if last < end:
                days.append(Days(first=last + timedelta(days=1), last=end, sign=-1))
        else:
            days.append(Days(first=first, last=last, sign=1))
    whole = Period(first=months[0], last=months[-1]) if months else None
    return Parts(months=whole, days=tuple(days))


def _months(period: Period) -> Iterator[tuple[date, date]]:
    """First and last day of every month that the period touches."""
    year, month = period.first.year, period.first.month
    while (year, month) <= (period.last.year, period.last.month):
        yield date(year, month, 1), date(year, month, monthrange(year, month)[1])
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def rows(
    tables: tuple[Columns, Columns],
    period: Period,
    names: tuple[str, ...],
    *conditions: Condition,
) -> Subquery:
    """Rows of these columns and of the five levels that sum up to the reported answers.

    The column `month` names the month; counts may be negative, only their sums mean something.

    :param tables: `CELLS` or `ARTICLES`.
    """
    months, days = tables
    found = parts(period)
    selects: list[Select[Any]] = []
    if found.months:
        selects.append(
            select(*(months[name] for name in (*names, *LEVELS))).where(
                months.month.between(found.months.first, found.months.last),
                months.state.in_(REPORTED),
                *(condition(months) for condition in conditions),
            )
        )
    for some in found.days:
        month = literal(some.first.replace(day=1), Date).label("month")
        selects.append(
            select(
                *(month if name == "month" else days[name] for name in names),
                *(
                    case((days.rating == level, some.sign * days.answers), else_=0).label(name)
                    for level, name in zip(SCALE, LEVELS, strict=True)
                ),
            ).where(
                days.day.between(some.first, some.last),
                days.state.in_(REPORTED),
                *(condition(days) for condition in conditions),
            )
        )
    return (union_all(*selects) if len(selects) > 1 else selects[0]).subquery()


def by(source: Subquery, names: tuple[str, ...]) -> Select[Any]:
    """The sum of each level, by these columns and in their order."""
    keys = [source.c[name] for name in names]
    sums = [func.sum(source.c[level]) for level in LEVELS]
    return select(*keys, *sums).group_by(*keys).order_by(*keys)
