"""How often the question was on a screen under an article, by whole months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from survey.models import DailyView, MonthlyArticleView
from survey.queries.days import within
from survey.ratings import Channel, Translation
from survey.sums import Period

# The article of views that were counted before articles were kept with them.
BEFORE_KEPT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleViews:
    """How often a version of the question was shown under one article and kind of text."""

    article: str
    question: int
    language: str
    translation: Translation
    views: int


def article_views(
    session: Session, period: Period, among: Collection[str]
) -> list[ArticleViews] | None:
    """How often the question was shown under these articles in the period.

    :return: None where it is not known: views are kept by months, so that a period must not cut
        off views of its first or last month; and of a month in which articles were not kept with
        views yet, nobody knows them.
    """
    months = _whole_months(period)
    if _has_views_beside(session, period, months):
        return None
    table = MonthlyArticleView
    names = (table.article, table.question_id, table.shown_language, table.translation)
    query = (
        select(*names, func.sum(table.views))
        .where(within(table.month, months), table.article.in_({*among, BEFORE_KEPT}))
        .group_by(*names)
        .order_by(*names)
    )
    found = [
        ArticleViews(
            article=article, question=question, language=code, translation=kind, views=int(n)
        )
        for article, question, code, kind, n in session.execute(query)
    ]
    return None if any(v.article == BEFORE_KEPT for v in found) else found


def _whole_months(period: Period) -> Period:
    """From the first day of the period's first month to the last day of its last one."""
    last = period.last
    return Period(
        first=period.first.replace(day=1),
        last=last.replace(day=monthrange(last.year, last.month)[1]),
    )


def _has_views_beside(session: Session, period: Period, months: Period) -> bool:
    """Whether pages showed the question in these months, and not in the period."""
    day = DailyView.day
    shown = (DailyView.channel == Channel.PAGE, DailyView.views > 0)
    # Apart: the database reads the few rows of each end by the key.
    before = day.between(months.first, period.first), day < period.first
    after = day.between(period.last, months.last), day > period.last
    return any(session.scalar(select(exists().where(*days, *shown))) for days in (before, after))
