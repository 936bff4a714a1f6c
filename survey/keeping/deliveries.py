"""Letters with kept reports: each is claimed before it is sent, and never sent twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.keeping.delivery_state import DeliveryState
from survey.keeping.kept import LEASE, MOST_ATTEMPTS, Delivery, delivery_of, pause
from survey.models import ReportDelivery
from survey.services import begin_write

INTERRUPTED = "interrupted while it was being sent; it may have arrived"


def next_delivery(session: Session, *, now: datetime) -> Delivery | None:
    """A letter that the caller, and nobody else, is to send now; None when nothing waits.

    One that was claimed long ago and never settled becomes `unknown`: whoever was sending it may
    have ended just after the server accepted it.
    """
    if not _anything(session, now):
        return None
    begin_write(session)
    session.execute(
        update(ReportDelivery)
        .where(
            ReportDelivery.state == DeliveryState.SENDING,
            ReportDelivery.tried_at <= now - LEASE,
        )
        .values(state=DeliveryState.UNKNOWN, problem=INTERRUPTED)
    )
    row = session.scalar(
        select(ReportDelivery)
        .where(ReportDelivery.state == DeliveryState.WAITING, ReportDelivery.next_try_at <= now)
        .order_by(ReportDelivery.next_try_at, ReportDelivery.id)
        .limit(1)
        # On PostgreSQL another process takes the next one instead of waiting for this one.
        .with_for_update(skip_locked=True)
    )
    found = None
    if row is not None:
        row.state, row.tried_at, row.attempts = DeliveryState.SENDING, now, row.attempts + 1
        session.flush()
        found = delivery_of(row)
    session.commit()
    return found


def _anything(session: Session, now: datetime) -> bool:
    """Whether it is worth a write transaction to look closer."""
    waiting = (ReportDelivery.state == DeliveryState.WAITING) & (ReportDelivery.next_try_at <= now)
    left = (ReportDelivery.state == DeliveryState.SENDING) & (
        ReportDelivery.tried_at <= now - LEASE
    )
    found = session.scalar(select(ReportDelivery.id).where(waiting | left).limit(1))
    session.rollback()
    return found is not None


def settle(session: Session, delivery: Delivery, state: DeliveryState, problem: str = "") -> None:
    """What became of a claimed letter: sent, refused, or unknown."""
    _write(session, delivery.id, state=state, problem=problem, next_try_at=None)


def delay(session: Session, delivery: Delivery, problem: str, *, now: datetime) -> DeliveryState:
    """It did not go out and is tried again after a pause that grows, but not for ever."""
    if delivery.attempts >= MOST_ATTEMPTS:
        settle(session, delivery, DeliveryState.GIVEN_UP, problem)
        return DeliveryState.GIVEN_UP
    _write(
        session,
        delivery.id,
        state=DeliveryState.WAITING,
        problem=problem,
        next_try_at=now + pause(delivery.attempts),
    )
    return DeliveryState.WAITING


def send_again(session: Session, report: int, *, now: datetime) -> int:
    """Let what did not surely arrive of a report wait anew, at a person's word; gives how many."""
    begin_write(session)
    again = session.scalars(
        update(ReportDelivery)
        .where(
            ReportDelivery.report_id == report,
            ReportDelivery.state.not_in((DeliveryState.SENT, DeliveryState.SENDING)),
        )
        .values(state=DeliveryState.WAITING, next_try_at=now, attempts=0)
        .returning(ReportDelivery.id)
    ).all()
    session.commit()
    return len(again)


def _write(session: Session, number: int, **values: object) -> None:
    begin_write(session)
    session.execute(update(ReportDelivery).where(ReportDelivery.id == number).values(**values))
    session.commit()
