"""The tables of the roll-ups: what names a cell of each, and which are sums of which."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import inspect

from survey.models import (
    Base,
    DailyArticleCount,
    DailyCount,
    DailyLanguageCount,
    MonthlyArticleCount,
    MonthlyCount,
)

Key = tuple[Any, ...]
Rollup = (
    type[DailyCount]
    | type[DailyArticleCount]
    | type[DailyLanguageCount]
    | type[MonthlyCount]
    | type[MonthlyArticleCount]
)
ROLLUPS: dict[str, Rollup] = {
    table.__tablename__: table
    for table in (
        DailyArticleCount,
        DailyCount,
        DailyLanguageCount,
        MonthlyArticleCount,
        MonthlyCount,
    )
}


@cache
def dimensions(table: type[Base]) -> list[str]:
    """The columns that name a cell of a roll-up."""
    return [column.name for column in inspect(table).primary_key]


@cache
def names(table: Rollup) -> list[str]:
    """What names a count of answers, the level last: it is a key, or one of five columns."""
    return [name for name in dimensions(table) if name != "rating"] + ["rating"]


# Which roll-ups are sums of which.
DERIVED: dict[Rollup, list[Rollup]] = {
    DailyCount: [DailyLanguageCount, MonthlyCount],
    DailyArticleCount: [MonthlyArticleCount],
}
# Every column of an answer by which a roll-up counts.
COLUMNS = sorted({name for table in ROLLUPS.values() for name in names(table)} - {"month"})


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def last_day(month: date) -> date:
    """The last day of the month that a day lies in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def is_of_articles(table: Rollup) -> bool:
    """Whether it counts the answers under articles alone."""
    return "article" in names(table)


@cache
def count_columns(table: Rollup) -> list[str]:
    """The columns that hold numbers of answers."""
    return [column.name for column in table.__table__.columns if not column.primary_key]


@cache
def reader(table: Rollup) -> Callable[[Mapping[str, Any]], Key]:
    """Takes the name of an answer's count out of its columns."""
    return itemgetter(*names(table))
