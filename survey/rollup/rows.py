"""Rows of the roll-ups: made of counts, and added to what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from survey.answering.prepared import Prepared
from survey.models import Base, DailyView, MonthlyArticleView
from survey.rollup.tables import (
    ROLLUPS,
    Key,
    Rollup,
    count_columns,
    dimensions,
    is_of_articles,
    month_of,
    reader,
)

_dialects: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


def insert_for(dialect: str, table: type[Base]) -> Any:
    """A dialect's own INSERT, the one that knows ON CONFLICT."""
    return _dialects[dialect].insert(table)


def insert(session: Session, table: type[Base]) -> Any:
    """The same, of the session's database."""
    return insert_for(session.get_bind().dialect.name, table)


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
            row = dict(zip(columns, cell, strict=True)) | dict.fromkeys(count_columns(table), 0)
            found[tuple(cell)] = row
        row[f"level_{level}"] += answers
    return list(found.values())


@lru_cache
def addition(dialect: Dialect, table: Rollup) -> Prepared:
    """The statement that adds to rows."""
    statement = insert_for(dialect.name, table)
    added = statement.on_conflict_do_update(
        index_elements=dimensions(table),
        set_={
            column: getattr(table, column) + statement.excluded[column]
            for column in count_columns(table)
        },
    )
    return Prepared(added, dimensions(table) + count_columns(table), dialect)


def add(session: Session, answers: Sequence[Mapping[str, Any]]) -> None:
    """Count many new answers, each with the columns of a response; the caller commits."""
    counted = [{**answer, "month": month_of(answer["day"])} for answer in answers]
    under_articles = [answer for answer in counted if answer["article"]]
    for table in ROLLUPS.values():
        found = under_articles if is_of_articles(table) else counted
        sums = rows(table, Counter(map(reader(table), found)))
        if sums:
            connection = session.connection()
            addition(connection.dialect, table).run(connection, sums)


def add_views(
    session: Session, table: type[DailyView | MonthlyArticleView], views: Mapping[Key, int]
) -> None:
    """Add sums of views, each under the columns that name its cell; the caller commits."""
    if not views:
        return
    columns = dimensions(table)
    statement = insert(session, table)
    # Always in the same order: two processes that flush at once must not wait for each other.
    rows = [dict(zip(columns, key, strict=True)) | {"views": views[key]} for key in sorted(views)]
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=columns, set_={"views": table.views + statement.excluded.views}
        ),
        rows,
    )
