"""Sums of answers over a period, by what a report breaks them down."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import sums
from survey.models import DailyLanguageCount
from survey.queries.days import Unit, step_of, within
from survey.ratings import Channel, State, Translation
from survey.sums import REPORTED, Period

# How many answers there are at each level, from 1 to 5.
Levels = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCount:
    """The answers of a period that share these dimensions."""

    question: int
    language: str
    translation: Translation
    engine: str
    engine_version: str
    channel: Channel
    state: State
    levels: Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCount:
    """The answers of one step of time to texts in one language."""

    start: date
    question: int
    language: str
    state: State
    levels: Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCount:
    """The answers of a period under one article and kind of text."""

    article: str
    question: int
    language: str
    translation: Translation
    state: State
    levels: Levels


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
            question=question,
            language=language,
            translation=translation,
            engine=engine,
            engine_version=version,
            channel=channel,
            state=state,
            levels=_whole(levels),
        )
        for question, language, translation, engine, version, channel, state, *levels in (
            session.execute(query)
        )
        if any(levels)
    ]


def steps(session: Session, period: Period, unit: Unit) -> Iterator[StepCount]:
    """Answers of the period by steps of time and language; steps without answers are absent."""
    names = ("question_id", "shown_language", "state")
    if unit is Unit.MONTH:
        query = sums.by(sums.rows(sums.CELLS, period, ("month", *names)), ("month", *names))
    else:
        table = DailyLanguageCount
        step = step_of(session, table.day, unit).label("step")
        keys = [step, *(getattr(table, name) for name in names)]
        query = (
            select(*keys, *(func.sum(getattr(table, level)) for level in sums.LEVELS))
            .where(within(table.day, period), table.state.in_(REPORTED))
            .group_by(*keys)
            .order_by(*keys)
        )
    for start, question, language, state, *levels in session.execute(query):
        if any(levels):
            yield StepCount(
                start=start,
                question=question,
                language=language,
                state=state,
                levels=_whole(levels),
            )


def articles(
    session: Session, period: Period, among: Collection[str] | None = None
) -> Iterator[ArticleCount]:
    """Answers of the period by article and kind of text; answers under no article are absent.

    :param among: the articles to read; None is all of them.
    """
    names = ("article", "question_id", "shown_language", "translation", "state")
    chosen = () if among is None else (lambda c: c.article.in_(among),)
    source = sums.rows(sums.ARTICLES, period, names, *chosen)
    for article, question, language, translation, state, *levels in session.execute(
        sums.by(source, names)
    ):
        if any(levels):
            yield ArticleCount(
                article=article,
                question=question,
                language=language,
                translation=translation,
                state=state,
                levels=_whole(levels),
            )


def _whole(levels: Sequence[int]) -> Levels:
    """PostgreSQL gives a sum of sums as a decimal number."""
    one, two, three, four, five = map(int, levels)
    return one, two, three, four, five
