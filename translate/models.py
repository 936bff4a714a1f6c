"""The tables of the translate side: articles, translations, memory, glossary, keys and usage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    DateTime,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class TranslationState(StrEnum):
    """How far an article's translation has come, and whether readers see it."""

    MACHINE = "machine"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    STALE = "stale"


class Origin(StrEnum):
    """Where a segment of the memory comes from; a human's beats a machine's."""

    MACHINE = "machine"
    HUMAN = "human"
    IMPORTED = "imported"


class SuggestionState(StrEnum):
    """What an editor made of a reader's better translation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without zone, so the zone is put back on reading.

    The survey side has the same type: the two sides share no module.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without time zone rather than guess one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _stored_by_value(kind: type[StrEnum]) -> Enum:
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda e: [member.value for member in e],
        name=kind.__name__.lower(),
    )


_COLUMN_TYPES: dict[Any, Any] = {
    datetime: UtcDateTime(),
    **{k: _stored_by_value(k) for k in (TranslationState, Origin, SuggestionState)},
}


class Base(DeclarativeBase):
    """Tables of the translate side; the survey side has a base of its own."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = _COLUMN_TYPES


class Article(Base):
    """One article of the site in the language it was written in; its texts are revisions."""

    __tablename__ = "article"
    __table_args__ = (Index(None, "listed_on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    language: Mapped[str] = mapped_column(String(16))
    # SHA-256 of the revision that readers see; not a foreign key, since each table would then
    # need the other's row first.
    revision: Mapped[str] = mapped_column(String(64))
    published_on: Mapped[date | None]
    # The day it is sorted under: the day of publication, else the day it was brought in.
    listed_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]


class ArticleRevision(Base):
    """One text of an article; never changed. `sha256` is of title, blank line, body."""

    __tablename__ = "article_revision"
    __table_args__ = (UniqueConstraint("article_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]


class ArticleTranslation(Base):
    """A revision in another language; the engine columns are empty when a person wrote it."""

    __tablename__ = "article_translation"
    __table_args__ = (UniqueConstraint("revision_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revision.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(16))
    state: Mapped[TranslationState]
    title: Mapped[str]
    body: Mapped[str]
    engine: Mapped[str] = mapped_column(String(200), default="")
    engine_version: Mapped[str] = mapped_column(String(40), default="")
    engine_checksum: Mapped[str] = mapped_column(String(64), default="")
    # Names of the checks that some segment failed, by commas, sorted.
    flags: Mapped[str] = mapped_column(default="")
    translated_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str] = mapped_column(String(80), default="")


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
