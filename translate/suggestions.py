"""Better translations that API clients send, kept for editors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from translate.models import Suggestion, SuggestionState
from translate.transaction import begin_write


def keep_suggestion(
    session: Session, source: str, target: str, text: str, suggestion: str, *, now: datetime
) -> None:
    """Store a suggestion as open; NUL, which PostgreSQL cannot hold, is left out."""
    begin_write(session)
    session.add(
        Suggestion(
            source_language=source,
            target_language=target,
            source=_storable(text),
            suggestion=_storable(suggestion),
            state=SuggestionState.OPEN,
            created_at=now,
        )
    )
    session.commit()


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
