"""What a question or a disclaimer must be before visitors are shown it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from string import Formatter

from survey.ratings import WordingKind

LONGEST = {WordingKind.QUESTION: 300, WordingKind.DISCLAIMER: 600}
PLACEHOLDERS = {
    WordingKind.QUESTION: frozenset[str](),
    WordingKind.DISCLAIMER: frozenset({"provider", "organisation"}),
}
# Embeddings, overrides and isolates: they can make a text read as another one. The marks that
# only say "left to right" or "right to left" stay allowed; Arabic texts need them at times.
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

UNREADABLE = "\ufffd"


class Problem(StrEnum):
    """Why a text cannot be shown."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL = "control"
    BIDI = "bidi"
    BRACES = "braces"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    MISSING_PLACEHOLDER = "missing_placeholder"


def tidy(text: str) -> str:
    """The text on one line: line ends and repeated spaces are single spaces.

    No-break spaces stay: French has them before its question mark.
    """
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def problems(kind: WordingKind, text: str) -> Iterator[tuple[Problem, str]]:
    """What is wrong with a tidied text, and what of it (a placeholder's name, or a length)."""
    if not text.strip():
        yield Problem.EMPTY, ""
        return
    if len(text) > LONGEST[kind]:
        yield Problem.TOO_LONG, str(len(text))
    if any(c in BIDI for c in text):
        yield Problem.BIDI, ""
    # Control characters such as NUL and what stands for them, halves, and separators of lines.
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c == UNREADABLE for c in text):
        yield Problem.CONTROL, ""
    yield from _placeholder_problems(kind, text)


def _placeholder_problems(kind: WordingKind, text: str) -> Iterator[tuple[Problem, str]]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        yield Problem.BRACES, ""
        return
    used = {name for _, name, _, _ in parts if name is not None}
    if any(spec or conversion for _, _, spec, conversion in parts):
        yield Problem.BRACES, ""
        return
    for name in sorted(used - PLACEHOLDERS[kind]):
        yield Problem.UNKNOWN_PLACEHOLDER, name
    for name in sorted(PLACEHOLDERS[kind] - used):
        yield Problem.MISSING_PLACEHOLDER, name
