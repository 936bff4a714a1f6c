"""Every version of the texts that were shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import WordingRow
from survey.ratings import WordingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingVersion:
    """One version of a question or a disclaimer."""

    id: int
    kind: WordingKind
    language: str
    text: str
    sha256: str
    first_shown: datetime


def wordings(session: Session) -> list[WordingVersion]:
    """Every version of every question and disclaimer, those on the pages now last."""
    rows = session.scalars(select(WordingRow).order_by(WordingRow.current_since, WordingRow.id))
    return [
        WordingVersion(
            id=row.id,
            kind=row.kind,
            language=row.language,
            text=row.text,
            sha256=row.sha256,
            first_shown=row.first_shown,
        )
        for row in rows
    ]
