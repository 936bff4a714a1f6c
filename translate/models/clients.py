"""Clients of the API: their keys, what they used, and what they suggested."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from translate.models.base import Base


class ApiKey(Base):
    """A key of an API client; only its SHA-256 is kept. None stands for no limit."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    characters_per_day: Mapped[int | None]
    requests_per_minute: Mapped[int | None]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class UsageDay(Base):
    """What was used with one key in a UTC day; callers without a key are not counted."""

    __tablename__ = "usage_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    requests: Mapped[int]
    characters: Mapped[int]


class SuggestionState(StrEnum):
    """What an editor made of a reader's better translation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Suggestion(Base):
    """A better translation that an API client sent, waiting for an editor."""

    __tablename__ = "suggestion"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_language: Mapped[str] = mapped_column(String(16))
    target_language: Mapped[str] = mapped_column(String(16))
    source: Mapped[str]
    suggestion: Mapped[str]
    state: Mapped[SuggestionState] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(80), default="")
