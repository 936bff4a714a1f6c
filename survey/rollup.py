"""The daily roll-ups of answers: counted up and down beside each answer, and recounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.models import Base, DailyArticleCount, DailyCount, DailyView, Response

_dialects: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}

Key = tuple[Any, ...]
ROLLUPS: dict[str, type[DailyCount] | type[DailyArticleCount]] = {
    DailyCount.__tablename__: DailyCount,
    DailyArticleCount.__tablename__: DailyArticleCount,
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


class Tally:
    """What a transaction changes in the roll-ups, summed first and written once at its end.

    Every transaction writes its cells in the same order, so that two of them wait for each other
    at most in one direction: PostgreSQL would end one of two that wait crosswise.
    """

    def __init__(self) -> None:
        self._changes: Counter[tuple[str, Key]] = Counter()

    def count(self, response: Response, change: int) -> None:
        """Note `change` (+1 or -1) for the cells of an answer as it is now."""
        for table in ROLLUPS.values():
            if table is DailyCount or response.article:
                key = tuple(getattr(response, name) for name in dimensions(table))
                self._changes[table.__tablename__, key] += change

    def count_new(self, values: Mapping[str, Any]) -> None:
        """Note a new answer, given by the columns of its row."""
        for table in ROLLUPS.values():
            if table is DailyCount or values["article"]:
                key = itemgetter(*dimensions(table))(values)
                self._changes[table.__tablename__, key] += 1

    def write(self, session: Session) -> None:
        """Add the sums to the cells; the caller commits.

        A cell that reaches zero goes, so that the roll-up stays equal to a recount.
        """
        for (name, key), change in sorted(self._changes.items()):
            if change == 0:
                continue
            table = ROLLUPS[name]
            cell = dict(zip(dimensions(table), key, strict=True))
            statement = _addition(session.get_bind().dialect.name, table)
            session.connection().execute(statement, cell | {"answers": change})
            if change < 0:
                session.execute(delete(table).filter_by(**cell).where(table.answers == 0))


@cache
def _addition(dialect: str, table: type[DailyCount] | type[DailyArticleCount]) -> Any:
    """The statement that adds to one cell; made once: making it costs more than running it."""
    statement = insert_for(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=dimensions(table),
        set_={"answers": table.answers + statement.excluded.answers},
    )


def add_views(session: Session, views: Mapping[Key, int]) -> None:
    """Add sums of views, each under the columns that name its cell; the caller commits."""
    names = dimensions(DailyView)
    statement = insert(session, DailyView)
    # Always in the same order: two processes that flush at once must not wait for each other.
    rows = [dict(zip(names, key, strict=True)) | {"views": views[key]} for key in sorted(views)]
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=names, set_={"views": DailyView.views + statement.excluded.views}
        ),
        rows,
    )


def add(session: Session, answers: Sequence[Mapping[str, Any]]) -> None:
    """Count many new answers, each with the columns of a response; the caller commits."""
    tables: list[tuple[type[DailyCount] | type[DailyArticleCount], Sequence[Mapping[str, Any]]]] = [
        (DailyCount, answers),
        (DailyArticleCount, [answer for answer in answers if answer["article"]]),
    ]
    for table, counted in tables:
        names = dimensions(table)
        cells = Counter(map(itemgetter(*names), counted))
        if not cells:
            continue
        statement = insert(session, table)
        session.connection().execute(
            statement.on_conflict_do_update(
                index_elements=names,
                set_={"answers": table.answers + statement.excluded.answers},
            ),
            [dict(zip(names, key, strict=True)) | {"answers": n} for key, n in cells.items()],
        )


def mismatches(session: Session) -> list[Mismatch]:
    """Every cell where a recount of the answers and the roll-up differ; empty when all is well."""
    return [m for table in (DailyCount, DailyArticleCount) for m in _compare(session, table)]


def rebuild(session: Session) -> None:
    """Write both roll-ups anew from the answers; the caller commits."""
    for table in (DailyCount, DailyArticleCount):
        session.execute(delete(table))
        rows = [
            dict(zip(dimensions(table), key, strict=True)) | {"answers": n}
            for key, n in _recount(session, table).items()
        ]
        if rows:
            session.execute(insert(session, table), rows)


def _recount(session: Session, table: type[DailyCount] | type[DailyArticleCount]) -> Counter[Key]:
    columns = [getattr(Response, name) for name in dimensions(table)]
    query = select(*columns, func.count()).group_by(*columns)
    if table is DailyArticleCount:
        query = query.where(Response.article != "")
    return Counter({tuple(row[:-1]): row[-1] for row in session.execute(query)})


def _compare(
    session: Session, table: type[DailyCount] | type[DailyArticleCount]
) -> Iterator[Mismatch]:
    names = dimensions(table)
    columns = [getattr(table, name) for name in names]
    stored = Counter(
        {tuple(r[:-1]): r[-1] for r in session.execute(select(*columns, table.answers))}
    )
    recounted = _recount(session, table)
    for key in recounted.keys() | stored.keys():
        if recounted[key] != stored[key]:
            yield Mismatch(
                table=table.__tablename__,
                key=dict(zip(names, key, strict=True)),
                recounted=recounted[key],
                stored=stored[key],
            )
