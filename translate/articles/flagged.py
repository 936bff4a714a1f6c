"""What the checks found in machine-translated articles, counted by segment."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from translate.memory import read_flags
from translate.models import (
    Article,
    ArticleRevision,
    ArticleTranslation,
    MemorySegment,
    Origin,
    TranslationState,
)
from translate.text import split, unwrapped

# SQLite takes 32,766 values in one statement; more sentences than this take another query.
_MOST_VALUES = 10_000

Key = tuple[str, str]
# Source language, target language, package, version: whose sentences may be looked up together.
_Maker = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A machine translation with flags, and the digests of its source's sentences."""

    key: Key
    maker: _Maker
    flags: str
    sentences: tuple[str, ...]


def flag_counts(session: Session, texts: Collection[Key]) -> Mapping[Key, Mapping[str, int]]:
    """For articles by short name and language: in how many segments each check failed.

    Of the text that is shown now; one that a person wrote or reviewed has none. A flag of the text
    whose segment the memory no longer holds counts once.
    """
    found = _flagged(session, texts)
    sentences: dict[_Maker, set[str]] = defaultdict(set)
    for text in found:
        sentences[text.maker].update(text.sentences)
    known = {maker: _remembered(session, maker, some) for maker, some in sentences.items()}
    return {text.key: _count(text, known[text.maker]) for text in found}


def _flagged(session: Session, texts: Collection[Key]) -> list[_Text]:
    query = (
        select(Article.slug, Article.language, ArticleRevision, ArticleTranslation)
        .join(ArticleRevision, ArticleRevision.article_id == Article.id)
        .join(ArticleTranslation, ArticleTranslation.revision_id == ArticleRevision.id)
        .where(
            ArticleRevision.sha256 == Article.revision,
            ArticleTranslation.state == TranslationState.MACHINE,
            ArticleTranslation.flags != "",
            tuple_(Article.slug, ArticleTranslation.language).in_(list(texts)),
        )
    )
    return [
        _Text(
            key=(slug, done.language),
            maker=(source, done.language, done.engine, done.engine_version),
            flags=done.flags,
            sentences=_sentences(revision, source),
        )
        for slug, source, revision, done in session.execute(query)
    ]


def _sentences(revision: ArticleRevision, language: str) -> tuple[str, ...]:
    return tuple(
        hashlib.sha256(unwrapped(piece.text).encode()).hexdigest()
        for part in (revision.title, revision.body)
        for piece in split(part, language)
        if piece.sentence
    )


def _remembered(session: Session, maker: _Maker, sentences: set[str]) -> dict[str, str]:
    """The flags of a machine's sentences; the newest where a glossary changed between them."""
    source, target, engine, version = maker
    found: dict[str, str] = {}
    ordered = sorted(sentences)
    for start in range(0, len(ordered), _MOST_VALUES):
        query = (
            select(MemorySegment.sha256, MemorySegment.flags)
            .where(
                MemorySegment.source_language == source,
                MemorySegment.target_language == target,
                MemorySegment.sha256.in_(ordered[start : start + _MOST_VALUES]),
                MemorySegment.origin == Origin.MACHINE,
                MemorySegment.engine == engine,
                MemorySegment.engine_version == version,
            )
            .order_by(MemorySegment.created_at, MemorySegment.id)
        )
        found |= {row.sha256: row.flags for row in session.execute(query)}
    return found


def _count(text: _Text, known: Mapping[str, str]) -> dict[str, int]:
    counted = Counter(
        flag.value for sentence in text.sentences for flag in read_flags(known.get(sentence, ""))
    )
    return {flag.value: max(1, counted[flag.value]) for flag in read_flags(text.flags)}
