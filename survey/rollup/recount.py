"""The recount of the answers, against which the roll-ups are checked and from which mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.models import Response
from survey.ratings import SCALE
from survey.rollup.rows import insert, rows
from survey.rollup.tables import (
    DERIVED,
    Key,
    Rollup,
    count_columns,
    dimensions,
    is_of_articles,
    month_of,
    names,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A cell where the roll-up says something other than the answers themselves."""

    table: str
    key: Mapping[str, object]
    recounted: int
    stored: int


def mismatches(session: Session) -> list[Mismatch]:
    """Every cell where a recount of the answers and a roll-up differ; empty when all is well."""
    return [
        Mismatch(
            table=table.__tablename__,
            key=dict(zip(names(table), key, strict=True)),
            recounted=recounted[key],
            stored=stored[key],
        )
        for table, recounted in _recounts(session)
        for stored in [_stored(session, table)]
        for key in recounted.keys() | stored.keys()
        if recounted[key] != stored[key]
    ]


def rebuild(session: Session) -> None:
    """Write every roll-up anew from the answers; the caller commits."""
    for table, recounted in _recounts(session):
        session.execute(delete(table))
        sums = rows(table, recounted)
        if sums:
            session.execute(insert(session, table), sums)


def _recounts(session: Session) -> Iterator[tuple[Rollup, Counter[Key]]]:
    """What each roll-up should hold; the answers are read twice, the other sums made of those."""
    for base, others in DERIVED.items():
        recounted = _recount(session, base)
        yield base, recounted
        for table in others:
            yield table, summed(recounted, base, table)


def _recount(session: Session, table: Rollup) -> Counter[Key]:
    columns = [getattr(Response, name) for name in names(table)]
    query = select(*columns, func.count()).group_by(*columns)
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


def _stored(session: Session, table: Rollup) -> Counter[Key]:
    cell = dimensions(table)
    query = select(*(getattr(table, name) for name in (*cell, *count_columns(table))))
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
