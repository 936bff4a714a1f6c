"""Sentences that were translated before, and terms with a fixed translation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from translate.models.base import Base


class Origin(StrEnum):
    """Where a segment of the memory comes from; a human's beats a machine's."""

    MACHINE = "machine"
    HUMAN = "human"
    IMPORTED = "imported"


class MemorySegment(Base):
    """One translated sentence. `sha256` is of the source sentence without outer white space.

    `context` is empty for a person's translation. For a machine's it is the digest of all that
    decides the text besides the source: packages, options, glossary.
    """

    __tablename__ = "memory"
    __table_args__ = (
        UniqueConstraint("source_language", "target_language", "sha256", "origin", "context"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_language: Mapped[str] = mapped_column(String(16))
    target_language: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64))
    origin: Mapped[Origin]
    context: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str]
    target: Mapped[str]
    engine: Mapped[str] = mapped_column(String(200), default="")
    engine_version: Mapped[str] = mapped_column(String(40), default="")
    flags: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[str] = mapped_column(String(80), default="")


class GlossaryTerm(Base):
    """A term with its fixed translation; `target` is None for a term that stays as it is.

    `target_language` is `*` for a term that stays as it is in every language.
    """

    __tablename__ = "glossary_term"
    __table_args__ = (UniqueConstraint("source_language", "target_language", "term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_language: Mapped[str] = mapped_column(String(16))
    target_language: Mapped[str] = mapped_column(String(16))
    term: Mapped[str] = mapped_column(String(200))
    target: Mapped[str | None] = mapped_column(String(200))
    # Also a hit after a particle written together with it, as Arabic "and", "for" and "the" are.
    clitics: Mapped[bool] = mapped_column(default=False)
    case_sensitive: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80), default="")
