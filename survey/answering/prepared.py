"""Statements that run for every answer, put into the words of the database's driver once.

SQLAlchemy makes them and knows the types of their columns. What it does besides at each execution
takes longer than the database needs for the rows, so the driver runs these directly.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from survey.discretion import without_values

Row = Mapping[str, Any]


class Prepared:
    """An INSERT for rows that all have the same columns."""

    def __init__(
        self, insertion: PostgresInsert | SqliteInsert, columns: Collection[str], dialect: Dialect
    ) -> None:
        """:param columns: those that each row brings; the statement says what the others are."""
        compiled = insertion.compile(dialect=dialect, column_keys=list(columns))
        kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
        self._dialect = dialect
        self._text = str(compiled)
        # What the statement itself compares with.
        self._constants = {n: v for n, v in compiled.params.items() if v is not None}
        # SQLite's driver takes values by place, PostgreSQL's by name.
        self._by_place = compiled.positiontup is not None
        self._makers = [
            (name, kinds[name].dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or kinds
        ]

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert the rows, within the connection's transaction.

        :raise DBAPIError: of SQLAlchemy's kinds, such as IntegrityError.
        """
        try:
            connection.connection.cursor().executemany(self._text, list(map(self._bound, rows)))
        except self._dialect.loaded_dbapi.Error as error:
            raise self._known(error, connection) from error

    def returned(self, connection: Connection, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """The same; gives what the statement returns of the rows that were inserted."""
        # Typed as every driver's, while what gives rows back is each one's own.
        cursor: Any = connection.connection.cursor()
        found: list[tuple[Any, ...]] = []
        try:
            if self._by_place:
                for row in rows:
                    found += cursor.execute(self._text, self._bound(row)).fetchall()
            else:
                cursor.executemany(self._text, list(map(self._bound, rows)), returning=True)
                for result in cursor.results():
                    found += result.fetchall()
        except self._dialect.loaded_dbapi.Error as error:
            raise self._known(error, connection) from error
        return found

    def _bound(self, row: Row) -> Any:
        """The values of a row as the driver takes them."""
        values = {**self._constants, **row}
        bound = {name: make(values[name]) if make else values[name] for name, make in self._makers}
        return tuple(bound.values()) if self._by_place else bound

    def _known(self, error: Any, connection: Connection) -> BaseException:
        """The driver's error as SQLAlchemy's, without the values: they may be somebody's words."""
        if self._dialect.is_disconnect(error, connection.connection, None):
            connection.invalidate(error)
        known: BaseException = DBAPIError.instance(
            self._text,
            None,
            without_values(error),
            self._dialect.loaded_dbapi.Error,
            dialect=self._dialect,
        )
        return known
