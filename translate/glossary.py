"""Terms that stay as they are or have a fixed translation, and where a sentence holds them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from translate.models import GlossaryTerm
from translate.sentences.mask import Span
from translate.text import is_capitals

EVERY_LANGUAGE = "*"

# Written together with the word that follows: and, then; with, like, for; the.
_ARABIC_CLITICS = "[وف]?[بكل]?(?:ال|ل)?"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the source language; `target` is None when it stays as it is."""

    term: str
    target: str | None = None
    clitics: bool = False
    case_sensitive: bool = True


class Glossary:
    """The terms of one pair of languages, ready to be found in sentences."""

    def __init__(self, terms: Sequence[Term] = ()) -> None:
        """Longer terms win over shorter ones inside them."""
        self.terms = sorted(terms, key=lambda t: (-len(t.term), t.term))
        self.digest = hashlib.sha256(
            json.dumps([astuple(t) for t in self.terms], ensure_ascii=True).encode()
        ).hexdigest()
        self._first_words = [t.term.split()[0].lower() for t in self.terms]
        self._patterns: dict[tuple[int, bool], re.Pattern[str]] = {}

    def spans(self, sentence: str) -> list[Span]:
        """The terms in a sentence, longest first where they overlap, whole words only."""
        found: list[Span] = []
        small = sentence.lower()
        headline = is_capitals(sentence)
        for number, word in enumerate(self._first_words):
            # Nearly every term is ruled out here, so that thousands of them cost little.
            if word in small:
                found += self._spans_of(number, sentence, found, headline=headline)
        return sorted(found, key=lambda s: s.start)

    def _spans_of(
        self, number: int, sentence: str, taken: list[Span], *, headline: bool
    ) -> list[Span]:
        term = self.terms[number]
        # In a headline in capitals a term is in capitals too.
        key = number, headline
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = _pattern(term, any_case=headline)
        target = term.target.upper() if term.target and headline else term.target
        spans = (
            Span(*m.span("term"), target or m.group("term")) for m in pattern.finditer(sentence)
        )
        return [s for s in spans if all(s.end <= t.start or s.start >= t.end for t in taken)]


def load(session: Session, source: str, target: str) -> Glossary:
    """The glossary of a pair, with the terms that stay as they are in every language."""
    rows = session.execute(
        select(
            GlossaryTerm.term,
            GlossaryTerm.target,
            GlossaryTerm.clitics,
            GlossaryTerm.case_sensitive,
        )
        .where(
            GlossaryTerm.source_language == source,
            GlossaryTerm.target_language.in_((target, EVERY_LANGUAGE)),
        )
        .order_by(GlossaryTerm.id)
    )
    return _compiled(tuple(Term(*row) for row in rows))


@lru_cache(maxsize=32)
def _compiled(terms: tuple[Term, ...]) -> Glossary:
    return Glossary(terms)


def _pattern(term: Term, *, any_case: bool) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in term.term.split())
    clitics = _ARABIC_CLITICS if term.clitics else ""
    flags = 0 if term.case_sensitive and not any_case else re.IGNORECASE
    return re.compile(rf"(?<!\w){clitics}(?P<term>{words})(?!\w)", flags)
