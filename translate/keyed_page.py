"""A page of a long list in any order, found by its last row: turning costs the same far back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

# Further than this nobody counts by eye, and the database need not either.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a list is sorted by; the last column of the key is the unique number of a row."""

    key: tuple[Any, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: beyond a row in ascending order, before a row, or at the beginning."""

    before: int | None = None
    after: int | None = None


BEGINNING = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How long a list is: `number` rows, or more than that."""

    number: int
    is_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPage:
    """Rows in their order, where the pages around them begin, and how long the whole list is."""

    rows: tuple[Row[*tuple[Any, ...]], ...]
    previous: Place | None
    following: Place | None
    count: Count


def keyed_page(
    session: Session,
    everything: Select[*tuple[Any, ...]],
    conditions: list[ColumnElement[bool]],
    order: Order,
    place: Place,
    *,
    size: int,
) -> KeyedPage:
    """The rows of a list that meet the conditions, at a place.

    A row may be the place without meeting them any longer; one that is gone is the beginning.

    :param everything: the list without conditions and order.
    """
    number = order.key[-1]
    query = everything.where(*conditions)
    start = _key_of(session, everything, order, place)
    downwards = order.descending
    page = query.add_columns(number).limit(size + 1)
    if start is not None:
        key = tuple_(*order.key)
        downwards = place.after is None
        page = page.where(key < start if downwards else key > start)
    by = [column.desc() for column in order.key] if downwards else order.key
    found = list(session.execute(page.order_by(*by)))
    rows, goes_on = found[:size], len(found) > size
    # A list that fits on one page is counted already.
    count = Count(number=len(rows), is_more=False)
    if goes_on or start is not None:
        count = _counted(session, query, number)
    is_turned = downwards is not order.descending
    if is_turned:
        rows.reverse()
    has_previous, has_following = start is not None, goes_on
    if is_turned:
        has_previous, has_following = has_following, has_previous
    return KeyedPage(
        rows=tuple(rows),
        previous=_beyond(rows[0][-1], not order.descending) if rows and has_previous else None,
        following=_beyond(rows[-1][-1], order.descending) if rows and has_following else None,
        count=count,
    )


def _key_of(
    session: Session, everything: Select[*tuple[Any, ...]], order: Order, place: Place
) -> tuple[Any, ...] | None:
    """The key of the row at which a page begins, if there is such a row."""
    number = place.before if place.after is None else place.after
    if number is None:
        return None
    if len(order.key) == 1:
        return (number,)
    row = session.execute(
        everything.with_only_columns(*order.key).where(order.key[-1] == number)
    ).first()
    return tuple(row) if row else None


def _beyond(number: int, before: bool) -> Place:
    return Place(before=number) if before else Place(after=number)


def _counted(session: Session, query: Select[*tuple[Any, ...]], number: Any) -> Count:
    rows = query.with_only_columns(number).limit(MOST_COUNTED + 1).subquery()
    found = session.scalar(select(func.count()).select_from(rows)) or 0
    return Count(number=min(found, MOST_COUNTED), is_more=found > MOST_COUNTED)
