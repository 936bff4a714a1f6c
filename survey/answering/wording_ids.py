"""The numbers of the texts an answer was given under, found inside the statements that store it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ScalarSelect, bindparam, select
from sqlalchemy.orm import Session

from survey.models import WordingRow
from survey.ratings import WordingKind


class UnknownWording(LookupError):
    """The form was made with a text that this database has never shown."""


def _wording_id(kind: WordingKind, sha256: str) -> ScalarSelect[int]:
    """The number of a text by its digest, given as the parameter of this name."""
    query = select(WordingRow.id).where(
        WordingRow.kind == kind, WordingRow.sha256 == bindparam(sha256)
    )
    return query.scalar_subquery()


QUESTION_ID = _wording_id(WordingKind.QUESTION, "question")
DISCLAIMER_ID = _wording_id(WordingKind.DISCLAIMER, "disclaimer")


def question_numbers(session: Session, digests: Collection[str]) -> dict[str, int]:
    """The numbers of those of the questions that the database knows, by their digests."""
    query = select(WordingRow.sha256, WordingRow.id).where(
        WordingRow.kind == WordingKind.QUESTION, WordingRow.sha256.in_(digests)
    )
    return {row.sha256: row.id for row in session.execute(query)}
