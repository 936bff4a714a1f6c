"""The numbers of the texts an answer was given under, found inside the statements that store it."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, bindparam, select

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
