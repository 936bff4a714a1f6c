"""How new the sums are, and when they were last compared with the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import DailyLanguageCount, Response, Verification
from survey.queries.days import within
from survey.sums import REPORTED, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """When the roll-up was last compared with the answers, and in how many cells it differed."""

    verified_at: datetime
    differing: int
    mended: bool


def last_answer(session: Session, period: Period) -> datetime | None:
    """The moment of the period's newest reported answer still kept; None when there is none."""
    table = DailyLanguageCount
    last_day = session.scalar(
        select(func.max(table.day)).where(within(table.day, period), table.state.in_(REPORTED))
    )
    if last_day is None:
        return None
    return session.scalar(
        select(Response.answered_at)
        .where(Response.day == last_day, Response.state.in_(REPORTED))
        .order_by(Response.answered_at.desc())
        .limit(1)
    )


def last_recount(session: Session) -> Recount | None:
    """The newest result of `rayak verify`; None when it was never run."""
    row = session.scalar(
        select(Verification)
        .order_by(Verification.verified_at.desc(), Verification.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Recount(verified_at=row.verified_at, differing=row.differing, mended=row.mended)
