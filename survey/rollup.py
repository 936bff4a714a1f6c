"""The roll-ups of answers by day and month: counted beside each answer, and recounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import (
    Base,
    DailyArticleCount,
    DailyCount,
    DailyLanguageCount,
    DailyView,
    MonthlyArticleCount,
    MonthlyCount,
    Response,
)
from survey.ratings import SCALE

_dialects: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A cell where the roll-up says something other than the answers themselves."""

    table: str
    key: Mapping[str, object]
    recounted: int
    stored: int


def insert_for(dialect: str, table: type[Base]) -> Any:
    """A dialect's own INSERT, the one that knows ON CONFLICT."""
    return _dialects[dialect].insert(table)


def insert(session: Session, table: type[Base]) -> Any:
    """The same, of the session's database."""
    return insert_for(session.get_bind().dialect.name, table)


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


class Tally:
    """What a transaction changes in the roll-ups, summed first and written once at its end.

    Every transaction writes its cells in the same order, so that two of them wait for each other
    at most in one direction: PostgreSQL would end one of two that wait crosswise.
    """

    def __init__(self) -> None:
        self._changes: dict[str, Counter[Key]] = {name: Counter() for name in ROLLUPS}

    def count(self, response: Response, change: int) -> None:
        """Note `change` (+1 or -1) for the cells of an answer as it is now."""
        self._note({name: getattr(response, name) for name in COLUMNS}, change)

    def count_new(self, values: Mapping[str, Any]) -> None:
        """Note a new answer, given by the columns of its row."""
        self._note(values, 1)

    def _note(self, values: Mapping[str, Any], change: int) -> None:
        values = {**values, "month": month_of(values["day"])}
        for name, table in ROLLUPS.items():
            if values["article"] or not _is_of_articles(table):
                self._changes[name][_reader(table)(values)] += change

    def write(self, session: Session) -> None:
        """Add the sums to the cells; the caller commits.

        A cell that reaches zero goes, so that the roll-up stays equal to a recount.
        """
        for name, table in ROLLUPS.items():
            changes = rows(table, self._changes[name])
            if not changes:
                continue
            statement = _addition(session.get_bind().dialect.name, table)
            # All at once: of what an answer costs, most was making ready for each row alone.
            session.connection().execute(statement, changes)
            for row in changes:
                if any(row[column] < 0 for column in _counts(table)):
                    cell = {column: row[column] for column in dimensions(table)}
                    empty = [getattr(table, column) == 0 for column in _counts(table)]
                    session.execute(delete(table).filter_by(**cell).where(*empty))


@cache
def _reader(table: Rollup) -> Callable[[Mapping[str, Any]], Key]:
    """Takes the name of an answer's count out of its columns."""
    return itemgetter(*names(table))


def _is_of_articles(table: Rollup) -> bool:
    return "article" in names(table)


@cache
def _counts(table: Rollup) -> list[str]:
    """The columns that hold numbers of answers."""
    return [column.name for column in table.__table__.columns if not column.primary_key]


def rows(table: Rollup, cells: Mapping[Key, int]) -> list[dict[str, Any]]:
    """The rows that hold these counts, always in the same order; counts of 0 are left out."""
    found: dict[Key, dict[str, Any]] = {}
    columns = dimensions(table)
    for key in sorted(cells):
        answers = cells[key]
        if not answers:
            continue
        if "rating" in columns:
            found[key] = dict(zip(columns, key, strict=True)) | {"answers": answers}
            continue
        *cell, level = key
        row = found.get(tuple(cell))
        if row is None:
            row = dict(zip(columns, cell, strict=True)) | dict.fromkeys(_counts(table), 0)
            found[tuple(cell)] = row
        row[f"level_{level}"] += answers
    return list(found.values())


@cache
def _addition(dialect: str, table: Rollup) -> Any:
    """The statement that adds to one row; made once: making it costs more than running it."""
    statement = insert_for(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=dimensions(table),
        set_={
            column: getattr(table, column) + statement.excluded[column] for column in _counts(table)
        },
    )


def add_views(session: Session, views: Mapping[Key, int]) -> None:
    """Add sums of views, each under the columns that name its cell; the caller commits."""
    columns = dimensions(DailyView)
    statement = insert(session, DailyView)
    # Always in the same order: two processes that flush at once must not wait for each other.
    rows = [dict(zip(columns, key, strict=True)) | {"views": views[key]} for key in sorted(views)]
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=columns, set_={"views": DailyView.views + statement.excluded.views}
        ),
        rows,
    )


def add(session: Session, answers: Sequence[Mapping[str, Any]]) -> None:
    """Count many new answers, each with the columns of a response; the caller commits."""
    counted = [{**answer, "month": month_of(answer["day"])} for answer in answers]
    under_articles = [answer for answer in counted if answer["article"]]
    for table in ROLLUPS.values():
        found = under_articles if _is_of_articles(table) else counted
        sums = rows(table, Counter(map(_reader(table), found)))
        if sums:
            statement = _addition(session.get_bind().dialect.name, table)
            session.connection().execute(statement, sums)


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
    if _is_of_articles(table):
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
    query = select(*(getattr(table, name) for name in (*cell, *_counts(table))))
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
