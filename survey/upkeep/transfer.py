"""All rows of a database, out of one and into another; the two may be of different kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text

from survey.db import Database, DatabaseError, known_revisions, migrate

Row = dict[str, Any]
AT_ONCE = 5_000
_OF_ALEMBIC = "alembic_version"


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection on which everything that is read is of one moment."""
    with database.engine.connect() as connection:
        # SQLite's read transaction is a snapshot by itself.
        if database.url.get_backend_name() == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def tables(connection: Connection) -> list[Table]:
    """The tables as they are in the database, each after those it refers to.

    Read from the database and not from the models: rows of an older schema are moved as well.
    """
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != _OF_ALEMBIC]


def count(connection: Connection, table: Table) -> int:
    """How many rows there are."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def rows(connection: Connection, table: Table) -> Iterator[Row]:
    """Every row in the order of the key, a few thousand at a time in memory; moments in UTC."""
    query = select(table).order_by(*table.primary_key.columns)
    with connection.execute(query, execution_options={"yield_per": AT_ONCE}) as result:
        for row in result.mappings():
            yield {name: _in_utc(value) for name, value in row.items()}


def _in_utc(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    # SQLite gives moments without zone, PostgreSQL in the connection's.
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def fill(
    database: Database, revision: str, contents: Callable[[Table], Iterable[Row]]
) -> dict[str, int]:
    """Make the tables of `revision` in an empty database, fill and bring them up to date.

    One transaction: when anything fails, the database is as empty as before.

    :param contents: gives the rows of a table.
    :return: how many rows each table got.
    :raise DatabaseError: when the database is not empty, or `revision` is of a newer version.
    """
    if revision not in known_revisions():
        raise DatabaseError(
            f"It is at migration {revision}, which this version of Rayak does not know: "
            "install the version that wrote it, or a newer one"
        )
    filled = {}
    writing = database.engine.connect().execution_options(writes=True)
    with writing as connection, connection.begin():
        if tables(connection):
            raise DatabaseError(
                "The database to fill has tables already, and nothing is written over: "
                "give RAYAK_DATABASE_URL a new one, or move the old one away"
            )
        migrate(connection, revision)
        for table in tables(connection):
            filled[table.name] = _store(connection, table, contents(table))
        migrate(connection)
    return filled


def copy(
    old: Database, new: Database, say: Callable[[int, int], None] = lambda _done, _of: None
) -> dict[str, int]:
    """Copy every row of `old`, as it is at this moment, into the empty database `new`.

    :param say: called with the rows that are done and how many there are.
    :return: how many rows each table got.
    :raise DatabaseError: when `old` is empty or `new` is not.
    """
    revision = old.revision()
    if revision is None:
        raise DatabaseError("The database is empty: there is nothing to copy")
    with snapshot(old) as connection:
        found = {table.name: table for table in tables(connection)}
        everything = sum(count(connection, table) for table in found.values())
        done = 0

        def contents(table: Table) -> Iterator[Row]:
            nonlocal done
            for row in rows(connection, found[table.name]):
                yield row
                done += 1
                if done % AT_ONCE == 0 or done == everything:
                    say(done, everything)

        return fill(new, revision, contents)


def _store(connection: Connection, table: Table, contents: Iterable[Row]) -> int:
    stored = 0
    remaining = iter(contents)
    while batch := list(islice(remaining, AT_ONCE)):
        connection.execute(insert(table), batch)
        stored += len(batch)
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)
    return stored


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number the next row after the highest that is there."""
    for column in table.primary_key.columns:
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": table.name, "column": column.name},
        )
        if sequence is not None:
            highest = connection.scalar(select(func.max(column)))
            connection.execute(
                text("SELECT setval(CAST(:sequence AS regclass), :next, false)"),
                {"sequence": sequence, "next": (highest or 0) + 1},
            )
