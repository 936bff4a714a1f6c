"""A page of a long list, found by the number of its last row: turning costs the same far back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPage:
    """Rows, newest first; `older` and `newer` are where the next pages begin, None at an end."""

    rows: tuple[Row[*tuple[Any, ...]], ...]
    older: int | None
    newer: int | None


def keyed_page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    number: InstrumentedAttribute[int],
    *,
    before: int | None,
    after: int | None,
    size: int,
) -> KeyedPage:
    """The rows of a query numbered next below `before`, or next above `after`, or the newest.

    :param number: unique, and newer rows have greater ones; it becomes the rows' last column.
    """
    query = query.add_columns(number).limit(size + 1)
    if after is not None:
        rows = list(session.execute(query.where(number > after).order_by(number)))
        is_newest, is_oldest = len(rows) <= size, False
        rows = rows[:size][::-1]
    else:
        query = query if before is None else query.where(number < before)
        rows = list(session.execute(query.order_by(number.desc())))
        is_newest, is_oldest = before is None, len(rows) <= size
        rows = rows[:size]
    return KeyedPage(
        rows=tuple(rows),
        older=rows[-1][-1] if rows and not is_oldest else None,
        newer=rows[0][-1] if rows and not is_newest else None,
    )
