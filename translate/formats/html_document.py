"""An HTML text as sentences with numbered tags, and the untouched markup around them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from translate.formats.html_run import END, START, Run, unnumbered
from translate.formats.html_tokens import (
    INLINE,
    Kind,
    Token,
    attribute_values,
    attributes,
    is_untranslated,
    name_of,
    tokenize,
)
from translate.languages import direction
from translate.sentences.inline import OBJECT, Marked
from translate.text import is_translatable

TRANSLATED_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "placeholder"})


@dataclass(slots=True)
class HtmlDocument:
    """A parsed text: raw HTML and sentences in turn, and the attributes that hold language."""

    language: str
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
                yield part, unnumbered(translation(part), part, tag)
            else:
                yield tag(part)


_TAGS = re.compile(f"{START}[^{START}{END}]*{END}")


def parse(text: str, language: str) -> HtmlDocument:
    """Cut an HTML text into sentences; block elements end them, inline tags stay inside."""
    return _Parser(language).parse(text)


class _Parser:
    def __init__(self, language: str) -> None:
        self.language = language
        self.document = HtmlDocument(language)
        self.run: list[Token] = []
        self.preformatted = 0

    def parse(self, text: str) -> HtmlDocument:
        # The private characters that mark tags must not come from the text.
        tokens = iter(list(tokenize(text.replace(START, "").replace(END, ""))))
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
        return Token(token.kind, f"{START}{token.raw}{END}", token.name)

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
            self.document.parts += Run(run, self.language, bool(self.preformatted > 0)).parts()
        else:
            self.document.parts += [t.raw for t in run]


def _rewritten(marked: str, attribute: Callable[[str], str], source: str, target: str) -> str:
    """A tag with its attributes translated, and its language and direction made the target's."""
    raw = marked[1:-1]
    values = attribute_values(raw)
    is_source = values.get("lang", "").lower().split("-")[0] == source
    # What says no language has that of the text around it; editors set `dir` on every paragraph.
    # Inside a sentence it isolates a number or a name, which goes on as it does.
    is_block = "lang" not in values and name_of(raw) not in INLINE
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
        elif name == "dir" and (is_source or (is_block and value.lower() == direction(source))):
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
