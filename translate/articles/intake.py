"""Brings articles in, gives out and removes them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from translate.articles import page
from translate.articles.other_versions import other_version
from translate.articles.page import FoundArticle, LeftOut
from translate.errors import ArticleError
from translate.models import Article, ArticleRevision, ArticleTranslation, TranslationState
from translate.transaction import begin_change

_LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """A title and a body whose paragraphs have blank lines between them."""

    title: str
    body: str

    @property
    def sha256(self) -> str:
        """SHA-256 of title, blank line, body: the name of the revision."""
        return hashlib.sha256(f"{self.title}\n\n{self.body}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherVersion:
    """An article that was not added: the one with this short name has another version of it."""

    article: FoundArticle
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What a page held: the articles (with those that are new), and what was left out."""

    found: tuple[FoundArticle, ...]
    added: tuple[FoundArticle, ...]
    others: tuple[OtherVersion, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def already_there(self) -> int:
        """How many of the articles were known, word for word."""
        return len(self.found) - len(self.added) - len(self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article for lists of the command line and for export."""

    slug: str
    language: str
    published_on: date | None
    text: ArticleText
    translations: Mapping[str, TranslationState]


def import_page(session: Session, text: str, language: str, *, now: datetime) -> ImportReport:
    """Take the articles of a plain-text page that are not there yet, in one transaction.

    Of one that is there in another version readers would see both: a person corrects the original.

    :raise ArticleError: when the page holds no article.
    """
    found, left_out = page.parse(text.replace("\0", ""), language)
    if not found:
        raise ArticleError(
            "No article found: an article is a line that ends without full stop, "
            "a blank line, and paragraphs"
        )
    begin_change(session)
    added, others = [], []
    # A page shows the newest first; the one stored last is listed first.
    for article in reversed(found):
        content = ArticleText(title=article.title, body=article.body)
        if _is_known(session, content):
            continue
        twin = other_version(session, language, content.title, content.body)
        if twin:
            others.append(OtherVersion(article=article, slug=twin))
        else:
            slug = free_slug(session, article.title)
            add_article(session, slug, language, content, day=article.day, source="page", now=now)
            added.append(article)
    session.commit()
    return ImportReport(
        found=tuple(found),
        added=tuple(reversed(added)),
        others=tuple(reversed(others)),
        left_out=tuple(left_out),
    )


def add_article(
    session: Session,
    slug: str,
    language: str,
    text: ArticleText,
    *,
    day: date | None,
    source: str,
    now: datetime,
) -> ArticleRevision:
    """Store a new article with its first revision. Commits nothing."""
    article = Article(
        slug=slug,
        language=language,
        revision=text.sha256,
        published_on=day,
        listed_on=day or now.astimezone(UTC).date(),
        source=source,
        created_at=now,
    )
    session.add(article)
    session.flush()
    revision = ArticleRevision(
        article_id=article.id, sha256=text.sha256, title=text.title, body=text.body, created_at=now
    )
    session.add(revision)
    session.flush()
    return revision


def add_reviewed(
    session: Session,
    revision: ArticleRevision,
    language: str,
    text: ArticleText,
    by: str,
    now: datetime,
) -> None:
    """Store a person's translation of a revision. Commits nothing."""
    session.add(
        ArticleTranslation(
            revision_id=revision.id,
            language=language,
            state=TranslationState.REVIEWED,
            title=text.title,
            body=text.body,
            translated_at=now,
            reviewed_at=now,
            reviewed_by=by,
        )
    )


def remove_article(session: Session, slug: str) -> None:
    """Remove an article with its revisions and translations; answers about it stay.

    :raise ArticleError: when there is no such article.
    """
    begin_change(session)
    gone = session.execute(delete(Article).where(Article.slug == slug).returning(Article.id))
    if gone.first() is None:
        session.rollback()
        raise ArticleError(f"There is no article {slug}; see `rayak articles list`")
    session.commit()


def stored_articles(session: Session, slugs: Iterable[str] = ()) -> list[StoredArticle]:
    """The articles (all, if none is named), newest first, with the states of translations.

    :raise ArticleError: when a named one is missing.
    """
    wanted = set(slugs)
    query = (
        select(Article, ArticleRevision)
        .join(ArticleRevision, ArticleRevision.sha256 == Article.revision)
        .where(ArticleRevision.article_id == Article.id)
        .order_by(Article.listed_on.desc(), Article.id.desc())
    )
    rows = session.execute(query.where(Article.slug.in_(wanted)) if wanted else query).all()
    missing = wanted - {article.slug for article, _ in rows}
    if missing:
        raise ArticleError(f"There is no article {', '.join(sorted(missing))}")
    states: dict[int, dict[str, TranslationState]] = {}
    for revision_id, language, state in session.execute(
        select(
            ArticleTranslation.revision_id, ArticleTranslation.language, ArticleTranslation.state
        )
    ):
        states.setdefault(revision_id, {})[language] = state
    return [
        StoredArticle(
            slug=article.slug,
            language=article.language,
            published_on=article.published_on,
            text=ArticleText(title=revision.title, body=revision.body),
            translations=states.get(revision.id, {}),
        )
        for article, revision in rows
    ]


def export_text(articles: Iterable[StoredArticle]) -> str:
    """Articles as a page that `import_page` takes: titles and paragraphs, blank lines between."""
    return "".join(f"{a.text.title}\n\n{a.text.body}\n\n\n" for a in articles)


def free_slug(session: Session, title: str) -> str:
    """A slug from a title that no article has: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['’]", "", plain)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _LONGEST_SLUG:
        slug = slug[:_LONGEST_SLUG].rpartition("-")[0] or slug[:_LONGEST_SLUG]
    if len(slug) < 3:
        # A title in another script leaves nothing to make a slug of.
        slug = f"article-{hashlib.sha256(title.encode()).hexdigest()[:8]}"
    taken = set(session.scalars(select(Article.slug).where(Article.slug.startswith(slug))))
    number = 2
    free = slug
    while free in taken:
        free = f"{slug}-{number}"
        number += 1
    return free


def _is_known(session: Session, text: ArticleText) -> bool:
    known = exists().where(ArticleRevision.sha256 == text.sha256)
    return bool(session.scalar(select(known)))
