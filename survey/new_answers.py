"""Stores answers of forms that have brought none yet, many in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.arrivals import Values
from survey.models import Comment, Response
from survey.rollup import Tally, insert_for
from survey.wording_ids import DISCLAIMER_ID, QUESTION_ID, UnknownWording


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """The columns of an answer's row, and its comment, perhaps empty."""

    values: Values
    comment: str


def add(session: Session, tally: Tally, answers: Sequence[NewAnswer]) -> set[str]:
    """Store and count answers, each of another form; gives the nonces of those that were new.

    :raise UnknownWording: when one was given under a text that is not registered.
    """
    if not answers:
        return set()
    connection = session.connection()
    statement = _insertion(connection.dialect.name)
    try:
        stored = connection.execute(statement, [answer.values for answer in answers]).all()
    except IntegrityError as error:
        # The one column that can lack a value is the question's.
        raise UnknownWording(answers[0].values["question"]) from error
    rows = {row.nonce: row for row in stored}
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
        connection.execute(insert(Comment), comments)
    return set(rows)


@cache
def _insertion(dialect: str) -> Any:
    """The statement that stores an answer unless its form was stored; made once."""
    statement = insert_for(dialect, Response).values(
        question_id=QUESTION_ID, disclaimer_id=DISCLAIMER_ID
    )
    return statement.on_conflict_do_nothing(index_elements=["nonce"]).returning(
        Response.nonce, Response.id, Response.question_id, Response.disclaimer_id
    )
