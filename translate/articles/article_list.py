"""The editors' list of articles: found by words and states, a page at a time by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from translate.memory import read_flags
from translate.models import Article, ArticleRevision, ArticleTranslation, TranslationState

PAGE = 20
MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; empty values look for nothing. `state` is a state's value or `missing`."""

    text: str = ""
    language: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationSummary:
    """How a translation stands, and how many kinds of doubt the checks have about it."""

    state: TranslationState
    flags: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """An article of the list, with its translations by language."""

    id: int
    slug: str
    title: str
    language: str
    published_on: date | None
    translations: Mapping[str, TranslationSummary] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """A page of the list, newest first; `older` is the key of the next page, if there is one."""

    articles: tuple[ArticleSummary, ...]
    older: int | None


def find_articles(
    session: Session,
    search: Search,
    languages: Sequence[str],
    *,
    before: int | None = None,
    size: int = PAGE,
) -> ArticlePage:
    """The articles that fit, newest first.

    :param languages: those of the site, for what is missing.
    :param before: number of the article after which the page begins.
    """
    query: Select[Article, str] = (
        select(Article, ArticleRevision.title)
        .join(
            ArticleRevision,
            and_(
                ArticleRevision.article_id == Article.id,
                ArticleRevision.sha256 == Article.revision,
            ),
        )
        .order_by(Article.listed_on.desc(), Article.id.desc())
        .limit(size + 1)
    )
    if search.text:
        pattern = f"%{escaped(search.text)}%"
        query = query.where(
            or_(
                ArticleRevision.title.ilike(pattern, escape="\\"),
                ArticleRevision.body.ilike(pattern, escape="\\"),
                Article.slug == search.text,
            )
        )
    if search.language:
        query = query.where(Article.language == search.language)
    if search.state:
        query = query.where(_in_state(search.state, languages))
    start = session.get(Article, before) if before is not None else None
    if start is not None:
        key = tuple_(Article.listed_on, Article.id)
        query = query.where(key < (start.listed_on, start.id))
    rows = session.execute(query).all()
    states = _translations(session, [article.id for article, _ in rows[:size]])
    found = tuple(
        ArticleSummary(
            id=article.id,
            slug=article.slug,
            title=title,
            language=article.language,
            published_on=article.published_on,
            translations=states.get(article.id, {}),
        )
        for article, title in rows[:size]
    )
    return ArticlePage(articles=found, older=found[-1].id if len(rows) > size else None)


def escaped(text: str) -> str:
    """A text in a LIKE pattern with the backslash as escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _translations(
    session: Session, articles: Sequence[int]
) -> dict[int, dict[str, TranslationSummary]]:
    """Those of the current text; where it has none, a stale one of an earlier text."""
    rows = session.execute(
        select(
            ArticleRevision.article_id,
            ArticleRevision.sha256 == Article.revision,
            ArticleTranslation.language,
            ArticleTranslation.state,
            ArticleTranslation.flags,
        )
        .join(ArticleRevision, ArticleRevision.id == ArticleTranslation.revision_id)
        .join(Article, Article.id == ArticleRevision.article_id)
        .where(Article.id.in_(articles))
        .order_by(ArticleTranslation.id)
    ).all()
    found: dict[int, dict[str, TranslationSummary]] = {}
    # The current text's come last and stand.
    for article, is_current, language, state, flags in sorted(rows, key=lambda r: bool(r[1])):
        if is_current or state is TranslationState.STALE:
            summary = TranslationSummary(state=state, flags=len(read_flags(flags)))
            found.setdefault(article, {})[language] = summary
    return found


def _in_state(state: str, languages: Sequence[str]) -> ColumnElement[bool]:
    revision = aliased(ArticleRevision)
    of_article = and_(
        ArticleTranslation.revision_id == revision.id, revision.article_id == Article.id
    )
    current = and_(of_article, revision.sha256 == Article.revision)
    if state == MISSING:
        return or_(
            *(
                and_(
                    Article.language != code,
                    ~exists().where(current, ArticleTranslation.language == code),
                )
                for code in languages
            )
        )
    # What is stale belongs to an earlier text as a rule.
    where = of_article if state == TranslationState.STALE else current
    return exists().where(where, ArticleTranslation.state == TranslationState(state))
