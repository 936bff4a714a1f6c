"""The days of a period, as conditions and as steps of time."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.models import DailyLanguageCount
from survey.sums import Period


class Unit(StrEnum):
    """How long one step of a series of time is; a step is named by its first day."""

    DAY = "day"
    MONTH = "month"


def span(session: Session) -> Period | None:
    """The first and the last day with an answer; None when there is none."""
    # Apart: SQLite finds one end of a key at once, but reads all of it for both together.
    day = DailyLanguageCount.day
    first, last = (session.scalar(select(end(day))) for end in (func.min, func.max))
    return Period(first=first, last=last) if first and last else None


def within(day: InstrumentedAttribute[date], period: Period) -> ColumnElement[bool]:
    """Whether a day is one of the period's."""
    return day.between(period.first, period.last)


def grouping(day: InstrumentedAttribute[date], unit: Unit) -> list[ColumnElement[Any]]:
    """What to group by, so that months are summed in the database rather than here."""
    if unit is Unit.DAY:
        return [day.expression]
    return [extract("year", day), extract("month", day)]


def start_of(when: list[Any]) -> date:
    """The first day of a step, from what `grouping` grouped by."""
    if len(when) == 1:
        start: date = when[0]
        return start
    return date(int(when[0]), int(when[1]), 1)
