"""Takes answers in: each is stored and counted once, in one transaction with one commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey.answering import new_answers
from survey.answering.arrivals import Arrival, Values
from survey.answering.new_answers import NewAnswer
from survey.answering.repeated_answers import by_nonce, change, earlier_by_visitor
from survey.answering.visitors import known_keys, salt_of, visitor_key
from survey.answering.wording_ids import UnknownWording as UnknownWording
from survey.rollup import Tally
from survey.services import begin_write


class Outcome(StrEnum):
    """What became of an answer."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class NotStored(RuntimeError):
    """The database refused the write: read-only, locked too long, full or gone."""


def record(session: Session, answer: Arrival) -> Outcome:
    """Store an answer and count it, in one transaction.

    :raise UnknownWording: when the shown question or disclaimer is not registered.
    :raise NotStored: when the database cannot be written; nothing was stored.
    """
    for last_try in (False, True):
        try:
            [outcome] = record_together(session, [answer])
        except OperationalError as error:
            if last_try or not is_worth_another_try(error):
                raise NotStored(str(error.orig)) from error
        else:
            return outcome
    raise AssertionError("the last try returns or raises")


def record_together(session: Session, answers: Sequence[Arrival]) -> list[Outcome]:
    """Store and count several answers in one transaction: all of them, or, when it raises, none.

    The outcomes are those of storing one after the other.
    """
    try:
        begin_write(session)
        tally = Tally()
        outcomes = _take_in(session, tally, answers)
        tally.write(session.connection())
        session.commit()
    except Exception:
        session.rollback()
        raise
    return outcomes


def _take_in(session: Session, tally: Tally, answers: Sequence[Arrival]) -> list[Outcome]:
    """What nobody can have repeated is stored at once, the others one by one behind it."""
    rows = [dict(answer.values) for answer in answers]
    _mark_visitors(session, answers, rows)
    first = _firsts(session, rows)
    comments = [answer.rating.comment for answer in answers]
    new = [NewAnswer(values=rows[n], comment=comments[n]) for n in first]
    added = new_answers.add(session.connection(), tally, new)
    stored = {n for n in first if rows[n]["nonce"] in added}
    return [
        Outcome.ADDED if n in stored else _take_in_repeated(session, tally, rows[n], answer)
        for n, answer in enumerate(answers)
    ]


def _mark_visitors(session: Session, answers: Sequence[Arrival], rows: Sequence[Values]) -> None:
    """Give each row the key of its visitor, where there is one."""
    salts: dict[date, bytes] = {}
    for answer, values in zip(answers, rows, strict=True):
        if answer.visitor is None:
            continue
        day = values["day"]
        if day not in salts:
            salts[day] = salt_of(session, day, answer.random_bytes)
        values["visitor_key"] = visitor_key(salts[day], answer.visitor, values["page"])


def _firsts(session: Session, rows: Sequence[Values]) -> list[int]:
    """Places of the rows that repeat neither the form nor, as far as is known, the visitor."""
    nonces: set[str] = set()
    keys = known_keys(session, {v["visitor_key"] for v in rows if v["visitor_key"] is not None})
    found = []
    for n, values in enumerate(rows):
        nonce, key = values["nonce"], values["visitor_key"]
        if nonce not in nonces and key not in keys:
            found.append(n)
        nonces.add(nonce)
        if key is not None:
            keys.add(key)
    return found


def _take_in_repeated(session: Session, tally: Tally, values: Values, answer: Arrival) -> Outcome:
    known = earlier_by_visitor(session, tally, values, answer)
    if known is None:
        new = NewAnswer(values=values, comment=answer.rating.comment)
        if new_answers.add(session.connection(), tally, [new]):
            return Outcome.ADDED
        known = by_nonce(session, values["nonce"]).one()
    changed = change(session, tally, known, values, answer)
    return Outcome.CHANGED if changed else Outcome.UNCHANGED


def is_worth_another_try(error: OperationalError) -> bool:
    """Whether PostgreSQL ended this transaction in favour of another one."""
    return getattr(error.orig, "sqlstate", "") in ("40001", "40P01")
