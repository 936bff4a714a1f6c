"""Answers with their comments, and the salt by which a repeated answer is recognised."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base
from survey.ratings import Channel, SpamReason, State, Translation

# Keys are emptied when their day is over: all but a few answers have none to be found by.
_RECOGNISED = text("visitor_key IS NOT NULL")
_DISCLAIMED = text("disclaimer_id IS NOT NULL")
_EXPLAINED = text("spam_reason != ''")


class Response(Base):
    """One answer with what was on the screen when it was given."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        # Moderators look for rare states and for an article's answers, the newest first.
        Index(None, "state", "id"),
        Index(None, "article", "id"),
        Index(None, "spam_reason", "id", sqlite_where=_EXPLAINED, postgresql_where=_EXPLAINED),
        # A report names its newest answer.
        Index(None, "day", "answered_at"),
        Index(None, "visitor_key", sqlite_where=_RECOGNISED, postgresql_where=_RECOGNISED),
        # Answers under each disclaimer are counted without reading them.
        Index(
            None,
            "disclaimer_id",
            "state",
            "disclaimer_acknowledged",
            sqlite_where=_DISCLAIMED,
            postgresql_where=_DISCLAIMED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    answered_at: Mapped[datetime]
    # The site's calendar day, kept: a later change of the site's time zone must not move counts.
    day: Mapped[date]
    rating: Mapped[int]
    page: Mapped[str] = mapped_column(String(500))
    article: Mapped[str] = mapped_column(String(200))
    revision: Mapped[str] = mapped_column(String(64))
    site_language: Mapped[str] = mapped_column(String(16))
    shown_language: Mapped[str] = mapped_column(String(16))
    source_language: Mapped[str] = mapped_column(String(16))
    translation: Mapped[Translation]
    engine: Mapped[str] = mapped_column(String(200))
    engine_version: Mapped[str] = mapped_column(String(40))
    engine_checksum: Mapped[str] = mapped_column(String(64))
    question_id: Mapped[int] = mapped_column(ForeignKey("wording.id"))
    disclaimer_id: Mapped[int | None] = mapped_column(ForeignKey("wording.id"))
    disclaimer_acknowledged: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel]
    state: Mapped[State]
    spam_reason: Mapped[SpamReason] = mapped_column(default=SpamReason.NONE, server_default="")
    # HMAC under a salt that is destroyed: recognises a repeat today and nobody afterwards.
    visitor_key: Mapped[str | None] = mapped_column(String(64))


class Comment(Base):
    """What a visitor wrote; apart from the answer, so that it can expire and the rating stay."""

    __tablename__ = "comment"
    # A report lists the newest of its period.
    __table_args__ = (Index(None, "day", "written_at"),)

    response_id: Mapped[int] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str]
    # The answer's own day, so that an old period's comments are found without its answers.
    day: Mapped[date]
    written_at: Mapped[datetime] = mapped_column(index=True)


class VisitorSalt(Base):
    """The random salt of one day; deleted after its window, and nothing can bring it back."""

    __tablename__ = "visitor_salt"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
