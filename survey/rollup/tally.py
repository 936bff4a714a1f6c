"""What one transaction changes in the roll-ups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete

from survey.models import Response
from survey.rollup.rows import addition, rows
from survey.rollup.tables import (
    COLUMNS,
    ROLLUPS,
    Key,
    count_columns,
    dimensions,
    is_of_articles,
    month_of,
    reader,
)


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
            if values["article"] or not is_of_articles(table):
                self._changes[name][reader(table)(values)] += change

    def write(self, connection: Connection) -> None:
        """Add the sums to the cells; the caller commits.

        A cell that reaches zero goes, so that the roll-up stays equal to a recount.
        """
        for name, table in ROLLUPS.items():
            changes = rows(table, self._changes[name])
            if not changes:
                continue
            addition(connection.dialect, table).run(connection, changes)
            for row in changes:
                if any(row[column] < 0 for column in count_columns(table)):
                    cell = {column: row[column] for column in dimensions(table)}
                    empty = [getattr(table, column) == 0 for column in count_columns(table)]
                    connection.execute(delete(table).filter_by(**cell).where(*empty))
