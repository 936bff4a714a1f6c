"""What the translation of an earlier text is still worth for the text an article has now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from translate.articles.corrections import aligned
from translate.articles.sheet import Row
from translate.models import Article, ArticleRevision, ArticleTranslation, TranslationState


@dataclass(frozen=True, slots=True, kw_only=True)
class OutdatedTranslation:
    """A translation that a correction of the original has put out of date.

    `sentences` are its translations by the sentences of the earlier text, as far as they can be
    told apart; the title is one of them.
    """

    title: str
    body: str
    sentences: Mapping[str, str]

    @property
    def text(self) -> str:
        """Title and body, with a blank line between."""
        return f"{self.title}\n\n{self.body}"

    def carried_over(self, row: Row) -> Row:
        """A row of the present text, with its translation where the sentence stayed as it was."""
        if len(row.sentences) != 1:
            return row
        return replace(row, target=self.sentences.get(row.sentences[0], ""))


def outdated_translation(
    session: Session, article: Article, language: str
) -> OutdatedTranslation | None:
    """The translation of the latest earlier text that was put out of date, if there is one."""
    found = session.execute(
        select(ArticleRevision, ArticleTranslation)
        .join(ArticleTranslation, ArticleTranslation.revision_id == ArticleRevision.id)
        .where(
            ArticleRevision.article_id == article.id,
            ArticleRevision.sha256 != article.revision,
            ArticleTranslation.language == language,
            ArticleTranslation.state == TranslationState.STALE,
        )
        .order_by(ArticleRevision.created_at.desc(), ArticleRevision.id.desc())
    ).first()
    if found is None:
        return None
    revision, row = found
    sentences = dict(aligned(revision.body, article.language, row.body, language))
    sentences[revision.title] = row.title
    return OutdatedTranslation(title=row.title, body=row.body, sentences=sentences)
