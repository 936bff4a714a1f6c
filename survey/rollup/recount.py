"""The recount of the answers, against which the roll-ups are checked and from which mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.models import Response
from survey.ratings import SCALE
from survey.rollup.rows import insert, rows
from survey.rollup.tables import (
    DERIVED,
    ROLLUPS,
    Key,
    Rollup,
    count_columns,
    dimensions,
    is_of_articles,
    last_day,
    month_of,
    names,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A cell where the roll-up says something other than the answers themselves."""

    table: str
    month: date
    key: Mapping[str, object]
    recounted: int
    stored: int


def mismatches(session: Session) -> Iterator[Mismatch]:
    """Every cell where a recount of the answers and a roll-up differ; none when all is well.

    Month by month: however many years there are, it takes the memory of their fullest month.
    """
    for month in months(session):
        for table, recounted in _recounts(session, month):
            stored = _stored(session, table, month)
            cells = recounted.keys() | stored.keys()
            for key in sorted(key for key in cells if recounted[key] != stored[key]):
                yield Mismatch(
                    table=table.__tablename__,
                    month=month,
                    key=dict(zip(names(table), key, strict=True)),
                    recounted=recounted[key],
                    stored=stored[key],
                )


def rebuild(session: Session, month: date) -> None:
    """Write every roll-up of a month anew from its answers; the caller commits."""
    for table, recounted in _recounts(session, month):
        session.execute(delete(table).where(_within(table, month)))
        sums = rows(table, recounted)
        if sums:
            session.execute(insert(session, table), sums)


def months(session: Session) -> Iterator[date]:
    """The first day of each month that an answer, or a row of a roll-up, is of."""
    start = date.min
    while True:
        # Apart, and from a day on: the database finds the first one of each by its key.
        ends = (
            session.scalar(select(func.min(_day(table))).where(_day(table) >= start))
            for table in (Response, *ROLLUPS.values())
        )
        first = min(filter(None, ends), default=None)
        if first is None:
            return
        yield month_of(first)
        last = last_day(first)
        if last == date.max:
            return
        start = last + timedelta(days=1)


def _recounts(session: Session, month: date) -> Iterator[tuple[Rollup, Counter[Key]]]:
    """What each roll-up should hold of a month.

    Its answers are read twice, the other sums made of those.
    """
    for base, others in DERIVED.items():
        recounted = _recount(session, base, month)
        yield base, recounted
        for table in others:
            yield table, summed(recounted, base, table)


def _recount(session: Session, table: Rollup, month: date) -> Counter[Key]:
    columns = [getattr(Response, name) for name in names(table)]
    query = select(*columns, func.count()).where(_within(Response, month)).group_by(*columns)
    if is_of_articles(table):
        query = query.where(Response.article != "")
    return Counter({tuple(row[:-1]): row[-1] for row in session.execute(query)})


def summed(counts: Counter[Key], base: Rollup, table: Rollup) -> Counter[Key]:
    """The counts of a roll-up of days, by the fewer names of another one."""
    day = names(base).index("day")
    places = [None if name == "month" else names(base).index(name) for name in names(table)]
    sums: Counter[Key] = Counter()
    for key, answers in counts.items():
        month = month_of(key[day])
        sums[tuple(month if place is None else key[place] for place in places)] += answers
    return sums


def _stored(session: Session, table: Rollup, month: date) -> Counter[Key]:
    cell = dimensions(table)
    columns = (getattr(table, name) for name in (*cell, *count_columns(table)))
    query = select(*columns).where(_within(table, month))
    stored: Counter[Key] = Counter()
    for row in session.execute(query):
        key, counts = tuple(row[: len(cell)]), row[len(cell) :]
        if "rating" in cell:
            stored[key] = counts[0]
            continue
        for level, answers in zip(SCALE, counts, strict=True):
            if answers:
                stored[*key, level] = answers
    return stored


def _within(table: Rollup | type[Response], month: date) -> ColumnElement[bool]:
    return _day(table).between(month, last_day(month))


def _day(table: Rollup | type[Response]) -> InstrumentedAttribute[date]:
    """The day of an answer or of a roll-up's row; months are named by their first one."""
    name = "month" if "month" in dimensions(table) else "day"
    column: InstrumentedAttribute[date] = getattr(table, name)
    return column
