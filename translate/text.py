"""A text as sentences to translate and the layout between them; joining gives the text back."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sentencex

from translate.languages import UNSPACED

# Longer sentences are cut at a pause: models are trained on shorter ones and lose the rest.
LONGEST_SENTENCE = 600

_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# A program wraps lines at some width between these, with a plain line end.
_WRAPS = ("\n", "\r\n")
_WRAP = re.compile(r"(?<![ \t])[ \t]*(?:\r\n|\n)")
_SHORTEST_WRAP, _LONGEST_WRAP = 50, 120
_STOP = re.compile(r"[.!?؟…:;؛][\"'”’»)\]]*\s*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")

# What stands around a sentence and is copied as it is: bullets, numbers of a list, emoji.
_EMOJI = "\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff\U000e0020-\U000e007f"
_LEAD = re.compile(
    rf"(?:\s+|[-*+•‣◦▪–—>#]+(?=\s)|\(?\d{{1,3}}[.)](?=\s)|\(?[a-z]\)(?=\s)|[{_EMOJI}]+)*"
)
# Read from the end: a search for it would begin anew at every space of a long row of them.
_TRAIL_BACKWARDS = re.compile(rf"[\s{_EMOJI}]*")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_PAUSE = re.compile(r"[;:،؛,]\s+|\s+[–—]\s+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# After these a sentence goes on, whatever follows.
_TITLES = {
    "en": _words(
        "mr mrs ms messrs dr prof rev hon gen col lt sgt capt maj gov sen rep st amb pres "
        "h.e e.g i.e approx vs viz cf"
    ),
    "fr": _words(
        "m mm mme mmes mlle mlles dr drs pr prof me mgr st ste s.e s.a.r c.-à-d cf env av p.ex"
    ),
    "ar": _words("د أ أ.د م ا ص ج ق هـ"),
}
# After these it goes on when a number follows.
_NUMBERED = _words(
    "no nos nr n nº n° p pp art arts fig figs vol vols ch chap sec para ed éd tél tel "
    "jan feb mar apr jun jul aug sep sept oct nov dec janv févr avr juil déc ص م رقم"
)
# One letter and a full stop: an initial, save for the English word "I".
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: a sentence to translate, or layout to copy."""

    text: str
    sentence: bool


def split(text: str, language: str, *, unwrap: bool = True) -> list[Piece]:
    """Cut a text into sentences and layout; `join` of the result is the text, for any text.

    Surrounding white space, bullets, list numbers and emoji are layout, as is a line without any
    letter.

    :param unwrap: let a sentence go over several lines where a program wrapped them; otherwise a
        line end never lies inside a sentence.
    """
    lines: list[str] = []
    ends: list[str] = []
    start = 0
    for end in _LINE_END.finditer(text):
        lines.append(text[start : end.start()])
        ends.append(end.group())
        start = end.end()
    lines.append(text[start:])
    pieces: list[Piece] = []
    paragraph = ""
    for number, line in enumerate(lines):
        paragraph += line
        end_of_line = ends[number] if number < len(ends) else ""
        if unwrap and end_of_line in _WRAPS and _is_wrapped(line, lines[number + 1]):
            paragraph += end_of_line
            continue
        pieces += _line(paragraph, language)
        if end_of_line:
            pieces.append(Piece(end_of_line, sentence=False))
        paragraph = ""
    return pieces


def unwrapped(sentence: str) -> str:
    """A sentence that goes over several lines as one line."""
    return _WRAP.sub(" ", sentence)


def rewrapped(translation: str, sentence: str) -> str:
    """The translation with as many line ends as the sentence has, in about the same places."""
    wraps = list(_WRAP.finditer(sentence))
    spaces = [i for i, c in enumerate(translation) if c == " "]
    cuts: dict[int, str] = {}
    left_over: list[str] = []
    first = 0
    for number, wrap in enumerate(wraps):
        # The rest of the line ends needs spaces too.
        last = len(spaces) - (len(wraps) - number)
        if last < first:
            left_over.append(wrap.group())
            continue
        ideal = wrap.start() * len(translation) // len(sentence)
        at = min(max(bisect_left(spaces, ideal), first), last)
        if at > first and ideal - spaces[at - 1] <= abs(spaces[at] - ideal):
            at -= 1
        cuts[spaces[at]] = wrap.group()
        first = at + 1
    return "".join([*(cuts.get(i, c) for i, c in enumerate(translation)), *left_over])


def join(pieces: Iterable[Piece]) -> str:
    """The text the pieces were cut from."""
    return "".join(piece.text for piece in pieces)


