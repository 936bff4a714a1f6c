"""Whether a text is another version of an article that is there: corrected, not new."""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from translate.models import Article, ArticleRevision

_WORD = re.compile(r"\w+")
# Weekly news under a standing title have less than this share of their words in common.
_LEAST_SHARED = 0.5


def other_version(session: Session, language: str, title: str, body: str) -> str | None:
    """The short name of an article with this title whose text shares most of its words."""
    rows = session.execute(
        select(Article.slug, ArticleRevision.body)
        .join(
            ArticleRevision,
            and_(
                ArticleRevision.article_id == Article.id,
                ArticleRevision.sha256 == Article.revision,
            ),
        )
        .where(Article.language == language, ArticleRevision.title == title)
        .order_by(Article.id.desc())
    )
    return next((slug for slug, known in rows if shared(known, body) >= _LEAST_SHARED), None)


def shared(one: str, other: str) -> float:
    """The words that two texts have in common, as a share of those of the longer one."""
    ours, theirs = (Counter(_WORD.findall(text.casefold())) for text in (one, other))
    return (ours & theirs).total() / max(ours.total(), theirs.total(), 1)
