"""The tables of the survey side and of the operators."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from survey.ratings import Channel, State, Translation, WordingKind
from survey.roles import Role

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# A roll-up is its own key and little else: SQLite then reads it in one tree instead of two.
WITHOUT_ROWID = {"sqlite_with_rowid": False}


class DeliveryState(StrEnum):
    """Where a kept report is on its way to one recipient; `sending` and `unknown` never repeat."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    # The connection or the process ended after the text was sent and before it was accepted.
    UNKNOWN = "unknown"
    GIVEN_UP = "given_up"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without zone, so the zone is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without time zone rather than guess one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _stored_by_value(kind: type[StrEnum]) -> Enum:
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda e: [member.value for member in e],
        name=kind.__name__.lower(),
    )


_COLUMN_TYPES: dict[Any, Any] = {
    datetime: UtcDateTime(),
    **{k: _stored_by_value(k) for k in (Channel, State, Translation, WordingKind)},
    **{k: _stored_by_value(k) for k in (Role, DeliveryState)},
}


def _first_shown(context: DefaultExecutionContext) -> Any:
    """The moment of a row that is new: it has been on the pages since then."""
    return context.get_current_parameters()["first_shown"]  # type: ignore[no-untyped-call] # SQLAlchemy's own


class Base(DeclarativeBase):
    """Tables of the survey side; the translate side has a base of its own."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = _COLUMN_TYPES


class WordingRow(Base):
    """One version of a question or a disclaimer; never changed, never deleted."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("kind", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WordingKind]
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    first_shown: Mapped[datetime]
    # Later than the first time for a text that came back: its series goes on, under its version.
    current_since: Mapped[datetime] = mapped_column(insert_default=_first_shown)


class WordingChange(Base):
    """What an admin made of one text; the newest row of a kind, language and provider holds."""

    __tablename__ = "wording_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WordingKind]
    language: Mapped[str] = mapped_column(String(16))
    # Of a disclaimer: whose translation it is about. Empty for a question.
    provider: Mapped[str] = mapped_column(String(40))
    # With its placeholders; None is back to the built-in text.
    text: Mapped[str | None]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))


# Keys are emptied when their day is over: all but a few answers have none to be found by.
_RECOGNISED = text("visitor_key IS NOT NULL")


class Response(Base):
    """One answer with what was on the screen when it was given."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        # Moderators look for rare states and for an article's answers, the newest first.
        Index(None, "state", "id"),
        Index(None, "article", "id"),
        # A report names its newest answer.
        Index(None, "day", "answered_at"),
        Index(None, "visitor_key", sqlite_where=_RECOGNISED, postgresql_where=_RECOGNISED),
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


class DailyCount(Base):
    """Roll-up of the answers by day and dimensions, kept in the answer's own transaction.

    The empty string stands for "none", since NULL never equals itself in a primary key.
    """

    __tablename__ = "daily_count"
    __table_args__ = WITHOUT_ROWID

    day: Mapped[date] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), primary_key=True)
    site_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    source_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    translation: Mapped[Translation] = mapped_column(primary_key=True)
    engine: Mapped[str] = mapped_column(String(200), primary_key=True)
    engine_version: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(primary_key=True)
    rating: Mapped[int] = mapped_column(primary_key=True)
    answers: Mapped[int]


class DailyArticleCount(Base):
    """The same roll-up by article, without the dimensions an article report does not need."""

    __tablename__ = "daily_article_count"
    __table_args__ = WITHOUT_ROWID

    day: Mapped[date] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(String(200), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), primary_key=True)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    translation: Mapped[Translation] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(primary_key=True)
    rating: Mapped[int] = mapped_column(primary_key=True)
    answers: Mapped[int]


class Levels:
    """How many answers there are at each level, side by side: a fifth of the rows to read."""

    level_1: Mapped[int] = mapped_column(sort_order=10)
    level_2: Mapped[int] = mapped_column(sort_order=10)
    level_3: Mapped[int] = mapped_column(sort_order=10)
    level_4: Mapped[int] = mapped_column(sort_order=10)
    level_5: Mapped[int] = mapped_column(sort_order=10)


class DailyLanguageCount(Levels, Base):
    """The roll-up a trend by days or weeks is drawn from: languages alone."""

    __tablename__ = "daily_language_count"
    __table_args__ = WITHOUT_ROWID

    day: Mapped[date] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), primary_key=True)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[State] = mapped_column(primary_key=True)


class MonthlyCount(Levels, Base):
    """The roll-up of whole months, which are named by their first day."""

    __tablename__ = "monthly_count"
    __table_args__ = WITHOUT_ROWID

    month: Mapped[date] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), primary_key=True)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    translation: Mapped[Translation] = mapped_column(primary_key=True)
    engine: Mapped[str] = mapped_column(String(200), primary_key=True)
    engine_version: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(primary_key=True)


class MonthlyArticleCount(Levels, Base):
    """The same by article."""

    __tablename__ = "monthly_article_count"
    __table_args__ = WITHOUT_ROWID

    month: Mapped[date] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(String(200), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), primary_key=True)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    translation: Mapped[Translation] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(primary_key=True)


class DailyView(Base):
    """How often the question was on a screen: the denominator of the response rate."""

    __tablename__ = "daily_view"
    __table_args__ = WITHOUT_ROWID

    day: Mapped[date] = mapped_column(primary_key=True)
    site_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    translation: Mapped[Translation] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    views: Mapped[int]


class VisitorSalt(Base):
    """The random salt of one day; deleted after its window, and nothing can bring it back."""

    __tablename__ = "visitor_salt"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class AdminUser(Base):
    """An account of the admin pages."""

    __tablename__ = "admin_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role]
    created_at: Mapped[datetime]
    # Counts the signings out: a session cookie of an earlier count is worthless.
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")


class AuditEvent(Base):
    """Who did what to which object; nothing about visitors."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(200))


class Verification(Base):
    """One recount of every answer against the roll-up, and what it found."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    verified_at: Mapped[datetime] = mapped_column(index=True)
    # Cells of the roll-up that differed from the answers; written anew when `mended`.
    differing: Mapped[int]
    mended: Mapped[bool]


class KeptReport(Base):
    """The report of one week or month that has ended; its row is the claim to make it."""

    __tablename__ = "kept_report"
    __table_args__ = (UniqueConstraint("cadence", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cadence: Mapped[str] = mapped_column(String(16))
    first_day: Mapped[date]
    last_day: Mapped[date]
    # By commas; empty until the files are there.
    languages: Mapped[str] = mapped_column(String(80), default="")
    claimed_at: Mapped[datetime]
    attempts: Mapped[int]
    made_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")


class ReportDelivery(Base):
    """A kept report on its way to one recipient."""

    __tablename__ = "report_delivery"
    __table_args__ = (UniqueConstraint("report_id", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("kept_report.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[DeliveryState] = mapped_column(index=True)
    attempts: Mapped[int]
    tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
