"""Our own sample articles, so that a fresh installation has something to show."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from translate.articles.intake import ArticleText, add_article, add_reviewed
from translate.errors import ArticleError
from translate.models import Article
from translate.transaction import begin_change


def import_samples(session: Session, folder: Path, *, now: datetime) -> int:
    """Take the sample articles (`*.toml`) whose slug is not there yet, with their translations.

    :return: how many are new.
    :raise ArticleError: for a file that is no sample article.
    """
    samples = [_read_sample(path) for path in sorted(folder.glob("*.toml"))]
    begin_change(session)
    have = set(session.scalars(select(Article.slug)))
    added = 0
    for slug, language, day, texts in sorted(samples, key=lambda s: s[2]):
        if slug in have:
            continue
        revision = add_article(
            session, slug, language, texts[language], day=day, source="sample", now=now
        )
        # They were reviewed before they were published, not when they are brought in.
        reviewed = datetime.combine(day, time(9), UTC)
        for other, text in texts.items():
            if other != language:
                add_reviewed(session, revision, other, text, by="sample", now=reviewed)
        added += 1
    session.commit()
    return added


def _read_sample(path: Path) -> tuple[str, str, date, dict[str, ArticleText]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        texts = {
            language: ArticleText(title=t["title"].strip(), body=t["body"].strip())
            for language, t in content["text"].items()
        }
        slug, language, day = content["slug"], content["language"], content["published"]
        if language not in texts or not isinstance(day, date):
            raise KeyError("text in the article's own language, or the day")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArticleError(f"{path.name} is no sample article: {error}") from error
    return slug, language, day, texts
