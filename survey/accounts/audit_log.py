"""The audit log as it is read: who did what to which object, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from survey.exchange.export import BOM, safe_line
from survey.keyed_page import NEWEST, SIZE, Count, Place, keyed_page
from survey.models import AuditEvent

ROWS_AT_ONCE = 1_000
COLUMNS = ("id", "at", "actor", "action", "target")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch:
    """Which events; the empty text and None leave a part open. Days are the site's, included."""

    actor: str = ""
    action: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step: when (UTC), by whom, what, and to which object."""

    id: int
    at: datetime
    actor: str
    action: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """One page of events; `older` and `newer` are where the next pages begin, None at an end."""

    events: tuple[Event, ...]
    older: int | None
    newer: int | None
    count: Count


def page_of_events(
    session: Session,
    search: AuditSearch,
    zone: tzinfo,
    place: Place = NEWEST,
    *,
    size: int = SIZE,
) -> EventPage:
    """The events that a search finds, at a place of their list."""
    query = select(AuditEvent).where(*_conditions(search, zone))
    page = keyed_page(session, query, AuditEvent.id, place, size=size)
    events = tuple(_event(row[0]) for row in page.rows)
    return EventPage(events=events, older=page.older, newer=page.newer, count=page.count)


def known_actors(session: Session) -> list[str]:
    """Everybody who ever did something, by name."""
    return list(session.scalars(select(AuditEvent.actor).distinct().order_by(AuditEvent.actor)))


def known_actions(session: Session) -> list[str]:
    """Everything that was ever done, by name."""
    return list(session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)))


def csv_of_events(session: Session, search: AuditSearch, zone: tzinfo) -> Iterator[bytes]:
    """Every event that a search finds, newest first, as CSV safe from formulas, piece by piece."""
    yield BOM.encode()
    yield safe_line(COLUMNS)
    query = select(AuditEvent).where(*_conditions(search, zone)).order_by(AuditEvent.id.desc())
    for row in session.scalars(query.execution_options(yield_per=ROWS_AT_ONCE)):
        yield safe_line([row.id, row.at, row.actor, row.action, row.target])


def _conditions(search: AuditSearch, zone: tzinfo) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.actor:
        found.append(AuditEvent.actor == search.actor)
    if search.action:
        found.append(AuditEvent.action == search.action)
    if search.first:
        found.append(AuditEvent.at >= _midnight(search.first, zone))
    if search.last:
        found.append(AuditEvent.at < _midnight(search.last + timedelta(days=1), zone))
    return found


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _event(row: AuditEvent) -> Event:
    return Event(id=row.id, at=row.at, actor=row.actor, action=row.action, target=row.target)
