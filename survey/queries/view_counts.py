"""How often the question was on a screen: what answers are a rate of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import DailyView
from survey.queries.days import Unit, step_of, within
from survey.ratings import Channel, Translation
from survey.sums import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewCount:
    """How often a version of the question was on a screen, by what else was there.

    Question 0 are views of the time before it was kept.
    """

    question: int
    language: str
    translation: Translation
    channel: Channel
    views: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepViews:
    """How often a version of the question was on a screen in one step of time, and language."""

    question: int
    start: date
    language: str
    views: int


def views(session: Session, period: Period) -> list[ViewCount]:
    """How often each question was shown in the period, by language, kind of text and channel."""
    names = (
        DailyView.question_id,
        DailyView.shown_language,
        DailyView.translation,
        DailyView.channel,
    )
    query = select(*names, func.sum(DailyView.views)).where(within(DailyView.day, period))
    return [
        ViewCount(
            question=question,
            language=language,
            translation=translation,
            channel=channel,
            views=int(n),
        )
        for question, language, translation, channel, n in session.execute(
            query.group_by(*names).order_by(*names)
        )
    ]


def step_views(session: Session, period: Period, unit: Unit) -> list[StepViews]:
    """How often the question was shown, by steps of time and language."""
    step, language = step_of(session, DailyView.day, unit).label("step"), DailyView.shown_language
    question = DailyView.question_id
    query = (
        select(question, step, language, func.sum(DailyView.views))
        .where(within(DailyView.day, period))
        .group_by(question, step, language)
        .order_by(step, language, question)
    )
    return [
        StepViews(question=number, start=start, language=code, views=int(n))
        for number, start, code, n in session.execute(query)
    ]
