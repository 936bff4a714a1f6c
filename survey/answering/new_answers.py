"""Stores answers of forms that have brought none yet, many in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError

from survey.answering.arrivals import Values
from survey.answering.prepared import Prepared
from survey.answering.wording_ids import DISCLAIMER_ID, QUESTION_ID, UnknownWording
from survey.models import Comment, Response
from survey.rollup import Tally, insert_for

_COMMENT = insert(Comment)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """The columns of an answer's row, and its comment, perhaps empty."""

    values: Values
    comment: str


class Stored(NamedTuple):
    """What the database has made of a new answer: its number, and those of its texts."""

    id: int
    question_id: int
    disclaimer_id: int | None


def add(connection: Connection, tally: Tally, answers: Sequence[NewAnswer]) -> set[str]:
    """Store and count answers, each of another form; gives the nonces of those that were new.

    :raise UnknownWording: when one was given under a text that is not registered.
    """
    if not answers:
        return set()
    try:
        stored = _insertion(connection.dialect).returned(connection, [a.values for a in answers])
    except IntegrityError as error:
        # The one column that can lack a value is the question's.
        raise UnknownWording(answers[0].values["question"]) from error
    rows = {nonce: Stored(*row) for nonce, *row in stored}
    comments = []
    for answer in answers:
        values, row = answer.values, rows.get(answer.values["nonce"])
        if row is None:
            continue
        if values["disclaimer"] and row.disclaimer_id is None:
            raise UnknownWording(values["disclaimer"])
        tally.count_new(values | {"question_id": row.question_id})
        if answer.comment:
            written = {"day": values["day"], "written_at": values["answered_at"]}
            comments.append(written | {"response_id": row.id, "text": answer.comment})
    if comments:
        connection.execute(_COMMENT, comments)
    return set(rows)


@lru_cache
def _insertion(dialect: Dialect) -> Prepared:
    """The statement that stores an answer unless its form was stored."""
    texts = {"question_id": QUESTION_ID, "disclaimer_id": DISCLAIMER_ID}
    statement = insert_for(dialect.name, Response).values(texts)
    insertion = statement.on_conflict_do_nothing(index_elements=["nonce"]).returning(
        Response.nonce, Response.id, Response.question_id, Response.disclaimer_id
    )
    names = Response.__table__.columns.keys()
    return Prepared(insertion, [name for name in names if name not in {"id", *texts}], dialect)
