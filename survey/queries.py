"""What reports read: sums of the roll-ups over a period, as frozen dataclasses, never rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.models import (
    Comment,
    DailyArticleCount,
    DailyCount,
    DailyView,
    Response,
    Verification,
    WordingRow,
)
from survey.ratings import Channel, State, Translation, WordingKind

REPORTED = (State.COUNTED, State.POSSIBLE_DUPLICATE)


class Unit(StrEnum):
    """How long one step of a series of time is; a step is named by its first day."""

    DAY = "day"
    MONTH = "month"


def begin_snapshot(session: Session) -> None:
    """Let everything that is read from here on be of one moment, whatever arrives meanwhile.

    SQLite's read transaction is a snapshot by itself.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days of the site's calendar, the first and the last included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a report is asked to cover.

    Days are whole and both included; None is the first or the last day with an answer.
    `language` is that of the text that was shown; None is all.
    """

    start: date | None = None
    end: date | None = None
    language: str | None = None
    include_possible_duplicates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCount:
    """How many answers of one level share these dimensions in a period."""

    question: int
    language: str
    translation: Translation
    engine: str
    engine_version: str
    channel: Channel
    state: State
    rating: int
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCount:
    """How many answers of one level were given in one day, or in one month, and language."""

    start: date
    question: int
    language: str
    state: State
    rating: int
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCount:
    """How many answers of one level were given under one article and kind of text."""

    article: str
    question: int
    language: str
    translation: Translation
    state: State
    rating: int
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCount:
    """How often the question was on a screen, by language, kind of text and channel."""

    language: str
    translation: Translation
    channel: Channel
    views: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepViews:
    """How often the question was on a screen in one day, or in one month, and language."""

    start: date
    language: str
    views: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingVersion:
    """One version of a question or a disclaimer."""

    id: int
    kind: WordingKind
    language: str
    text: str
    sha256: str
    first_shown: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineDays:
    """The first and the last day on which an engine's version was answered about."""

    engine: str
    engine_version: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentText:
    """What a visitor wrote beside an answer, without day or article."""

    language: str
    translation: Translation
    rating: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """When the roll-up was last compared with the answers, and in how many cells it differed."""

    verified_at: datetime
    differing: int
    mended: bool


def comments(
    session: Session, period: Period, *, languages: Collection[str], limit: int
) -> list[CommentText]:
    """The newest comments beside counted answers to texts in these languages, newest first."""
    query = (
        select(Response.shown_language, Response.translation, Response.rating, Comment.text)
        .join(Comment, Comment.response_id == Response.id)
        .where(
            _within(Response.day, period),
            Response.state == State.COUNTED,
            Response.shown_language.in_(languages),
        )
        .order_by(Comment.written_at.desc(), Comment.response_id.desc())
        .limit(limit)
    )
    return [
        CommentText(language=language, translation=translation, rating=rating, text=text)
        for language, translation, rating, text in session.execute(query)
    ]


def span(session: Session) -> Period | None:
    """The first and the last day with an answer; None when there is none."""
    first, last = session.execute(select(func.min(DailyCount.day), func.max(DailyCount.day))).one()
    return Period(first=first, last=last) if first else None


def cells(session: Session, period: Period) -> list[CellCount]:
    """Answers of the period by every dimension but the day; spam and withdrawn left out."""
    names = (
        DailyCount.question_id,
        DailyCount.shown_language,
        DailyCount.translation,
        DailyCount.engine,
        DailyCount.engine_version,
        DailyCount.channel,
        DailyCount.state,
        DailyCount.rating,
    )
    query = select(*names, func.sum(DailyCount.answers)).where(*_reported(DailyCount, period))
    return [
        CellCount(
            question=q,
            language=language,
            translation=translation,
            engine=engine,
            engine_version=version,
            channel=channel,
            state=state,
            rating=rating,
            answers=int(n),
        )
        for q, language, translation, engine, version, channel, state, rating, n in session.execute(
            query.group_by(*names).order_by(*names)
        )
    ]


