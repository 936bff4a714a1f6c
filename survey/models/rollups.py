"""The roll-ups: counts of answers and of views, and what recounting them found."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base
from survey.ratings import Channel, State, Translation

# A roll-up is its own key and little else: SQLite then reads it in one tree instead of two.
WITHOUT_ROWID = {"sqlite_with_rowid": False}


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
    """How often the question was on a screen: the denominator of the response rate.

    By the columns that name a count of answers, so that each has its own. Question 0, and empty
    texts beside it, are views of the time before those were kept.
    """

    __tablename__ = "daily_view"
    __table_args__ = WITHOUT_ROWID

    day: Mapped[date] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, default=0, server_default="0"
    )
    site_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    source_language: Mapped[str] = mapped_column(
        String(16), primary_key=True, default="", server_default=""
    )
    translation: Mapped[Translation] = mapped_column(primary_key=True)
    engine: Mapped[str] = mapped_column(
        String(200), primary_key=True, default="", server_default=""
    )
    engine_version: Mapped[str] = mapped_column(
        String(40), primary_key=True, default="", server_default=""
    )
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    views: Mapped[int]


class MonthlyArticleView(Base):
    """The same by article and month.

    Not by day: every article of an archive is looked at by some program on most days, so that days
    would make thirty times the rows, and nearly all of them of articles that nobody answers about.
    The empty article stands for the pages' views of the time before articles were kept with them.
    """

    __tablename__ = "monthly_article_view"
    __table_args__ = WITHOUT_ROWID

    month: Mapped[date] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(String(200), primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown_language: Mapped[str] = mapped_column(String(16), primary_key=True)
    translation: Mapped[Translation] = mapped_column(primary_key=True)
    views: Mapped[int]


class Verification(Base):
    """One recount of every answer against the roll-up, and what it found."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    verified_at: Mapped[datetime] = mapped_column(index=True)
    # Cells of the roll-up that differed from the answers; written anew when `mended`.
    differing: Mapped[int]
    mended: Mapped[bool]
