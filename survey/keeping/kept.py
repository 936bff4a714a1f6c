"""Kept reports and their way to recipients: who makes and who sends is decided in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from survey import rollup
from survey.keeping.delivery_state import DeliveryState
from survey.models import KeptReport, ReportDelivery, WordingRow
from survey.ratings import WordingKind
from survey.services import begin_write

# Nobody makes a report or hands in a letter for so long: whoever began has died.
LEASE = timedelta(minutes=30)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=24)
MOST_ATTEMPTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A kept report on its way to one recipient, and what became of it."""

    id: int
    report: int
    recipient: str
    state: DeliveryState
    attempts: int
    tried_at: datetime | None
    next_try_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A kept report; `made_at` is None as long as its files are not all there.

    `question` is the checksum of the version it is about, `wording` its text; both are empty for
    the newest of each language.
    """

    id: int
    cadence: str
    first: date
    last: date
    languages: tuple[str, ...]
    made_at: datetime | None
    next_try_at: datetime | None
    problem: str
    question: str = ""
    wording: str = ""
    deliveries: tuple[Delivery, ...] = ()


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: three times as long each time, a day at most."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * int(3 ** min(attempts - 1, 8)))


def claim(
    session: Session,
    *,
    cadence: str,
    first: date,
    last: date,
    question: str = "",
    now: datetime,
) -> int | None:
    """The number of a report that the caller, and nobody else, is to make now; None for nothing.

    Nothing is to be made when it is there, is being made, or failed too short a time ago.
    """
    name = {"cadence": cadence, "first_day": first, "question": question}
    if not _is_due(session, name, now):
        return None
    begin_write(session)
    fresh = rollup.insert(session, KeptReport).values(
        **name,
        last_day=last,
        languages="",
        claimed_at=now,
        attempts=1,
        problem="",
    )
    number: int | None = session.scalar(
        fresh.on_conflict_do_nothing(index_elements=list(name)).returning(KeptReport.id)
    )
    if number is None:
        number = session.scalar(
            update(KeptReport)
            .filter_by(**name)
            .where(
                KeptReport.made_at.is_(None),
                or_(KeptReport.next_try_at <= now, _abandoned(now)),
            )
            .values(claimed_at=now, attempts=KeptReport.attempts + 1, next_try_at=None)
            .returning(KeptReport.id)
        )
    session.commit()
    return number


def unfinished(session: Session, *, cadence: str, first: date) -> Sequence[str] | None:
    """The questions of a period whose reports were begun and are not there.

    None as long as the report about the newest question is not there.
    """
    query = select(KeptReport.question, KeptReport.made_at)
    found = session.execute(query.filter_by(cadence=cadence, first_day=first)).all()
    session.rollback()
    made = {question: made_at is not None for question, made_at in found}
    return [question for question in made if not made[question]] if made.get("") else None


def _is_due(session: Session, name: dict[str, Any], now: datetime) -> bool:
    """Whether it is worth a write transaction to try; most looks end here."""
    query = select(KeptReport).filter_by(**name)
    row = session.scalar(query)
    session.rollback()
    if row is None:
        return True
    if row.made_at is not None:
        return False
    return row.claimed_at <= now - LEASE if row.next_try_at is None else row.next_try_at <= now


def _abandoned(now: datetime) -> ColumnElement[bool]:
    return KeptReport.next_try_at.is_(None) & (KeptReport.claimed_at <= now - LEASE)


def made(
    session: Session,
    number: int,
    *,
    languages: Sequence[str],
    recipients: Sequence[str],
    now: datetime,
) -> None:
    """The files of a claimed report are there; let it go to these recipients."""
    begin_write(session)
    row = session.get_one(KeptReport, number)
    if row.made_at is None:
        row.made_at, row.problem, row.next_try_at = now, "", None
        row.languages = ",".join(languages)
        session.add_all(
            ReportDelivery(
                report_id=number,
                recipient=recipient,
                state=DeliveryState.WAITING,
                attempts=0,
                next_try_at=now,
                problem="",
            )
            for recipient in recipients
        )
    session.commit()


def failed(session: Session, number: int, *, problem: str, now: datetime) -> None:
    """A claimed report could not be made; it is tried again after a pause that grows."""
    begin_write(session)
    row = session.get_one(KeptReport, number)
    row.problem, row.next_try_at = problem, now + pause(row.attempts)
    session.commit()


def listed(session: Session) -> list[Kept]:
    """Every kept report with its deliveries, the newest period first."""
    deliveries: dict[int, list[Delivery]] = {}
    for d in session.scalars(select(ReportDelivery).order_by(ReportDelivery.id)):
        deliveries.setdefault(d.report_id, []).append(delivery_of(d))
    newest = (KeptReport.last_day.desc(), KeptReport.cadence, KeptReport.id)
    questions = select(WordingRow.sha256, WordingRow.text).filter_by(kind=WordingKind.QUESTION)
    wordings = {row.sha256: row.text for row in session.execute(questions)}
    return [
        _kept(row, deliveries.get(row.id, ()), wordings.get(row.question, ""))
        for row in session.scalars(select(KeptReport).order_by(*newest))
    ]


def find(session: Session, number: int) -> Kept | None:
    """One kept report, without its deliveries; None when there is none of this number."""
    row = session.get(KeptReport, number)
    return _kept(row, ()) if row else None


def _kept(row: KeptReport, deliveries: Sequence[Delivery], wording: str = "") -> Kept:
    return Kept(
        id=row.id,
        cadence=row.cadence,
        first=row.first_day,
        last=row.last_day,
        languages=tuple(filter(None, row.languages.split(","))),
        made_at=row.made_at,
        next_try_at=row.next_try_at,
        problem=row.problem,
        question=row.question,
        wording=wording,
        deliveries=tuple(deliveries),
    )


def delivery_of(row: ReportDelivery) -> Delivery:
    """A row as it goes out of here."""
    return Delivery(
        id=row.id,
        report=row.report_id,
        recipient=row.recipient,
        state=row.state,
        attempts=row.attempts,
        tried_at=row.tried_at,
        next_try_at=row.next_try_at,
        problem=row.problem,
    )
