"""A page of a long list, found by the number of its last row: turning costs the same far back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

SIZE = 50
# Further than this nobody counts by eye, and the database need not either.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a list, and which way it is read.

    The page holds the rows numbered next below `before`, or next above `after`; with neither it is
    the first one: the newest rows, or the oldest.
    """

    before: int | None = None
    after: int | None = None
    oldest_first: bool = False


NEWEST = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How long a list is: `number` rows, or more than that."""

    number: int
    is_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPage:
    """Rows in the order asked for; `older` and `newer` are where other pages begin, None at an end.

    `count` is of the whole list.
    """

    rows: tuple[Row[*tuple[Any, ...]], ...]
    older: int | None
    newer: int | None
    count: Count


def keyed_page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    number: InstrumentedAttribute[int],
    place: Place,
    *,
    size: int,
) -> KeyedPage:
    """The rows of a query at a place.

    :param number: unique, and newer rows have greater ones; it becomes the rows' last column.
    """
    page = query.add_columns(number).limit(size + 1)
    is_first = place.before is None and place.after is None
    upwards = place.after is not None or (is_first and place.oldest_first)
    if place.after is not None:
        page = page.where(number > place.after)
    elif place.before is not None:
        page = page.where(number < place.before)
    found = list(session.execute(page.order_by(number if upwards else number.desc())))
    rows, goes_on = found[:size], len(found) > size
    if upwards is not place.oldest_first:
        rows.reverse()
    # A list that fits on one page is counted already.
    count = Count(number=len(rows), is_more=False)
    if goes_on or not is_first:
        count = _counted(session, query, number)
    has_older, has_newer = (not is_first, goes_on) if upwards else (goes_on, not is_first)
    oldest, newest = (0, -1) if place.oldest_first else (-1, 0)
    return KeyedPage(
        rows=tuple(rows),
        older=rows[oldest][-1] if rows and has_older else None,
        newer=rows[newest][-1] if rows and has_newer else None,
        count=count,
    )


def _counted(
    session: Session, query: Select[*tuple[Any, ...]], number: InstrumentedAttribute[int]
) -> Count:
    """How many rows a query has, up to `MOST_COUNTED`: a longer list costs no more."""
    rows = query.with_only_columns(number).limit(MOST_COUNTED + 1).subquery()
    found = session.scalar(select(func.count()).select_from(rows)) or 0
    return Count(number=min(found, MOST_COUNTED), is_more=found > MOST_COUNTED)
