"""The texts that visitors were shown, and what admins made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from survey.models.base import Base
from survey.ratings import WordingKind


def _first_shown(context: DefaultExecutionContext) -> Any:
    """The moment of a row that is new: it has been on the pages since then."""
    return context.get_current_parameters()["first_shown"]  # type: ignore[no-untyped-call] # SQLAlchemy's own


class WordingRow(Base):
    """One version of a question or a disclaimer; never changed, never deleted."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("kind", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WordingKind]
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    first_shown: Mapped[datetime]
    # Later than the first time for a text that came back: its series goes on, under its version.
    current_since: Mapped[datetime] = mapped_column(insert_default=_first_shown)


class WordingChange(Base):
    """What an admin made of one text; the newest row of a kind, language and provider holds."""

    __tablename__ = "wording_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[WordingKind]
    language: Mapped[str] = mapped_column(String(16))
    # Of a disclaimer: whose translation it is about. Empty for a question.
    provider: Mapped[str] = mapped_column(String(40))
    # With its placeholders; None is back to the built-in text.
    text: Mapped[str | None]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
