"""The editors' list of articles: found by words and states, in several orders, by pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from translate.keyed_page import BEGINNING, KeyedPage, Order, Place, keyed_page
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
    """A page of the list, with its place in it."""

    articles: tuple[ArticleSummary, ...]
    page: KeyedPage


ORDERS = {
    "newest": Order(key=(Article.listed_on, Article.id), descending=True),
    "oldest": Order(key=(Article.listed_on, Article.id)),
    "title": Order(key=(func.lower(ArticleRevision.title), Article.id)),
    "changed": Order(key=(ArticleRevision.created_at, Article.id), descending=True),
}


def find_articles(
    session: Session,
    search: Search,
    languages: Sequence[str],
    place: Place = BEGINNING,
    *,
    order: str = "newest",
    size: int = PAGE,
) -> ArticlePage:
    """The articles that fit.

    :param languages: those of the site, for what is missing.
    :param order: a name of `ORDERS`: by the day they are listed under, the title, or the time of
        the text that readers see.
    """
    everything = select(Article, ArticleRevision.title).join(
        ArticleRevision,
        and_(ArticleRevision.article_id == Article.id, ArticleRevision.sha256 == Article.revision),
    )
    conditions = _conditions(search, languages)
    page = keyed_page(session, everything, conditions, ORDERS[order], place, size=size)
    states = _translations(session, [row[0].id for row in page.rows])
    found = tuple(
        ArticleSummary(
            id=article.id,
            slug=article.slug,
            title=title,
            language=article.language,
            published_on=article.published_on,
            translations=states.get(article.id, {}),
        )
        for article, title, _number in page.rows
    )
    return ArticlePage(articles=found, page=page)


def _conditions(search: Search, languages: Sequence[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.text:
        pattern = f"%{escaped(search.text)}%"
        found.append(
            or_(
                ArticleRevision.title.ilike(pattern, escape="\\"),
                ArticleRevision.body.ilike(pattern, escape="\\"),
                Article.slug == search.text,
            )
        )
    if search.language:
        found.append(Article.language == search.language)
    if search.state:
        found.append(_in_state(search.state, languages))
    return found


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
