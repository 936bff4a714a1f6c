"""How often the question was on a screen: what answers are a rate of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import DailyView
from survey.queries.days import Unit, grouping, start_of, within
from survey.ratings import Channel, Translation
from survey.sums import Period


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


def views(session: Session, period: Period) -> list[ViewCount]:
    """How often the question was shown in the period, by language, kind of text and channel."""
    names = (DailyView.shown_language, DailyView.translation, DailyView.channel)
    query = select(*names, func.sum(DailyView.views)).where(within(DailyView.day, period))
    return [
        ViewCount(language=language, translation=translation, channel=channel, views=int(n))
        for language, translation, channel, n in session.execute(
            query.group_by(*names).order_by(*names)
        )
    ]


def step_views(session: Session, period: Period, unit: Unit) -> list[StepViews]:
    """How often the question was shown, by day or month, and language."""
    time = grouping(DailyView.day, unit)
    query = select(*time, DailyView.shown_language, func.sum(DailyView.views)).where(
        within(DailyView.day, period)
    )
    return [
        StepViews(start=start_of(when), language=language, views=int(n))
        for *when, language, n in session.execute(
            query.group_by(*time, DailyView.shown_language).order_by(
                *time, DailyView.shown_language
            )
        )
    ]
