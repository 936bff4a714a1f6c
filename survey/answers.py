"""Takes answers in: each is stored and counted once, in one transaction with one commit."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ScalarResult, ScalarSelect, bindparam, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from survey import rollup
from survey.models import Comment, Response, WordingRow
from survey.personal_data import mask
from survey.ratings import Engine, Rating, Shown, State, Translation, WordingKind, local_day
from survey.services import begin_write
from survey.tokens import Submission
from survey.visitors import Visitor, earlier_answer, salt_of, visitor_key, window_covers

Values = dict[str, Any]
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


class Outcome(StrEnum):
    """What became of an answer."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class UnknownWording(LookupError):
    """The form was made with a text that this database has never shown."""


class NotStored(RuntimeError):
    """The database refused the write: read-only, locked too long, full or gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An answer on its way into the database: its columns, and what tells a repetition."""

    values: Values
    rating: Rating
    visitor: Visitor | None
    repeat_seconds: float
    random_bytes: Callable[[int], bytes]


def arrival(
    rating: Rating,
    submission: Submission,
    *,
    now: datetime,
    zone: tzinfo,
    min_seconds: float = 0.0,
    visitor: Visitor | None = None,
    repeat_seconds: float = 600.0,
    suspect: bool = False,
    countries: Collection[str] = (),
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Arrival:
    """An answer as it will be stored.

    The token's nonce is the idempotency key: sent again, it is the same answer, and with another
    level it changes that answer. An answer quicker than `min_seconds`, or `suspect` for another
    reason, is kept as spam. With a `visitor`, a second form from the same address, browser and page
    changes the first answer within `repeat_seconds`; later on the same day it is kept as a possible
    duplicate. The comment is masked (see `survey.personal_data`).
    """
    spam = suspect or now - submission.issued_at < timedelta(seconds=min_seconds)
    rating = replace(rating, comment=mask(rating.comment, countries))
    values = _screen(submission.shown) | {
        "disclaimer_acknowledged": rating.acknowledged and bool(submission.shown.disclaimer),
        "nonce": submission.nonce,
        "answered_at": now,
        "day": local_day(now, zone),
        "rating": rating.level,
        "state": State.SPAM if spam else State.COUNTED,
        "visitor_key": None,
    }
    return Arrival(
        values=values,
        rating=rating,
        visitor=None if spam else visitor,
        repeat_seconds=repeat_seconds,
        random_bytes=random_bytes,
    )


def record(session: Session, answer: Arrival) -> Outcome:
    """Store an answer and count it, in one transaction.

    :raise UnknownWording: when the shown question or disclaimer is not registered.
    :raise NotStored: when the database cannot be written; nothing was stored.
    """
    for last_try in (False, True):
        try:
            [outcome] = record_together(session, [answer])
        except OperationalError as error:
            if last_try or not _worth_another_try(error):
                raise NotStored(str(error.orig)) from error
        else:
            return outcome
    raise AssertionError("the last try returns or raises")


def record_together(session: Session, answers: Sequence[Arrival]) -> list[Outcome]:
    """Store and count several answers in one transaction: all of them, or, when it raises, none."""
    try:
        begin_write(session)
        tally = rollup.Tally()
        outcomes = [_take_in(session, tally, answer) for answer in answers]
        tally.write(session)
        session.commit()
    except Exception:
        session.rollback()
        raise
    return outcomes


def _take_in(session: Session, tally: rollup.Tally, answer: Arrival) -> Outcome:
    values = dict(answer.values)
    known = _earlier(session, tally, values, answer)
    if known is None and _add(session, tally, values, answer.rating.comment):
        return Outcome.ADDED
    known = known or _by_nonce(session, values["nonce"]).one()
    return _change(session, tally, known, answer.rating, now=values["answered_at"])


def _worth_another_try(error: OperationalError) -> bool:
    """Whether PostgreSQL ended this transaction in favour of another one."""
    return getattr(error.orig, "sqlstate", "") in ("40001", "40P01")


def _screen(shown: Shown) -> Values:
    """The columns of what was shown; `question` and `disclaimer` still by their digests."""
    machine = shown.translation is not Translation.ORIGINAL
    engine = (shown.engine if machine else None) or Engine(name="")
    return {
        "page": shown.page,
        "article": shown.article,
        "revision": shown.revision,
        "site_language": shown.site_language,
        "shown_language": shown.shown_language,
        "source_language": shown.source_language,
        "translation": shown.translation,
        "engine": engine.name,
        "engine_version": engine.version,
        "engine_checksum": engine.checksum,
        "question": shown.question,
        "disclaimer": shown.disclaimer,
        "channel": shown.channel,
    }


def _add(session: Session, tally: rollup.Tally, values: Values, comment: str) -> bool:
    """Store and count a new answer; False when its form has been stored already."""
    connection = session.connection()
    try:
        added = connection.execute(_new_response(connection.dialect.name), values).one_or_none()
    except IntegrityError as error:
        # The one column that can lack a value is the question's.
        raise UnknownWording(values["question"]) from error
    if added is None:
        return False
    if values["disclaimer"] and added.disclaimer_id is None:
        raise UnknownWording(values["disclaimer"])
    tally.count_new(values | {"question_id": added.question_id})
    if comment:
        written = {"day": values["day"], "written_at": values["answered_at"]}
        connection.execute(insert(Comment), written | {"response_id": added.id, "text": comment})
    return True


@cache
def _new_response(dialect: str) -> Any:
    """The statement that stores an answer unless its form was stored; made once."""
    statement = rollup.insert_for(dialect, Response).values(
        question_id=_QUESTION_ID, disclaimer_id=_DISCLAIMER_ID
    )
    return statement.on_conflict_do_nothing(index_elements=["nonce"]).returning(
        Response.id, Response.question_id, Response.disclaimer_id
    )


def _wording_id(kind: WordingKind, sha256: str) -> ScalarSelect[int]:
    """The number of a text by its digest, given as the parameter of this name."""
    query = select(WordingRow.id).where(
        WordingRow.kind == kind, WordingRow.sha256 == bindparam(sha256)
    )
    return query.scalar_subquery()


_QUESTION_ID = _wording_id(WordingKind.QUESTION, "question")
_DISCLAIMER_ID = _wording_id(WordingKind.DISCLAIMER, "disclaimer")


def _by_nonce(session: Session, nonce: str) -> ScalarResult[Response]:
    return session.scalars(select(Response).filter_by(nonce=nonce).with_for_update())


def _earlier(
    session: Session, tally: rollup.Tally, values: Values, answer: Arrival
) -> Response | None:
    """The answer that this one changes, if its visitor gave one just now; marks `values`."""
    if answer.visitor is None:
        return None
    salt = salt_of(session, values["day"], answer.random_bytes)
    key = visitor_key(salt, answer.visitor, values["page"])
    values["visitor_key"] = key
    earlier = earlier_answer(session, key)
    if earlier is None:
        return None
    same_form = _by_nonce(session, values["nonce"]).one_or_none()
    if same_form is not None:
        return same_form
    if not window_covers(earlier, values["answered_at"], answer.repeat_seconds):
        values["state"] = State.POSSIBLE_DUPLICATE
        return None
    _show(session, tally, earlier, values)
    return earlier


def _change(
    session: Session, tally: rollup.Tally, response: Response, rating: Rating, *, now: datetime
) -> Outcome:
    """The answer as it was given last. Its comment too: an empty one takes the earlier one away."""
    comment = session.get(Comment, response.id)
    same_comment = (comment.text if comment else "") == rating.comment
    acknowledged = rating.acknowledged and response.disclaimer_id is not None
    same = same_comment and response.disclaimer_acknowledged == acknowledged
    if response.rating == rating.level and same:
        return Outcome.UNCHANGED
    response.disclaimer_acknowledged = acknowledged
    tally.count(response, -1)
    response.rating = rating.level
    tally.count(response, +1)
    if comment is not None and not rating.comment:
        session.delete(comment)
    if rating.comment:
        comment = Comment(
            response_id=response.id, text=rating.comment, day=response.day, written_at=now
        )
        session.merge(comment)
    return Outcome.CHANGED


def _show(session: Session, tally: rollup.Tally, response: Response, values: Values) -> None:
    """Let an answer be about the screen of a later form, on the page where it was given."""
    question, disclaimer = session.execute(select(_QUESTION_ID, _DISCLAIMER_ID), values).one()
    if question is None or (values["disclaimer"] and disclaimer is None):
        raise UnknownWording(values["question"] if question is None else values["disclaimer"])
    tally.count(response, -1)
    for name in SCREEN:
        setattr(response, name, values[name])
    response.question_id, response.disclaimer_id = question, disclaimer
    tally.count(response, +1)
