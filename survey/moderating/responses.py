"""What moderators read: single answers with their comments, newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.keyed_page import NEWEST, SIZE, Count, Place, keyed_page
from survey.models import Comment, MonthlyCount, Response
from survey.ratings import Channel, SpamReason, State, Translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which answers; None and the empty text leave a part open. Days are included."""

    state: State | None = None
    reason: SpamReason | None = None
    rating: int | None = None
    language: str = ""
    translation: Translation | None = None
    article: str = ""
    first: date | None = None
    last: date | None = None
    commented: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAnswer:
    """One answer as a moderator sees it; the comment is empty for none."""

    id: int
    answered_at: datetime
    rating: int
    state: State
    spam_reason: SpamReason
    channel: Channel
    page: str
    article: str
    shown_language: str
    source_language: str
    translation: Translation
    engine: str
    engine_version: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of answers; `older` and `newer` are where the next pages begin, None at an end."""

    answers: tuple[ListedAnswer, ...]
    older: int | None
    newer: int | None
    count: Count


def listing(
    session: Session,
    search: Search,
    place: Place = NEWEST,
    *,
    size: int = SIZE,
) -> Listing:
    """The answers that a search finds, at a place of their list.

    The cost does not grow with how far one has turned the pages.
    """
    query, number = _query(search)
    page = keyed_page(session, query, number, place, size=size)
    answers = tuple(_listed(row) for row in page.rows)
    return Listing(answers=answers, older=page.older, newer=page.newer, count=page.count)


def languages_answered_in(session: Session) -> list[str]:
    """Languages of the texts that answers are about: translators in browsers bring ever more."""
    column = MonthlyCount.shown_language
    return list(session.scalars(select(column).where(column != "").distinct().order_by(column)))


def _query(search: Search) -> tuple[Select[Response, str], InstrumentedAttribute[int]]:
    """The question to the database, and the number by which it is ordered."""
    query, number = select(Response, Comment.text), Response.id
    if search.commented or search.text:
        # Few answers have comments: the search begins with those.
        query = query.join_from(Comment, Response, Comment.response_id == Response.id)
        number = Comment.response_id
    else:
        query = query.outerjoin(Comment, Comment.response_id == Response.id)
    return query.where(*_conditions(search)), number


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    exact = {
        Response.state: search.state,
        Response.rating: search.rating,
        Response.shown_language: search.language,
        Response.translation: search.translation,
        Response.article: search.article,
    }
    found += [column == value for column, value in exact.items() if value]
    if search.reason:
        # As the partial index is written, so that it serves here.
        explained = Response.spam_reason != literal_column("''")
        found += [Response.spam_reason == search.reason, explained]
    if search.first:
        found.append(Response.day >= search.first)
    if search.last:
        found.append(Response.day <= search.last)
    if search.text:
        found.append(Comment.text.icontains(search.text, autoescape=True))
    return found


def _listed(row: Any) -> ListedAnswer:
    response, comment, _number = row
    return ListedAnswer(
        id=response.id,
        answered_at=response.answered_at,
        rating=response.rating,
        state=response.state,
        spam_reason=response.spam_reason,
        channel=response.channel,
        page=response.page,
        article=response.article,
        shown_language=response.shown_language,
        source_language=response.source_language,
        translation=response.translation,
        engine=response.engine,
        engine_version=response.engine_version,
        comment=comment or "",
    )
