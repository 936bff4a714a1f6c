"""What changes answers and wordings: the writes of the survey side, each with its one commit."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey import rollup
from survey.models import Comment, Response, WordingRow
from survey.personal_data import mask
from survey.ratings import (
    Engine,
    Rating,
    Shown,
    State,
    Translation,
    Wording,
    WordingKind,
    digest,
    local_day,
)
from survey.tokens import Submission
from survey.visitors import Visitor, earlier_answer, salt_of, visitor_key, window_covers


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
class ShownText:
    """A question or disclaimer that may be on a screen."""

    kind: WordingKind
    language: str
    text: str


def shown_texts(wordings: Iterable[Wording], organisation: Callable[[str], str]) -> list[ShownText]:
    """Every text a visitor may be shown, in every language and for every provider.

    :param organisation: the institution's name in a language.
    """
    texts = []
    for w in wordings:
        texts.append(ShownText(kind=WordingKind.QUESTION, language=w.language, text=w.question))
        texts += [
            ShownText(
                kind=WordingKind.DISCLAIMER,
                language=w.language,
                text=w.disclaimer_text(provider, organisation(w.language)),
            )
            for provider in w.providers
        ]
    return texts


def register_wordings(session: Session, texts: Iterable[ShownText], *, now: datetime) -> int:
    """Store each text that is not stored yet as a version of its own; gives how many were new."""
    begin_write(session)
    new = 0
    for t in texts:
        if _wording_id(session, t.kind, digest(t.text)) is None:
            session.add(
                WordingRow(
                    kind=t.kind,
                    language=t.language,
                    text=t.text,
                    sha256=digest(t.text),
                    first_shown=now,
                )
            )
            session.flush()
            new += 1
    session.commit()
    return new


def record_answer(
    session: Session,
    rating: Rating,
    submission: Submission,
    *,
    now: datetime,
    zone: tzinfo,
    min_seconds: float = 0.0,
    visitor: Visitor | None = None,
    repeat_seconds: float = 600.0,
    trapped: bool = False,
    countries: Collection[str] = (),
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Outcome:
    """Store an answer and count it, in one transaction.

    The token's nonce is the idempotency key: sent again, it is the same answer, and with another
    level it changes that answer. An answer quicker than `min_seconds`, or `trapped` by the field
    that people leave empty, is kept as spam. With a `visitor`, a second form from the same address,
    browser and page changes the first answer within `repeat_seconds`; later on the same day it is
    kept as a possible duplicate. The comment is masked (see `survey.personal_data`).

    :raise UnknownWording: when the shown question is not registered.
    :raise NotStored: when the database cannot be written; nothing was stored.
    """
    spam = trapped or now - submission.issued_at < timedelta(seconds=min_seconds)
    rating = replace(rating, comment=mask(rating.comment, countries))
    arriving = {
        "nonce": submission.nonce,
        "answered_at": now,
        "day": local_day(now, zone),
        "rating": rating.level,
        "state": State.SPAM if spam else State.COUNTED,
    }
    for last_try in (False, True):
        try:
            begin_write(session)
            values = _response_values(session, submission.shown) | arriving
            tally = rollup.Tally()
            known = _by_nonce(session, submission.nonce)
            if visitor is not None and known is None and not spam:
                known = _earlier(session, tally, values, visitor, repeat_seconds, random_bytes)
            if known is None:
                outcome = _add(session, tally, rating, values, now=now)
            else:
                outcome = _change(session, tally, known, rating, now=now)
            tally.write(session)
            session.commit()
        except OperationalError as error:
            session.rollback()
            if last_try or not _worth_another_try(error):
                raise NotStored(str(error.orig)) from error
        else:
            return outcome
    raise AssertionError("the last try returns or raises")


def _worth_another_try(error: OperationalError) -> bool:
    """Whether PostgreSQL ended this transaction in favour of another one."""
    return getattr(error.orig, "sqlstate", "") in ("40001", "40P01")


def _earlier(
    session: Session,
    tally: rollup.Tally,
    values: dict[str, Any],
    visitor: Visitor,
    repeat_seconds: float,
    random_bytes: Callable[[int], bytes],
) -> Response | None:
    """The answer that this one changes, if its visitor gave one just now; marks `values`."""
    key = visitor_key(salt_of(session, values["day"], random_bytes), visitor, values["page"])
    values["visitor_key"] = key
    earlier = earlier_answer(session, key)
    if earlier is None:
        return None
    if not window_covers(earlier, values["answered_at"], repeat_seconds):
        values["state"] = State.POSSIBLE_DUPLICATE
        return None
    _show(tally, earlier, values)
    return earlier


def begin_write(session: Session) -> None:
    """Start a write transaction; what was read before is read again inside it.

    SQLite takes its write lock here and waits for it, instead of failing in the middle.
    """
    session.rollback()
    session.connection(execution_options={"writes": True})


def _wording_id(session: Session, kind: WordingKind, sha256: str) -> int | None:
    return session.scalar(select(WordingRow.id).filter_by(kind=kind, sha256=sha256))


def _response_values(session: Session, shown: Shown) -> dict[str, Any]:
    question = _wording_id(session, WordingKind.QUESTION, shown.question)
    if question is None:
        session.rollback()
        raise UnknownWording(shown.question)
    disclaimer = None
    if shown.disclaimer:
        disclaimer = _wording_id(session, WordingKind.DISCLAIMER, shown.disclaimer)
        if disclaimer is None:
            session.rollback()
            raise UnknownWording(shown.disclaimer)
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
        "question_id": question,
        "disclaimer_id": disclaimer,
        "disclaimer_acknowledged": False,
        "channel": shown.channel,
    }


def _by_nonce(session: Session, nonce: str) -> Response | None:
    return session.scalar(select(Response).filter_by(nonce=nonce).with_for_update())


def _add(
    session: Session,
    tally: rollup.Tally,
    rating: Rating,
    values: dict[str, Any],
    *,
    now: datetime,
) -> Outcome:
    """A new answer; the same form sent at the same moment makes it the same answer after all."""
    added = session.connection().scalar(_new_response(session.get_bind().dialect.name), values)
    if added is None:
        query = select(Response).filter_by(nonce=values["nonce"]).with_for_update()
        return _change(session, tally, session.scalars(query).one(), rating, now=now)
    response = session.get_one(Response, added)
    tally.count(response, +1)
    _put_comment(session, response, rating.comment, now=now)
    return Outcome.ADDED


@cache
def _new_response(dialect: str) -> Any:
    """The statement that stores an answer unless its form was stored; made once."""
    statement = rollup.insert_for(dialect, Response)
    return statement.on_conflict_do_nothing(index_elements=["nonce"]).returning(Response.id)


def _change(
    session: Session, tally: rollup.Tally, response: Response, rating: Rating, *, now: datetime
) -> Outcome:
    """The answer as it was given last. Its comment too: an empty one takes the earlier one away."""
    comment = session.get(Comment, response.id)
    same_comment = (comment.text if comment else "") == rating.comment
    if response.rating == rating.level and same_comment:
        return Outcome.UNCHANGED
    tally.count(response, -1)
    response.rating = rating.level
    tally.count(response, +1)
    if comment is not None and not rating.comment:
        session.delete(comment)
    _put_comment(session, response, rating.comment, now=now)
    return Outcome.CHANGED


def _show(tally: rollup.Tally, response: Response, values: dict[str, Any]) -> None:
    """Let an answer be about the screen of a later form, on the page where it was given."""
    kept = ("nonce", "answered_at", "day", "rating", "state", "visitor_key")
    tally.count(response, -1)
    for name, value in values.items():
        if name not in kept:
            setattr(response, name, value)
    tally.count(response, +1)


def _put_comment(session: Session, response: Response, text: str, *, now: datetime) -> None:
    if not text:
        return
    session.merge(Comment(response_id=response.id, text=text, written_at=now))


def mend_rollup(session: Session) -> None:
    """Write the roll-ups anew from the answers."""
    begin_write(session)
    if session.get_bind().dialect.name == "postgresql":
        # An answer between the recount and its writing would be lost from the counts.
        tables = "response, daily_count, daily_article_count"
        session.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))
    rollup.rebuild(session)
    session.commit()
