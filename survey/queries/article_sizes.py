"""Articles with the sums of their answers, to choose and to compare them by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from survey import sums
from survey.ratings import State, Translation
from survey.sums import Period


@dataclass(frozen=True, slots=True)
class ArticleSize:
    """An article's answers, and how many of those that are compared are satisfied (4 and 5)."""

    article: str
    answers: int
    machine_satisfied: int
    machine: int
    original_satisfied: int
    original: int


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
    source = sums.rows(sums.ARTICLES, period, names, lambda c: c.question_id.in_(questions))
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
