"""What readers see of the articles: the list, and one article in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from translate.checks import Flag
from translate.memory import read_flags
from translate.models import (
    Article,
    ArticleRevision,
    ArticleTranslation,
    TranslationState,
)
from translate.text import paragraphs

PAGE_SIZE = 20

# The states in which a translation is shown; withdrawn and stale ones are not.
VISIBLE = (TranslationState.MACHINE, TranslationState.REVIEWED, TranslationState.PUBLISHED)


class TextKind(StrEnum):
    """How the text on the screen came into its language; the values are those of the survey."""

    ORIGINAL = "original"
    MACHINE = "machine"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEngine:
    """The package, or packages, that made a machine translation."""

    name: str
    version: str
    checksum: str

    @property
    def is_pivot(self) -> bool:
        """Whether it went by way of English, through two packages."""
        return " + " in self.name

    @property
    def is_starter(self) -> bool:
        """Whether a 0.x package took part, whose text is not to be relied on."""
        return any(v.startswith("0.") or v == "0" for v in self.version.split("+"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleShown:
    """What stands on the screen of an article page, for the answer that is given there.

    `revision` is the SHA-256 of the original; `translation` is original, machine or reviewed;
    `engine` is None unless a machine translated; `shown_language` is the language of the text,
    which is not the page's (`site_language`) when the article has no translation into it.
    """

    slug: str
    revision: str
    site_language: str
    shown_language: str
    source_language: str
    translation: str
    engine: ArticleEngine | None
    disclaimer_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article in a list; `language` is that of `title` and `lead`."""

    slug: str
    title: str
    lead: str
    language: str
    kind: TextKind
    published_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleList:
    """One page of the list, newest first; pages count from 1."""

    articles: tuple[ListedArticle, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article as one reader gets it; `languages` are those it can be read in."""

    slug: str
    revision: str
    title: str
    paragraphs: tuple[str, ...]
    language: str
    source_language: str
    kind: TextKind
    published_on: date | None
    languages: tuple[str, ...]
    engine: ArticleEngine | None = None
    reviewed_at: datetime | None = None
    flags: frozenset[Flag] = frozenset()


def list_articles(
    session: Session, language: str, *, page: int = 1, size: int = PAGE_SIZE
) -> ArticleList:
    """A page of the articles, newest first, each in `language` or else in its own.

    A page past the end is empty; two queries, however many articles there are.
    """
    total = session.scalar(select(func.count()).select_from(Article)) or 0
    pages = max(1, -(-total // size))
    if not 1 <= page <= pages:
        return ArticleList(articles=(), page=page, pages=pages, total=total)
    rows = session.execute(
        _in_language(language)
        .order_by(Article.listed_on.desc(), Article.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return ArticleList(
        articles=tuple(_listed(a, r, t) for a, r, t in rows), page=page, pages=pages, total=total
    )


def read_article(
    session: Session, slug: str, language: str, *, original: bool = False
) -> ReadArticle | None:
    """An article in a language, or as it was written when there is no such translation.

    :param original: show it as it was written in any case.
    :return: None when there is no such article.
    """
    found = session.execute(_in_language(language).where(Article.slug == slug)).first()
    if found is None:
        return None
    article, revision, translation = found
    if original:
        translation = None
    others = session.scalars(
        select(ArticleTranslation.language).where(
            ArticleTranslation.revision_id == revision.id, ArticleTranslation.state.in_(VISIBLE)
        )
    )
    text = translation or revision
    return ReadArticle(
        slug=article.slug,
        revision=revision.sha256,
        title=text.title,
        paragraphs=tuple(paragraphs(text.body)),
        language=translation.language if translation else article.language,
        source_language=article.language,
        kind=_kind(translation),
        published_on=article.published_on,
        languages=tuple(sorted({article.language, *others})),
        engine=_engine(translation),
        reviewed_at=translation.reviewed_at if translation else None,
        flags=read_flags(translation.flags) if translation else frozenset(),
    )


def _in_language(language: str) -> Select[Article, ArticleRevision, Any]:
    """Each article with its current revision and, where readers may see it, the translation."""
    return (
        select(Article, ArticleRevision, ArticleTranslation)
        .join(
            ArticleRevision,
            and_(
                ArticleRevision.article_id == Article.id,
                ArticleRevision.sha256 == Article.revision,
            ),
        )
        .outerjoin(
            ArticleTranslation,
            and_(
                ArticleTranslation.revision_id == ArticleRevision.id,
                ArticleTranslation.language == language,
                ArticleTranslation.language != Article.language,
                ArticleTranslation.state.in_(VISIBLE),
            ),
        )
    )


def _listed(
    article: Article, revision: ArticleRevision, translation: ArticleTranslation | None
) -> ListedArticle:
    text = translation or revision
    first = paragraphs(text.body)[:1]
    return ListedArticle(
        slug=article.slug,
        title=text.title,
        lead=first[0] if first else "",
        language=translation.language if translation else article.language,
        kind=_kind(translation),
        published_on=article.published_on,
    )


def _kind(translation: ArticleTranslation | None) -> TextKind:
    if translation is None:
        return TextKind.ORIGINAL
    machine = translation.state is TranslationState.MACHINE
    return TextKind.MACHINE if machine else TextKind.REVIEWED


def _engine(translation: ArticleTranslation | None) -> ArticleEngine | None:
    if translation is None or translation.state is not TranslationState.MACHINE:
        return None
    return ArticleEngine(
        name=translation.engine,
        version=translation.engine_version,
        checksum=translation.engine_checksum,
    )
