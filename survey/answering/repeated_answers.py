"""A repetition changes the answer that was given before, and what it counts for."""

from __future__ import annotations

from sqlalchemy import ScalarResult, select
from sqlalchemy.orm import Session

from survey.answering.arrivals import Arrival, Values
from survey.answering.visitors import earlier_answer, window_covers
from survey.answering.wording_ids import DISCLAIMER_ID, QUESTION_ID, UnknownWording
from survey.models import Comment, Response
from survey.ratings import SpamReason, State
from survey.rollup import Tally

# What a repetition of the same form that is no spam puts right. What a program gave away by
# filling in a hidden field, and what a person has decided, it does not.
MENDED = (SpamReason.TOO_QUICK, SpamReason.NO_PROOF)
# What an answer says of the screen besides the two texts.
SCREEN = (
    "page",
    "article",
    "revision",
    "site_language",
    "shown_language",
    "source_language",
    "translation",
    "engine",
    "engine_version",
    "engine_checksum",
    "disclaimer_acknowledged",
    "channel",
)


def by_nonce(session: Session, nonce: str) -> ScalarResult[Response]:
    """The answer that a form has brought already; locked until the commit."""
    return session.scalars(select(Response).filter_by(nonce=nonce).with_for_update())


def earlier_by_visitor(
    session: Session, tally: Tally, values: Values, answer: Arrival
) -> Response | None:
    """The answer that this one changes, if its visitor gave one just now; marks `values`.

    :raise UnknownWording: when this one was given under a text that is not registered.
    """
    if values["visitor_key"] is None:
        return None
    earlier = earlier_answer(session, values["visitor_key"])
    if earlier is None:
        return None
    same_form = by_nonce(session, values["nonce"]).one_or_none()
    if same_form is not None and not _is_mended(same_form, values):
        return same_form
    if not window_covers(earlier, values["answered_at"], answer.repeat_seconds):
        values["state"] = State.POSSIBLE_DUPLICATE
        return None
    _show(session, tally, earlier, values)
    return earlier


def change(
    session: Session, tally: Tally, response: Response, values: Values, answer: Arrival
) -> bool:
    """Let an answer be as it was given last; gives whether that is another one.

    Its comment too: an empty one takes the earlier one away. An answer that was kept as spam for
    what this one brings, time or the proof of work, counts from now on.
    """
    rating = answer.rating
    mended = _is_mended(response, values)
    comment = session.get(Comment, response.id)
    same_comment = (comment.text if comment else "") == rating.comment
    acknowledged = rating.acknowledged and response.disclaimer_id is not None
    same = same_comment and response.disclaimer_acknowledged == acknowledged
    if response.rating == rating.level and same and not mended:
        return False
    response.disclaimer_acknowledged = acknowledged
    tally.count(response, -1)
    response.rating = rating.level
    if mended:
        response.state, response.spam_reason = values["state"], SpamReason.NONE
        response.visitor_key = values["visitor_key"]
    tally.count(response, +1)
    if comment is not None and not rating.comment:
        session.delete(comment)
    if rating.comment:
        comment = Comment(
            response_id=response.id,
            text=rating.comment,
            day=response.day,
            written_at=values["answered_at"],
        )
        session.merge(comment)
    return True


def _is_mended(response: Response, values: Values) -> bool:
    return response.spam_reason in MENDED and values["state"] is not State.SPAM


def _show(session: Session, tally: Tally, response: Response, values: Values) -> None:
    """Let an answer be about the screen of a later form, on the page where it was given."""
    question, disclaimer = session.execute(select(QUESTION_ID, DISCLAIMER_ID), values).one()
    if question is None or (values["disclaimer"] and disclaimer is None):
        raise UnknownWording(values["question"] if question is None else values["disclaimer"])
    tally.count(response, -1)
    for name in SCREEN:
        setattr(response, name, values[name])
    response.question_id, response.disclaimer_id = question, disclaimer
    tally.count(response, +1)
