"""What visitors wrote."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from survey.models import Comment, Response
from survey.queries.days import within
from survey.ratings import State, Translation
from survey.sums import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentText:
    """What a visitor wrote beside an answer, without day or article."""

    language: str
    translation: Translation
    rating: int
    text: str


def comments(
    session: Session,
    period: Period,
    *,
    texts: Collection[tuple[str, Translation]],
    questions: Collection[int],
    limit: int,
) -> list[CommentText]:
    """The newest comments beside counted answers to these questions, newest first.

    :param texts: the languages and kinds of text beside which comments may be shown.
    """
    query = (
        select(Response.shown_language, Response.translation, Response.rating, Comment.text)
        .join(Comment, Comment.response_id == Response.id)
        .where(
            within(Comment.day, period),
            # Counted, said so that SQLite does not begin with the state nearly all answers have.
            Response.state.not_in(set(State) - {State.COUNTED}),
            tuple_(Response.shown_language, Response.translation).in_(list(texts)),
            Response.question_id.in_(questions),
        )
        .order_by(Comment.day.desc(), Comment.written_at.desc(), Comment.response_id.desc())
        .limit(limit)
    )
    return [
        CommentText(language=language, translation=translation, rating=rating, text=text)
        for language, translation, rating, text in session.execute(query)
    ]
