"""What stands between two block tags, as sentences with numbered tags."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from translate.formats.html_tokens import Kind, Token
from translate.sentences.inline import OBJECT, Marked
from translate.sentences.mask import Span
from translate.sentences.tag_markup import markup_at, tags_by_place
from translate.sentences.tag_words import Tag
from translate.text import split

# Only tags the parser let through as such are rewritten: they are set between these.
START, END = "\ue000", "\ue001"

_SPACE = re.compile(r"[ \t\n\r\f]+")
_MARKER = re.compile(r"<(/?)(\d{1,6})(/?)>")


@dataclass(slots=True)
class _Element:
    start: int
    end: int
    opening: str
    closing: str
    parent: int | None
    is_object: bool = False


class Run:
    """What stands between two block tags: plain text, and elements by their characters."""

    def __init__(self, tokens: Sequence[Token], language: str, preformatted: bool) -> None:
        self.language = language
        self.preformatted = preformatted
        self.elements: list[_Element] = []
        self.plain = ""
        self._read(tokens)

    def _read(self, tokens: Sequence[Token]) -> None:
        plain: list[str] = []
        size = 0
        # Of each: its name, and its place among the elements.
        still_open: list[tuple[str, int]] = []
        for token in tokens:
            if token.kind is Kind.TEXT:
                text = html.unescape(token.raw).replace(START, "").replace(END, "")
                text = text if self.preformatted else _SPACE.sub(" ", text)
                plain.append(text)
                size += len(text)
                continue
            parent = still_open[-1][1] if still_open else None
            element = _Element(size, size, token.raw, "", parent)
            if token.name in (OBJECT, "img", "input") and token.kind is not Kind.CLOSE:
                plain.append(OBJECT)
                size += 1
                element.end, element.is_object = size, True
            elif token.kind is Kind.OPEN and not token.is_void:
                still_open.append((token.name, len(self.elements)))
            elif token.kind is Kind.CLOSE:
                place = next(
                    (i for i in reversed(range(len(still_open))) if still_open[i][0] == token.name),
                    None,
                )
                if place is not None:
                    opened = self.elements[still_open.pop(place)[1]]
                    opened.end, opened.closing = size, token.raw
                    continue
            self.elements.append(element)
        for _, number in still_open:
            self.elements[number].end = size
        self.plain = "".join(plain)

    def parts(self) -> Iterator[str | Marked]:
        """The sentences, and what stands between them as HTML."""
        pieces = split(self.plain, self.language, unwrap=False)
        starts = list(accumulate((len(p.text) for p in pieces[:-1]), initial=0))
        opening: list[list[int]] = [[] for _ in pieces]
        closing: list[list[int]] = [[] for _ in pieces]
        last_pieces: list[int] = []
        for number, e in enumerate(self.elements):
            # An element belongs to the piece of its first character and that of its last, an empty
            # one at the end of another to the last piece of that one.
            first = bisect_right(starts, e.start) - 1
            if e.start == e.end and e.parent is not None and e.end == self.elements[e.parent].end:
                first = last_pieces[e.parent]
            last = bisect_left(starts, e.end) - 1 if e.end > e.start else first
            opening[first].append(number)
            closing[last].append(number)
            last_pieces.append(last)
        for index, piece in enumerate(pieces):
            marked = self._marked(
                piece.text, starts[index], set(opening[index]), set(closing[index])
            )
            if piece.sentence:
                yield marked
            else:
                yield unnumbered(marked.markup, marked, lambda raw: raw)

    def _marked(self, text: str, start: int, opening: set[int], closing: set[int]) -> Marked:
        tags: list[Tag] = []
        objects: list[Span] = []
        raw: list[tuple[str, str]] = []
        numbers: dict[int, int] = {}
        for number, own in enumerate(sorted(opening | closing)):
            e, opens, closes = self.elements[own], own in opening, own in closing
            raw.append((e.opening, e.closing))
            first, last = (
                (e.start - start if opens else 0),
                (e.end - start if closes else len(text)),
            )
            if e.is_object:
                objects.append(Span(first, last, f"<{number}/>"))
                continue
            parent = self._tag_around(e, numbers)
            numbers[own] = len(tags)
            if e.start == e.end and not e.closing:
                tags.append(Tag(first, first, f"<{number}/>", "", parent))
            else:
                start_tag = f"<{number}>" if opens else ""
                end_tag = f"</{number}>" if closes and e.closing else ""
                tags.append(Tag(first, last, start_tag, end_tag, parent))
        return Marked(
            text=text,
            tags=tuple(tags),
            objects=tuple(objects),
            markup=_markup(text, tags, objects),
            raw=tuple(raw),
        )

    def _tag_around(self, element: _Element, numbers: Mapping[int, int]) -> int | None:
        """The tag, among those of a sentence, of the innermost element around one."""
        number = element.parent
        while number is not None:
            outer = self.elements[number]
            if number in numbers and element.end <= outer.end:
                return numbers[number]
            number = outer.parent
        return None


def _markup(text: str, tags: Sequence[Tag], objects: Sequence[Span]) -> str:
    """A sentence with its markers where the tags stand in the source."""
    around = [(tag.start, tag.end) for tag in tags]
    by_place = tags_by_place(around)
    replaced = {span.start: span.replacement for span in objects}
    parts: list[str] = []
    for at in range(len(text) + 1):
        parts += markup_at(at, by_place.get(at, ()), tags, around)
        if at < len(text):
            parts.append(replaced.get(at) or html.escape(text[at], quote=False))
    return "".join(parts)


def unnumbered(markup: str, sentence: Marked, tag: Callable[[str], str]) -> str:
    """Put the true tags in the place of their numbers; a number that is none stays escaped."""

    def true(match: re.Match[str]) -> str:
        number = int(match.group(2))
        if number >= len(sentence.raw):
            return html.escape(match.group(), quote=False)
        opening, closing = sentence.raw[number]
        if match.group(3):
            return tag(opening) + tag(closing)
        return tag(closing) if match.group(1) else tag(opening)

    return _MARKER.sub(true, markup)