def steps(session: Session, period: Period, unit: Unit) -> Iterator[StepCount]:
    """Answers of the period by day or month, and language; steps without answers are absent."""
    names = (
        DailyCount.question_id,
        DailyCount.shown_language,
        DailyCount.state,
        DailyCount.rating,
    )
    time = _step(DailyCount.day, unit)
    query = select(*time, *names, func.sum(DailyCount.answers)).where(
        *_reported(DailyCount, period)
    )
    for *when, question, language, state, rating, n in session.execute(
        query.group_by(*time, *names).order_by(*time, *names)
    ):
        yield StepCount(
            start=_start(when),
            question=question,
            language=language,
            state=state,
            rating=rating,
            answers=int(n),
        )


def articles(session: Session, period: Period) -> Iterator[ArticleCount]:
    """Answers of the period by article and kind of text; answers under no article are absent."""
    names = (
        DailyArticleCount.article,
        DailyArticleCount.question_id,
        DailyArticleCount.shown_language,
        DailyArticleCount.translation,
        DailyArticleCount.state,
        DailyArticleCount.rating,
    )
    query = select(*names, func.sum(DailyArticleCount.answers)).where(
        *_reported(DailyArticleCount, period)
    )
    for article, question, language, translation, state, rating, n in session.execute(
        query.group_by(*names).order_by(*names)
    ):
        yield ArticleCount(
            article=article,
            question=question,
            language=language,
            translation=translation,
            state=state,
            rating=rating,
            answers=int(n),
        )


def views(session: Session, period: Period) -> list[ViewCount]:
    """How often the question was shown in the period, by language, kind of text and channel."""
    names = (DailyView.shown_language, DailyView.translation, DailyView.channel)
    query = select(*names, func.sum(DailyView.views)).where(_within(DailyView.day, period))
    return [
        ViewCount(language=language, translation=translation, channel=channel, views=int(n))
        for language, translation, channel, n in session.execute(
            query.group_by(*names).order_by(*names)
        )
    ]


def step_views(session: Session, period: Period, unit: Unit) -> list[StepViews]:
    """How often the question was shown, by day or month, and language."""
    time = _step(DailyView.day, unit)
    query = select(*time, DailyView.shown_language, func.sum(DailyView.views)).where(
        _within(DailyView.day, period)
    )
    return [
        StepViews(start=_start(when), language=language, views=int(n))
        for *when, language, n in session.execute(
            query.group_by(*time, DailyView.shown_language).order_by(
                *time, DailyView.shown_language
            )
        )
    ]


def engine_days(session: Session, period: Period) -> list[EngineDays]:
    """When each engine's version was answered about, in the order in which they came."""
    first = func.min(DailyCount.day)
    query = (
        select(DailyCount.engine, DailyCount.engine_version, first, func.max(DailyCount.day))
        .where(*_reported(DailyCount, period))
        .where(DailyCount.engine != "")
        .group_by(DailyCount.engine, DailyCount.engine_version)
        .order_by(DailyCount.engine, first, DailyCount.engine_version)
    )
    return [
        EngineDays(engine=engine, engine_version=version, first=begun, last=ended)
        for engine, version, begun, ended in session.execute(query)
    ]


def wordings(session: Session) -> list[WordingVersion]:
    """Every version of every question and disclaimer, those on the pages now last."""
    rows = session.scalars(select(WordingRow).order_by(WordingRow.current_since, WordingRow.id))
    return [
        WordingVersion(
            id=row.id,
            kind=row.kind,
            language=row.language,
            text=row.text,
            sha256=row.sha256,
            first_shown=row.first_shown,
        )
        for row in rows
    ]


def last_answer(session: Session, period: Period) -> datetime | None:
    """The moment of the period's newest reported answer still kept; None when there is none."""
    last_day = session.scalar(
        select(func.max(DailyCount.day)).where(*_reported(DailyCount, period))
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


def _reported(
    table: type[DailyCount] | type[DailyArticleCount], period: Period
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Within the days of the period, without spam and withdrawn answers."""
    return _within(table.day, period), table.state.in_(REPORTED)


def _within(day: InstrumentedAttribute[date], period: Period) -> ColumnElement[bool]:
    return day.between(period.first, period.last)


def _step(day: InstrumentedAttribute[date], unit: Unit) -> list[ColumnElement[Any]]:
    """What to group by, so that months are summed in the database rather than here."""
    if unit is Unit.DAY:
        return [day.expression]
    return [extract("year", day), extract("month", day)]


def _start(when: list[Any]) -> date:
    if len(when) == 1:
        start: date = when[0]
        return start
    return date(int(when[0]), int(when[1]), 1)
