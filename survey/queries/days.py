"""The days of a period, as conditions and as steps of time."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Date, cast, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.models import DailyLanguageCount
from survey.sums import Period


class Unit(StrEnum):
    """How long one step of a series of time is; a step is named by its first day.

    Weeks begin on Monday.
    """

    DAY = "day"
    WEEK = "week"
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


def step_of(session: Session, day: InstrumentedAttribute[date], unit: Unit) -> ColumnElement[date]:
    """The first day of the step that a day lies in, as the database itself computes it."""
    if unit is Unit.DAY:
        return day.expression
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.date_trunc(literal_column(f"'{unit}'"), day), Date)
    # SQLite: on to Sunday and back to Monday, or back to the first of the month.
    changes = ("weekday 0", "-6 days") if unit is Unit.WEEK else ("start of month",)
    return func.date(day, *changes, type_=Date)
