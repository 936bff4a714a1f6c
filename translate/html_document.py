"""An HTML text as sentences with numbered tags, and the untouched markup around them."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from translate.html_tokens import (
    INLINE,
    Kind,
    Token,
    attribute_values,
    attributes,
    is_untranslated,
    tokenize,
)
from translate.inline import OBJECT, Marked, Tag
from translate.languages import direction
from translate.mask import Span
from translate.text import is_translatable, split

TRANSLATED_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "placeholder"})

_SPACE = re.compile(r"[ \t\n\r\f]+")
_MARKER = re.compile(r"<(/?)(\d{1,6})(/?)>")


@dataclass(slots=True)
class HtmlDocument:
    """A parsed text: raw HTML and sentences in turn, and the attributes that hold language."""

    parts: list[str | Marked] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)

    def sentences(self) -> Iterator[Marked]:
        """The sentences in order."""
        return (part for part in self.parts if isinstance(part, Marked))

    def assemble(
        self,
        translation: Callable[[Marked], str],
        attribute: Callable[[str], str],
        source: str,
        target: str,
    ) -> Iterator[str | tuple[Marked, str]]:
        """The parts in the other language: raw HTML, and sentences with their HTML.

        :param translation: the markup of a sentence's translation, with its numbered tags.
        :param attribute: the translation of an attribute's value.
        """

        def tag(raw: str) -> str:
            return _TAGS.sub(lambda m: _rewritten(m.group(), attribute, source, target), raw)

        for part in self.parts:
            if isinstance(part, Marked):
                yield part, _unnumbered(translation(part), part, tag)
            else:
                yield tag(part)


# Only tags the parser let through as such are rewritten: they are set between these.
_START, _END = "\ue000", "\ue001"
_TAGS = re.compile(f"{_START}[^{_START}{_END}]*{_END}")


def parse(text: str, language: str) -> HtmlDocument:
    """Cut an HTML text into sentences; block elements end them, inline tags stay inside."""
    return _Parser(language).parse(text)


class _Parser:
    def __init__(self, language: str) -> None:
        self.language = language
        self.document = HtmlDocument()
        self.run: list[Token] = []
        self.preformatted = 0

    def parse(self, text: str) -> HtmlDocument:
        # The private characters that mark tags must not come from the text.
        tokens = iter(list(tokenize(text.replace(_START, "").replace(_END, ""))))
        for token in tokens:
            if token.kind is Kind.OPEN and is_untranslated(token) and not token.is_void:
                self._leave_alone(token, tokens)
            elif token.kind is Kind.TEXT or token.kind is Kind.OTHER or token.name in INLINE:
                self.run.append(self._noted(token))
            else:
                self._flush()
                if token.name == "pre":
                    self.preformatted += 1 if token.kind is Kind.OPEN else -1
                self.document.parts.append(self._noted(token).raw)
        self._flush()
        return self.document

    def _noted(self, token: Token) -> Token:
        """Remember a tag's attributes for translation and set it apart for rewriting."""
        if token.kind is not Kind.OPEN:
            return token
        for name, value in attribute_values(token.raw).items():
            if name in TRANSLATED_ATTRIBUTES and is_translatable(html.unescape(value)):
                self.document.attributes.append(html.unescape(value))
        return Token(token.kind, f"{_START}{token.raw}{_END}", token.name)

    def _leave_alone(self, token: Token, tokens: Iterator[Token]) -> None:
        """Copy an element whole: inside a sentence as one object, else between sentences."""
        raw = [token.raw]
        depth = 1
        for inner in tokens:
            raw.append(inner.raw)
            if inner.name == token.name and not inner.is_void:
                depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(inner.kind, 0)
                if depth == 0:
                    break
        if token.name in INLINE:
            self.run.append(Token(Kind.OTHER, "".join(raw), OBJECT))
        else:
            self._flush()
            self.document.parts.append("".join(raw))

    def _flush(self) -> None:
        run, self.run = self.run, []
        text = "".join(html.unescape(t.raw) for t in run if t.kind is Kind.TEXT)
        if is_translatable(text):
            self.document.parts += _Run(run, self.language, bool(self.preformatted > 0)).parts()
        else:
            self.document.parts += [t.raw for t in run]


@dataclass(slots=True)
class _Element:
    start: int
    end: int
    opening: str
    closing: str
    is_object: bool = False


