"""When each version of a package was answered about."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import sums
from survey.models import DailyCount
from survey.sums import REPORTED, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineDays:
    """The first and the last day on which an engine's version was answered about."""

    engine: str
    engine_version: str
    first: date
    last: date


def engine_days(session: Session, period: Period) -> list[EngineDays]:
    """When each engine's version was answered about, in the order in which they came."""
    names = ("engine", "engine_version", "month")
    source = sums.rows(sums.CELLS, period, names, lambda c: c.engine != "")
    months: dict[tuple[str, str], list[date]] = defaultdict(list)
    for engine, version, month, *levels in session.execute(sums.by(source, names)):
        if any(levels):
            months[engine, version].append(month)
    found = []
    for (engine, version), when in months.items():
        first, last = (
            _day(session, period, month, engine, version, end)
            for month, end in ((when[0], func.min), (when[-1], func.max))
        )
        found.append(EngineDays(engine=engine, engine_version=version, first=first, last=last))
    return sorted(found, key=lambda e: (e.engine, e.first, e.engine_version))


def _day(
    session: Session, period: Period, month: date, engine: str, version: str, end: Any
) -> date:
    """The first or the last day of a month on which a version was answered about."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    day: date = session.execute(
        select(end(DailyCount.day)).where(
            DailyCount.day.between(max(month, period.first), min(last, period.last)),
            DailyCount.state.in_(REPORTED),
            DailyCount.engine == engine,
            DailyCount.engine_version == version,
        )
    ).scalar_one()
    return day
