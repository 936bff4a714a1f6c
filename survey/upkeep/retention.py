"""What must not be kept: comments past their time, and all that recognises a visitor after the day.

Ratings stay as counts and rows; nothing here changes a count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey.answering.visitors import KEYS_AT_ONCE, destroy_salts, empty_keys
from survey.models import Comment
from survey.ratings import local_day
from survey.services import begin_write


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How much went: expired comments, salts of days that are over, keys made with them."""

    comments: int
    salts: int
    keys: int

    def __bool__(self) -> bool:
        return bool(self.comments or self.salts or self.keys)


def purge(session: Session, *, now: datetime, zone: tzinfo, comment_days: int) -> Purged:
    """Delete what is past its time; repeatable, in short transactions.

    A comment lives `comment_days` times 24 hours; 0 keeps every comment.
    """
    today = local_day(now, zone)
    begin_write(session)
    salts = destroy_salts(session, before=today)
    comments = 0
    if comment_days:
        old = delete(Comment).where(Comment.written_at < now - timedelta(days=comment_days))
        comments = len(list(session.scalars(old.returning(Comment.response_id))))
    session.commit()
    keys = 0
    while True:
        begin_write(session)
        emptied = empty_keys(session, before=today)
        session.commit()
        keys += emptied
        if emptied < KEYS_AT_ONCE:
            return Purged(comments=comments, salts=salts, keys=keys)