class _Run:
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
        still_open: list[tuple[str, _Element]] = []
        for token in tokens:
            if token.kind is Kind.TEXT:
                text = html.unescape(token.raw).replace(_START, "").replace(_END, "")
                text = text if self.preformatted else _SPACE.sub(" ", text)
                plain.append(text)
                size += len(text)
                continue
            element = _Element(size, size, token.raw, "")
            if token.name in (OBJECT, "img", "input") and token.kind is not Kind.CLOSE:
                plain.append(OBJECT)
                size += 1
                element.end, element.is_object = size, True
            elif token.kind is Kind.OPEN and not token.is_void:
                still_open.append((token.name, element))
            elif token.kind is Kind.CLOSE:
                place = next(
                    (i for i in reversed(range(len(still_open))) if still_open[i][0] == token.name),
                    None,
                )
                if place is not None:
                    _, opened = still_open.pop(place)
                    opened.end, opened.closing = size, token.raw
                    continue
            self.elements.append(element)
        for _, opened in still_open:
            opened.end = size
        self.plain = "".join(plain)

    def parts(self) -> Iterator[str | Marked]:
        """The sentences, and what stands between them as HTML."""
        pieces = split(self.plain, self.language, unwrap=False)
        starts = list(accumulate((len(p.text) for p in pieces[:-1]), initial=0))
        opening: list[list[int]] = [[] for _ in pieces]
        closing: list[list[int]] = [[] for _ in pieces]
        for number, e in enumerate(self.elements):
            # An element belongs to the piece of its first character and that of its last.
            first = bisect_right(starts, e.start) - 1
            last = bisect_left(starts, e.end) - 1 if e.end > e.start else first
            opening[first].append(number)
            closing[last].append(number)
        for index, piece in enumerate(pieces):
            marked = self._marked(
                piece.text, starts[index], set(opening[index]), set(closing[index])
            )
            if piece.sentence:
                yield marked
            else:
                yield _unnumbered(marked.markup, marked, lambda raw: raw)

    def _marked(self, text: str, start: int, opening: set[int], closing: set[int]) -> Marked:
        tags: list[Tag] = []
        objects: list[Span] = []
        raw: list[tuple[str, str]] = []
        for number, own in enumerate(sorted(opening | closing)):
            e, opens, closes = self.elements[own], own in opening, own in closing
            raw.append((e.opening, e.closing))
            first, last = (
                (e.start - start if opens else 0),
                (e.end - start if closes else len(text)),
            )
            if e.is_object:
                objects.append(Span(first, last, f"<{number}/>"))
            elif e.start == e.end and not e.closing:
                tags.append(Tag(first, first, f"<{number}/>", ""))
            else:
                start_tag = f"<{number}>" if opens else ""
                end_tag = f"</{number}>" if closes and e.closing else ""
                tags.append(Tag(first, last, start_tag, end_tag))
        return Marked(
            text=text,
            tags=tuple(tags),
            objects=tuple(objects),
            markup=_markup(text, tags, objects),
            raw=tuple(raw),
        )


def _markup(text: str, tags: Sequence[Tag], objects: Sequence[Span]) -> str:
    """A sentence with its markers where the tags stand in the source."""
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    for tag in tags:
        if tag.start == tag.end:
            before.setdefault(tag.start, []).append(tag.opening + tag.closing)
        else:
            before.setdefault(tag.start, []).append(tag.opening)
            after.setdefault(tag.end, []).insert(0, tag.closing)
    replaced = {span.start: span.replacement for span in objects}
    parts: list[str] = []
    for at in range(len(text) + 1):
        parts += after.get(at, ())
        parts += before.get(at, ())
        if at < len(text):
            parts.append(replaced.get(at) or html.escape(text[at], quote=False))
    return "".join(parts)


def _unnumbered(markup: str, sentence: Marked, tag: Callable[[str], str]) -> str:
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


def _rewritten(marked: str, attribute: Callable[[str], str], source: str, target: str) -> str:
    """A tag with its attributes translated, and its language and direction made the target's."""
    raw = marked[1:-1]
    values = attribute_values(raw)
    is_source = values.get("lang", "").lower().split("-")[0] == source
    parts: list[str] = []
    at = 0
    for match in attributes(raw):
        group = next((g for g in (2, 3, 4) if match.group(g) is not None), None)
        if group is None:
            continue
        name, value = match.group(1).lower(), match.group(group)
        new = value
        if name in TRANSLATED_ATTRIBUTES and is_translatable(html.unescape(value)):
            new = html.escape(attribute(html.unescape(value)), quote=True)
        elif is_source and name in ("lang", "xml:lang"):
            new = target
        elif is_source and name == "dir":
            new = direction(target)
        if new != value:
            quoted = new if group != 4 else f'"{new}"'
            parts += (raw[at : match.start(group)], quoted)
            at = match.end(group)
    rest = raw[at:]
    if is_source and "dir" not in values and direction(source) != direction(target):
        close = len(rest) - (2 if rest.endswith("/>") else 1)
        rest = f'{rest[:close].rstrip()} dir="{direction(target)}"{rest[close:]}'
    return "".join(parts) + rest
