"""Stretches a model must not touch, replaced by placeholders before and put back after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from translate.languages import scripts

# A longer "word" is data, not language. Patterns only ever see words shorter than this, so that
# none of them can be made slow by a text.
LONGEST_WORD = 60

PLACEHOLDER = re.compile(r"\{\s{0,2}(\d{1,6})\s{0,2}\}")

_URL_START = re.compile(r"(?:https?://|ftp://|www\.)", re.IGNORECASE)
_URL = r"(?:https?://|ftp://|www\.)[^\s<>\"“”«»]*[^\s<>\"“”«».,;:!?؟،؛)\]}'’]"
_EMAIL = r"(?<![\w.+-])[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+"
_ADDRESS = re.compile(f"{_URL}|{_EMAIL}")
_EMOJI = "[\u2600-\u27bf\U0001f000-\U0001faff]"
_CODE = re.compile(
    "|".join(
        [
            _ADDRESS.pattern,
            # Codes: words joined by underscores, capitals and digits grown together, versions.
            r"\b[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+\b",
            r"\b(?=[A-Z0-9/.-]*[A-Z])(?=[A-Z0-9/.-]*\d)[A-Z0-9]+(?:[/.-][A-Z0-9]+)*\b",
            r"\bv?\d+(?:\.\d+){2,}\b",
            r"[@#][A-Za-z]\w+",
            rf"(?:{_EMOJI}[\u200d\ufe0f\U0001f3fb-\U0001f3ff]*)+",
            # A stray half of a surrogate pair is no character; the tokenizer refuses it.
            "[\ud800-\udfff]+",
        ]
    ),
)
# What a program fills in: {name}, {{ name }}, ${name}, %(name)s, %s, %1$d.
_VARIABLE = re.compile(
    r"\$?\{\{? {0,2}[A-Za-z_][\w.]{0,40}(?:![rsa])?(?::[^{}\s]{1,20})? {0,2}\}?\}"
    r"|%\(\w{1,40}\)[#0 +-]?\d{0,3}(?:\.\d{1,3})?[a-zA-Z]"
    r"|(?<![\w%])%(?:\d\$)?\d{0,3}(?:\.\d{1,3})?[sdif@](?!\w)"
)
_BLOCKS = {
    "GREEK": "\u0370-\u03ff\u1f00-\u1fff",
    "CYRILLIC": "\u0400-\u052f",
    "HEBREW": "\u0590-\u05ff",
    "ARABIC": "\u0620-\u065f\u066e-\u06d3\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdfb\ufe70-\ufefc",
    "DEVANAGARI": "\u0900-\u0963",
    "BENGALI": "\u0980-\u09e3",
    "THAI": "\u0e00-\u0e4e",
    "CJK": "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff",
    "HIRAGANA": "\u3040-\u30ff",
    "HANGUL": "\u1100-\u11ff\uac00-\ud7a3",
}
_WORD = re.compile(r"\S+")
_CLOSING = ".,;:!?؟،؛)]}'’\"”»"
_UNSPACED_SCRIPT = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7ff]")


@dataclass(frozen=True, slots=True)
class Span:
    """A protected stretch of a sentence and what stands in its place afterwards."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A sentence with `{0}`, `{1}` ... in the place of `kept`, in this order.

    `between` are the stretches around the placeholders: one more than placeholders.
    """

    text: str
    kept: tuple[str, ...]
    between: tuple[str, ...]
    spans: tuple[Span, ...]


def protected(text: str) -> list[Span]:
    """The stretches that are protected in any language: addresses, codes, emoji, endless words."""
    # A text's own braces with a number would be taken for ours.
    spans = [Span(m.start(), m.end(), m.group()) for m in PLACEHOLDER.finditer(text)]
    spans = merge(spans, (Span(m.start(), m.end(), m.group()) for m in _VARIABLE.finditer(text)))
    found: list[Span] = []
    for word in _WORD.finditer(text):
        for start, end in _in_word(word.group()):
            at = word.start()
            found.append(Span(at + start, at + end, word.group()[start:end]))
    return merge(spans, found)


def foreign(text: str, language: str) -> list[Span]:
    """The words in scripts that the language is not written in: a model drops or invents them.

    Latin letters are left to the models, which know names in them.
    """
    if text.isascii():
        return []
    pattern = _foreign_pattern(scripts(language))
    return [Span(m.start(), m.end(), m.group()) for m in pattern.finditer(text)]


@cache
def _foreign_pattern(own: tuple[str, ...]) -> re.Pattern[str]:
    letters = "".join(block for name, block in _BLOCKS.items() if name not in own)
    return re.compile(f"[{letters}]+(?:[ \u00a0'’،-]{{1,2}}[{letters}]+)*")


def addresses(text: str) -> list[tuple[int, int]]:
    """Where the web and e-mail addresses of a text begin and end."""
    if "@" not in text and not _URL_START.search(text):
        return []
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        at = word.start()
        if len(word.group()) < LONGEST_WORD:
            found += [(at + m.start(), at + m.end()) for m in _ADDRESS.finditer(word.group())]
        elif _URL_START.match(word.group()):
            found.append((at, at + len(word.group().rstrip(_CLOSING))))
    return found


def _in_word(word: str) -> list[tuple[int, int]]:
    if len(word) < LONGEST_WORD:
        # Nearly every word is nothing but letters, and those hold no code.
        return [] if word.isalpha() else [m.span() for m in _CODE.finditer(word)]
    if _UNSPACED_SCRIPT.search(word):
        return []
    bare = len(word.rstrip(_CLOSING)) if _URL_START.match(word) else len(word)
    return [(0, bare)]


def merge(first: Sequence[Span], then: Iterable[Span]) -> list[Span]:
    """Spans of both in order of the text; one of `then` that overlaps another is left out."""
    merged: list[Span] = []
    ranked = [(s, 0) for s in first] + [(s, 1) for s in then]
    for span, rank in sorted(ranked, key=lambda r: (r[0].start, r[1])):
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
        elif rank == 0:
            while merged and merged[-1].end > span.start:
                merged.pop()
            merged.append(span)
    return merged


def mask(text: str, spans: Sequence[Span]) -> Masked:
    """Put placeholders for the spans, which are in order and do not overlap."""
    parts: list[str] = []
    between: list[str] = []
    at = 0
    for number, span in enumerate(spans):
        between.append(text[at : span.start])
        parts += (between[-1], f"{{{number}}}")
        at = span.end
    between.append(text[at:])
    parts.append(between[-1])
    return Masked(
        text="".join(parts),
        kept=tuple(s.replacement for s in spans),
        between=tuple(between),
        spans=tuple(spans),
    )


def masked_place(spans: Sequence[Span], place: int, *, after: bool) -> int:
    """Where a place of the sentence lies in its masked text.

    A place inside a span is moved before its placeholder, or `after` it.
    """
    shift = 0
    for number, span in enumerate(spans):
        if place <= span.start:
            break
        size = len(f"{{{number}}}")
        if place < span.end:
            return span.start + shift + (size if after else 0)
        shift += size - (span.end - span.start)
    return place + shift


def unmask(text: str, kept: Sequence[str]) -> str:
    """Put the kept stretches back; a placeholder that is not ours stays as it is."""

    def put(match: re.Match[str]) -> str:
        number = int(match.group(1))
        return kept[number] if number < len(kept) else match.group()

    return PLACEHOLDER.sub(put, text)


def is_complete(text: str, kept: Sequence[str]) -> bool:
    """Whether each placeholder stands in the text exactly once, and no other."""
    found = sorted(m.group(1) for m in PLACEHOLDER.finditer(text))
    return found == sorted(str(n) for n in range(len(kept)))