def paragraphs(text: str) -> list[str]:
    """The lines of a text that are not blank, trimmed."""
    return [line.strip() for line in _LINE_END.split(text) if line.strip()]


def is_translatable(text: str) -> bool:
    """Whether there is any letter in it."""
    return bool(_HAS_LETTER.search(text))


def is_capitals(text: str) -> bool:
    """Whether it is a headline in capitals: two words or more, no small letter."""
    letters = [c for c in text if c.isalpha()]
    cased = [c for c in letters if c.upper() != c.lower()]
    return (
        len(cased) >= 6
        and len(cased) == len(letters)
        and not any(c.islower() for c in cased)
        and len([w for w in text.split() if any(c.isalpha() for c in w)]) >= 2
    )


def _line(line: str, language: str) -> Iterator[Piece]:
    lead = _LEAD.match(line)
    at = lead.end() if lead else 0
    if not is_translatable(line[at:]):
        if line:
            yield Piece(line, sentence=False)
        return
    if at:
        yield Piece(line[:at], sentence=False)
    for sentence in _sentences(line[at:], language):
        yield from _trimmed(sentence, language)


def _is_wrapped(line: str, following: str) -> bool:
    """Whether a sentence goes on in the next line: this one is long and open, that one small."""
    return (
        _SHORTEST_WRAP <= len(line) <= _LONGEST_WRAP
        and following[:1].islower()
        and not _STOP.search(line)
    )


def _trimmed(sentence: str, language: str) -> Iterator[Piece]:
    """A sentence without the white space and emoji around it, cut when it is too long."""
    if not is_translatable(sentence):
        yield Piece(sentence, sentence=False)
        return
    start = len(sentence) - len(sentence.lstrip())
    trail = _TRAIL_BACKWARDS.match(sentence[::-1])
    end = len(sentence) - (trail.end() if trail else 0)
    if start:
        yield Piece(sentence[:start], sentence=False)
    yield from _not_too_long(sentence[start:end], language)
    if end < len(sentence):
        yield Piece(sentence[end:], sentence=False)


def _sentences(line: str, language: str) -> list[str]:
    # The splitter is given what UTF-8 can hold; lengths stay the same, so the cuts fit the line.
    safe = _SURROGATE.sub("\ufffd", line)
    found: list[str] = sentencex.segment(language, safe)
    if "".join(found) != safe:
        return [line]
    sentences: list[str] = []
    at = 0
    for part in found:
        piece = line[at : at + len(part)]
        at += len(part)
        if sentences and _goes_on(sentences[-1], piece, language):
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return sentences


def _goes_on(before: str, after: str, language: str) -> bool:
    """Whether the full stop at the end of `before` belongs to an abbreviation."""
    words = before.split()
    if not words or not words[-1].endswith(".") or words[-1].endswith(".."):
        return False
    word = words[-1][:-1].lstrip("(«“\"'[").lower()
    follows = after.lstrip()[:1]
    if word in _NUMBERED and follows.isdigit():
        return True
    if not (follows.isalpha() or follows.isdigit()):
        return False
    if word in _TITLES.get(language, ()):
        # A year before it: the Arabic letter then stands for "AD" and the sentence may end.
        return not (language == "ar" and len(words) > 1 and words[-2][-1:].isdigit())
    spelled = bool(_INITIAL.fullmatch(word)) and "." not in word
    return spelled and word != "i" and words[-1][:-1][-1:].isupper()


def _not_too_long(sentence: str, language: str) -> Iterator[Piece]:
    while len(sentence) > LONGEST_SENTENCE:
        cut = _cut_point(sentence, language)
        if cut is None:
            break
        head = sentence[:cut]
        bare = head.rstrip()
        yield Piece(bare, sentence=is_translatable(bare))
        if len(bare) < len(head):
            yield Piece(head[len(bare) :], sentence=False)
        sentence = sentence[cut:]
    yield Piece(sentence, sentence=is_translatable(sentence))


def _cut_point(sentence: str, language: str) -> int | None:
    """Where to cut: after the last pause, else the last space; None for one endless word."""
    window = sentence[:LONGEST_SENTENCE]
    pauses = [m.end() for m in _PAUSE.finditer(window) if m.end() > LONGEST_SENTENCE // 4]
    if pauses:
        return pauses[-1]
    spaces = [m.end() for m in re.finditer(r"\s+", window) if m.start() > 0]
    if spaces:
        return spaces[-1]
    if language in UNSPACED:
        return LONGEST_SENTENCE
    beyond = re.search(r"\s+", sentence)
    return beyond.end() if beyond and beyond.end() < len(sentence) else None
