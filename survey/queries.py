"""What reports read: sums of the roll-ups over a period, as frozen dataclasses, never rows."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey import sums
from survey.models import (
    Comment,
    DailyCount,
    DailyLanguageCount,
    DailyView,
    MonthlyCount,
    Response,
    Verification,
    WordingRow,
)
from survey.ratings import SCALE, Channel, State, Translation, WordingKind
from survey.sums import REPORTED as REPORTED
from survey.sums import Period as Period


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


@dataclass(frozen=True, slots=True)
class ArticleSize:
    """An article's answers, and how many of those that are compared are satisfied (4 and 5)."""

    article: str
    answers: int
    machine_satisfied: int
    machine: int
    original_satisfied: int
    original: int


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
            _within(Comment.day, period),
            # Counted, said so that SQLite does not begin with the state nearly all answers have.
            Response.state.not_in(set(State) - {State.COUNTED}),
            Response.shown_language.in_(languages),
        )
        .order_by(Comment.day.desc(), Comment.written_at.desc(), Comment.response_id.desc())
        .limit(limit)
    )
    return [
        CommentText(language=language, translation=translation, rating=rating, text=text)
        for language, translation, rating, text in session.execute(query)
    ]


def span(session: Session) -> Period | None:
    """The first and the last day with an answer; None when there is none."""
    # Apart: SQLite finds one end of a key at once, but reads all of it for both together.
    day = DailyLanguageCount.day
    first, last = (session.scalar(select(end(day))) for end in (func.min, func.max))
    return Period(first=first, last=last) if first and last else None


def cells(session: Session, period: Period) -> list[CellCount]:
    """Answers of the period by every dimension but the day; spam and withdrawn left out."""
    names = (
        "question_id",
        "shown_language",
        "translation",
        "engine",
        "engine_version",
        "channel",
        "state",
    )
    query = sums.by(sums.rows(sums.CELLS, period, names), names)
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
            answers=n,
        )
        for q, language, translation, engine, version, channel, state, *levels in session.execute(
            query
        )
        for rating, n in _answered(levels)
    ]


def steps(session: Session, period: Period, unit: Unit) -> Iterator[StepCount]:
    """Answers of the period by day or month, and language; steps without answers are absent."""
    names: tuple[str, ...] = ("question_id", "shown_language", "state")
    if unit is Unit.MONTH:
        names = ("month", *names)
        query = sums.by(sums.rows(sums.CELLS, period, names), names)
    else:
        table = DailyLanguageCount
        columns = [getattr(table, name) for name in ("day", *names, *sums.LEVELS)]
        query = (
            select(*columns)
            .where(_within(table.day, period), table.state.in_(REPORTED))
            .order_by(*columns[:4])
        )
    for start, question, language, state, *levels in session.execute(query):
        for rating, n in _answered(levels):
            yield StepCount(
                start=start,
                question=question,
                language=language,
                state=state,
                rating=rating,
                answers=n,
            )


def articles(
    session: Session, period: Period, among: Collection[str] | None = None
) -> Iterator[ArticleCount]:
    """Answers of the period by article and kind of text; answers under no article are absent.

    :param among: the articles to read; None is all of them.
    """
    names = ("article", "question_id", "shown_language", "translation", "state")
    if among is None:
        source = sums.rows(sums.ARTICLES, period, names)
    else:
        source = sums.rows(
            sums.ARTICLES,
            period,
            names,
            lambda table: getattr(table, "article").in_(among),  # noqa: B009 -- of two tables only
        )
    for article, question, language, translation, state, *levels in session.execute(
        sums.by(source, names)
    ):
        for rating, n in _answered(levels):
            yield ArticleCount(
                article=article,
                question=question,
                language=language,
                translation=translation,
                state=state,
                rating=rating,
                answers=n,
            )


def article_sizes(
    session: Session,
    period: Period,
    *,
    questions: Collection[int],
    language: str | None,
    states: Collection[State],
) -> list[ArticleSize]:
    """Every article with its answers to these questions, summed in the database.

    :param language: that of the texts whose machine translations and originals are compared;
        None is all.
    :param states: which answers are compared.
    """
    names = ("article", "translation", "shown_language", "state")
    source = sums.rows(sums.ARTICLES, period, names, lambda table: table.question_id.in_(questions))
    column = source.c
    total = sum((column[level] for level in sums.LEVELS[1:]), column[sums.LEVELS[0]])
    satisfied = column["level_4"] + column["level_5"]
    compared: list[ColumnElement[bool]] = [column.state.in_(states)]
    if language is not None:
        compared.append(column.shown_language == language)

    def of(kind: Translation, answers: ColumnElement[int]) -> ColumnElement[int]:
        chosen = and_(column.translation == kind, *compared)
        return func.sum(case((chosen, answers), else_=0))

    query = select(
        column.article,
        func.sum(total),
        of(Translation.MACHINE, satisfied),
        of(Translation.MACHINE, total),
        of(Translation.ORIGINAL, satisfied),
        of(Translation.ORIGINAL, total),
    ).group_by(column.article)
    found = (ArticleSize(article, *map(int, rest)) for article, *rest in session.execute(query))
    return sorted((size for size in found if size.answers), key=lambda size: size.article)


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
    names = ("engine", "engine_version", "month")
    source = sums.rows(sums.CELLS, period, names, lambda table: _of_engines(table))
    months: dict[tuple[str, str], list[date]] = defaultdict(list)
    for engine, version, month, *levels in session.execute(sums.by(source, names)):
        if any(levels):
            months[engine, version].append(month)
    found = []
    for (engine, version), when in months.items():
        first, last = (
            _day(session, period, month, engine, version, end)
            for month, end in ((when[0], func.min), (when[-1], func.max))
        )
        found.append(EngineDays(engine=engine, engine_version=version, first=first, last=last))
    return sorted(found, key=lambda e: (e.engine, e.first, e.engine_version))


def _of_engines(table: sums.Table) -> ColumnElement[bool]:
    assert issubclass(table, MonthlyCount | DailyCount)  # noqa: S101 -- those with an engine
    return table.engine != ""


def _day(
    session: Session, period: Period, month: date, engine: str, version: str, end: Any
) -> date:
    """The first or the last day of a month on which a version was answered about."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    day: date = session.execute(
        select(end(DailyCount.day)).where(
            DailyCount.day.between(max(month, period.first), min(last, period.last)),
            DailyCount.state.in_(REPORTED),
            DailyCount.engine == engine,
            DailyCount.engine_version == version,
        )
    ).scalar_one()
    return day


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
    table = DailyLanguageCount
    last_day = session.scalar(
        select(func.max(table.day)).where(_within(table.day, period), table.state.in_(REPORTED))
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


def _answered(levels: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """The levels that were chosen, each with how many chose it."""
    return ((level, int(n)) for level, n in zip(SCALE, levels, strict=True) if n)


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
