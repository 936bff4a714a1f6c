"""Articles, the texts they had, and their translations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from translate.models.base import Base


class TranslationState(StrEnum):
    """How far an article's translation has come, and whether readers see it."""

    MACHINE = "machine"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    STALE = "stale"


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
