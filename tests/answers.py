"""Answers of a survey, written for the tests of reports straight into table and roll-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from secrets import token_hex
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import rollup
from survey.models import Comment, DailyView, MonthlyArticleView, Response, WordingRow
from survey.queries import ArticleCount, CellCount, StepCount
from survey.ratings import Channel, State, Translation, WordingKind, digest

DAY = date(2026, 3, 2)
Counted = CellCount | StepCount | ArticleCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """`number` answers that agree in everything."""

    rating: int
    number: int = 1
    language: str = "en"
    translation: Translation = Translation.ORIGINAL
    day: date = DAY
    article: str = ""
    channel: Channel = Channel.PAGE
    state: State = State.COUNTED
    engine: str = ""
    engine_version: str = ""
    question: str = "How satisfied are you?"
    asked_in: str = "en"
    comment: str = ""


def put(session: Session, groups: Iterable[Answers]) -> None:
    """Store each answer, and make the roll-ups of them all."""
    questions: dict[str, int] = {}
    for group in groups:
        if group.question not in questions:
            questions[group.question] = _question(session, group)
        for _ in range(group.number):
            response = _response(group, questions[group.question])
            session.add(response)
            if group.comment:
                session.flush()
                session.add(
                    Comment(
                        response_id=response.id,
                        text=group.comment,
                        day=group.day,
                        written_at=response.answered_at,
                    )
                )
    session.flush()
    for month in rollup.months(session):
        rollup.rebuild(session, month)
    session.commit()


def by_level(counts: Iterable[Counted]) -> Iterator[tuple[Any, int, int]]:
    """Each count of several levels with each level that was chosen, and how often it was."""
    for count in counts:
        for level, answers in enumerate(count.levels, 1):
            if answers:
                yield count, level, answers


def put_views(
    session: Session,
    number: int,
    *,
    language: str = "en",
    translation: Translation = Translation.ORIGINAL,
    day: date = DAY,
    question: str = "",
    article: str = "",
) -> None:
    """Let a question have been on a screen so many times in a day; before it was kept, if empty.

    :param article: under which; or under none.
    """
    asked = select(WordingRow.id).filter_by(sha256=digest(question))
    number_of_question = session.scalars(asked).one() if question else 0
    screen = (language, language, "", translation, "", "", Channel.PAGE)
    rollup.add_views(session, DailyView, {(day, number_of_question, *screen): number})
    if article:
        month, text = rollup.month_of(day), (language, translation)
        by_article = {(month, article, number_of_question, *text): number}
        rollup.add_views(session, MonthlyArticleView, by_article)
    session.commit()


def _question(session: Session, group: Answers) -> int:
    row = session.query(WordingRow).filter_by(sha256=digest(group.question)).one_or_none()
    if row is None:
        row = WordingRow(
            kind=WordingKind.QUESTION,
            language=group.asked_in,
            text=group.question,
            sha256=digest(group.question),
            first_shown=datetime.combine(group.day, time(), tzinfo=UTC),
        )
        session.add(row)
        session.flush()
    return row.id


def _response(group: Answers, question: int) -> Response:
    return Response(
        nonce=token_hex(16),
        answered_at=datetime.combine(group.day, time(12), tzinfo=UTC),
        day=group.day,
        rating=group.rating,
        page=f"/{group.language}/",
        article=group.article,
        revision="",
        site_language=group.language,
        shown_language=group.language,
        source_language="en",
        translation=group.translation,
        engine=group.engine,
        engine_version=group.engine_version,
        engine_checksum="",
        question_id=question,
        channel=group.channel,
        state=group.state,
    )
