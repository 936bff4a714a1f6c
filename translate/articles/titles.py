"""What articles are called in each language in which they can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from translate.articles.reading import VISIBLE
from translate.models import Article, ArticleRevision, ArticleTranslation


def titles(session: Session, slugs: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """For articles by short name: the title by language, that of the original first.

    An article that is not there, or no longer, is absent; so is the title of a translation that
    readers do not see.
    """
    current = (ArticleRevision.article_id == Article.id) & (
        ArticleRevision.sha256 == Article.revision
    )
    originals = (
        select(Article.slug, Article.language, ArticleRevision.title)
        .join(ArticleRevision, current)
        .where(Article.slug.in_(slugs))
        .order_by(Article.slug)
    )
    translations = (
        select(Article.slug, ArticleTranslation.language, ArticleTranslation.title)
        .join(ArticleRevision, current)
        .join(ArticleTranslation, ArticleTranslation.revision_id == ArticleRevision.id)
        .where(Article.slug.in_(slugs), ArticleTranslation.state.in_(VISIBLE))
        .order_by(Article.slug, ArticleTranslation.language)
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for query in (originals, translations):
        for slug, language, title in session.execute(query):
            found[slug][language] = title
    return found
