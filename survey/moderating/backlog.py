"""What of a period may want a moderator's look, as counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import Comment, DailyCount, Response
from survey.ratings import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Answers of a period by what sets them apart."""

    possible_duplicates: int
    spam: int
    comments: int


def backlog(session: Session, first: date, last: date, language: str | None) -> Backlog:
    """Counts over whole days, both included; of texts shown in one language, or in all."""
    states = select(DailyCount.state, func.sum(DailyCount.answers)).where(
        DailyCount.day.between(first, last)
    )
    # The site's day begins at most a day before or after UTC's: the index finds the candidates.
    begin = datetime.combine(first, time(), UTC) - timedelta(days=1)
    end = datetime.combine(last, time(), UTC) + timedelta(days=2)
    comments = (
        select(func.count(Comment.response_id))
        .join(Response, Response.id == Comment.response_id)
        .where(
            Comment.written_at.between(begin, end),
            Response.day.between(first, last),
            Response.state != State.WITHDRAWN,
        )
    )
    if language:
        states = states.where(DailyCount.shown_language == language)
        comments = comments.where(Response.shown_language == language)
    by_state = {s: int(n) for s, n in session.execute(states.group_by(DailyCount.state))}
    return Backlog(
        possible_duplicates=by_state.get(State.POSSIBLE_DUPLICATE, 0),
        spam=by_state.get(State.SPAM, 0),
        comments=session.scalar(comments) or 0,
    )
