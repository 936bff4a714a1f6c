"""What people make better: sentences for the memory, reviewed articles, readers' suggestions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from translate.articles.intake import ArticleText
from translate.errors import ArticleError, TranslateError
from translate.models import (
    Article,
    ArticleRevision,
    ArticleTranslation,
    MemorySegment,
    Origin,
    Suggestion,
    SuggestionState,
    TranslationState,
)
from translate.text import split, unwrapped
from translate.transaction import begin_change


class UnknownSuggestion(TranslateError, ValueError):
    """There is no open suggestion with this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSuggestion:
    """A reader's better translation that nobody has decided on."""

    id: int
    source_language: str
    target_language: str
    source: str
    suggestion: str
    created_at: datetime


def review_article(
    session: Session, slug: str, language: str, text: ArticleText, *, by: str, now: datetime
) -> int:
    """Save a person's translation of an article's current text; readers then see it as reviewed.

    Sentences that stand in the same places of paragraphs with as many sentences go into the
    memory, so that the machine uses them from now on.

    :return: how many sentences went into the memory.
    :raise ArticleError: for an unknown article, or a text without title or body.
    """
    if not text.title.strip() or not text.body.strip():
        raise ArticleError("A translation needs a title and a text")
    begin_change(session)
    article, revision, row = current_translation(session, slug, language)
    if row is None:
        row = ArticleTranslation(revision_id=revision.id, language=language, translated_at=now)
        session.add(row)
    row.state = TranslationState.REVIEWED
    row.title, row.body = text.title, text.body
    # The text is a person's now: no engine answers for it, and no check of the machine's.
    row.engine = row.engine_version = row.engine_checksum = row.flags = ""
    row.reviewed_at, row.reviewed_by = now, by
    pairs = [
        *aligned(revision.title, article.language, text.title, language),
        *aligned(revision.body, article.language, text.body, language),
    ]
    for source, target in pairs:
        remember(session, article.language, language, source, target, by=by, now=now)
    session.commit()
    return len(pairs)


def withdraw_translation(session: Session, slug: str, language: str) -> None:
    """Take a translation off the site; no machine makes it anew.

    :raise ArticleError: when the article has none in this language.
    """
    begin_change(session)
    _article, _revision, row = current_translation(session, slug, language)
    if row is None:
        session.rollback()
        raise ArticleError(f"The article {slug} has no translation into {language}")
    row.state = TranslationState.WITHDRAWN
    session.commit()


def open_suggestions(session: Session, *, limit: int = 100) -> list[OpenSuggestion]:
    """The suggestions to decide on, oldest first."""
    rows = session.scalars(
        select(Suggestion)
        .where(Suggestion.state == SuggestionState.OPEN)
        .order_by(Suggestion.created_at, Suggestion.id)
        .limit(limit)
    )
    return [
        OpenSuggestion(
            id=row.id,
            source_language=row.source_language,
            target_language=row.target_language,
            source=row.source,
            suggestion=row.suggestion,
            created_at=row.created_at,
        )
        for row in rows
    ]


def count_suggestions(session: Session) -> int:
    """How many suggestions wait."""
    query = select(func.count()).where(Suggestion.state == SuggestionState.OPEN)
    return session.scalar(query) or 0


def accept_suggestion(session: Session, number: int, *, by: str, now: datetime) -> int:
    """Take a suggestion into the memory, where it beats the machine.

    :return: how many sentences went in: none when they cannot be put side by side.
    :raise UnknownSuggestion: when it is not there or was decided on.
    """
    row = _decide(session, number, SuggestionState.ACCEPTED, by, now)
    pairs = list(aligned(row.source, row.source_language, row.suggestion, row.target_language))
    for source, target in pairs:
        remember(session, row.source_language, row.target_language, source, target, by=by, now=now)
    session.commit()
    return len(pairs)


def reject_suggestion(session: Session, number: int, *, by: str, now: datetime) -> None:
    """Put a suggestion aside.

    :raise UnknownSuggestion: when it is not there or was decided on.
    """
    _decide(session, number, SuggestionState.REJECTED, by, now)
    session.commit()


def current_translation(
    session: Session, slug: str, language: str
) -> tuple[Article, ArticleRevision, ArticleTranslation | None]:
    """An article, its current text and the translation of it, if there is one.

    :raise ArticleError: for an unknown article, or its own language.
    """
    found = session.execute(
        select(Article, ArticleRevision)
        .join(ArticleRevision, ArticleRevision.article_id == Article.id)
        .where(Article.slug == slug, ArticleRevision.sha256 == Article.revision)
    ).first()
    if found is None or found[0].language == language:
        session.rollback()
        raise ArticleError(f"There is no article {slug} to be translated into {language}")
    article, revision = found
    row = session.scalar(
        select(ArticleTranslation).where(
            ArticleTranslation.revision_id == revision.id,
            ArticleTranslation.language == language,
        )
    )
    return article, revision, row


def _decide(
    session: Session, number: int, state: SuggestionState, by: str, now: datetime
) -> Suggestion:
    begin_change(session)
    row = session.scalar(
        select(Suggestion).where(Suggestion.id == number, Suggestion.state == SuggestionState.OPEN)
    )
    if row is None:
        session.rollback()
        raise UnknownSuggestion(f"There is no open suggestion {number}")
    row.state, row.decided_at, row.decided_by = state, now, by
    return row


def aligned(
    source: str, source_language: str, target: str, target_language: str
) -> Iterator[tuple[str, str]]:
    """Sentences side by side, of paragraphs that have as many in both languages."""
    ours, theirs = _paragraphs(source, source_language), _paragraphs(target, target_language)
    if len(ours) != len(theirs):
        return
    for a, b in zip(ours, theirs, strict=True):
        if len(a) == len(b):
            yield from zip(a, b, strict=True)


def _paragraphs(text: str, language: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for piece in split(text, language):
        if piece.sentence:
            found[-1].append(unwrapped(piece.text))
        elif "\n" in piece.text and found[-1]:
            found.append([])
    return [sentences for sentences in found if sentences]


def remember(
    session: Session,
    source_language: str,
    target_language: str,
    source: str,
    target: str,
    *,
    by: str,
    now: datetime,
) -> bool:
    """Put a person's sentence into the memory in the place of an earlier person's.

    :return: whether that changed anything. Commits nothing.
    """
    sha256 = hashlib.sha256(source.encode()).hexdigest()
    row = session.scalar(
        select(MemorySegment).where(
            MemorySegment.source_language == source_language,
            MemorySegment.target_language == target_language,
            MemorySegment.sha256 == sha256,
            MemorySegment.origin == Origin.HUMAN,
        )
    )
    if row is None:
        row = MemorySegment(
            source_language=source_language,
            target_language=target_language,
            sha256=sha256,
            origin=Origin.HUMAN,
            source=source,
        )
        session.add(row)
    elif row.target == target:
        return False
    row.target, row.created_at, row.created_by = target, now, by
    session.flush()
    return True
