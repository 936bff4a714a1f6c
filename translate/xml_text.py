"""The text of office documents, replaced in place: every other byte of the XML stays."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from translate.html_tokens import Kind, Token, tokenize
from translate.text import is_translatable

_PLACE = re.compile(r"(\d{1,7})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Which elements of a format are paragraphs, which hold text, and which part a line.

    Without `text` elements every text in a paragraph counts. Names are written with the prefixes
    that the formats' own programs use; `namespaces` says what those stand for. Elements of
    `spaced` lose their outer spaces unless `xml:space` keeps them.
    """

    paragraphs: frozenset[str]
    text: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    spaced: frozenset[str] = frozenset()
    namespaces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def prefix(self, prefixes: Mapping[str, str]) -> str:
        """The prefix of the format's own elements in a document, with its colon, if it has one."""
        for usual, uris in self.namespaces.items():
            found = next((prefixes[u] for u in uris if u in prefixes), usual)
            return f"{found}:" if found else ""
        return ""

    def spelt(self, prefixes: Mapping[str, str]) -> Dialect:
        """The dialect with the prefixes of one document, given by namespace."""
        own = {
            usual: prefixes[uri].lower()
            for usual, uris in self.namespaces.items()
            for uri in uris
            if uri in prefixes
        }

        def renamed(names: frozenset[str]) -> frozenset[str]:
            return frozenset(_spelt(name, own) for name in names)

        return replace(
            self,
            paragraphs=renamed(self.paragraphs),
            text=renamed(self.text),
            breaks=renamed(self.breaks),
            spaced=renamed(self.spaced),
        )


def _spelt(name: str, own: Mapping[str, str]) -> str:
    usual, _, local = name.rpartition(":")
    prefix = own.get(usual, usual)
    return f"{prefix}:{local}" if prefix else local


@dataclass(slots=True)
class _Line:
    """Tokens of one line of text by their places in the document."""

    places: list[int] = field(default_factory=list)


class XmlText:
    """An XML document whose lines of text can be taken out and put back translated."""

    def __init__(self, xml: str, dialect: Dialect) -> None:
        """Find the lines; nothing is resolved or loaded: entities of a DTD stay unread."""
        self._tokens = list(tokenize(xml))
        self._dialect = dialect
        self._lines = self._find_lines()

    def lines(self) -> list[str]:
        """Each line as HTML: the text pieces of different looks in numbered spans."""
        return [self._as_html(line.places) for line in self._lines]

    def replaced(self, translated: Sequence[str]) -> str:
        """The document with its lines replaced by their translations, in the same order."""
        raw = [t.raw for t in self._tokens]
        for line, markup in zip(self._lines, translated, strict=True):
            for place, text in self._by_place(line.places, markup).items():
                raw[place] = html.escape(text, quote=False)
                tag = self._tokens[place - 1].name if place else ""
                bare = tag in self._dialect.spaced and raw[place - 1] == f"<{tag}>"
                if bare and text != text.strip():
                    # Word and Excel drop outer spaces unless they are told to keep them.
                    raw[place - 1] = f'<{tag} xml:space="preserve">'
        return "".join(raw)

    def _find_lines(self) -> list[_Line]:
        lines: list[_Line] = []
        stack: list[_Line] = []
        inside_text = 0
        for place, token in enumerate(self._tokens):
            opens = token.kind is Kind.OPEN and not token.raw.endswith("/>")
            if token.name in self._dialect.paragraphs:
                if opens:
                    stack.append(_Line())
                elif token.kind is Kind.CLOSE and stack:
                    lines.append(stack.pop())
            elif token.name in self._dialect.breaks and stack and token.kind is Kind.OPEN:
                lines.append(stack.pop())
                stack.append(_Line())
            elif token.name in self._dialect.text:
                inside_text += {Kind.OPEN: int(opens), Kind.CLOSE: -1}.get(token.kind, 0)
            elif self._is_text(token, inside_text) and stack:
                stack[-1].places.append(place)
        lines += stack
        return [line for line in lines if self._is_worth(line)]

    def _is_text(self, token: Token, inside_text: int) -> bool:
        return token.kind is Kind.TEXT and (not self._dialect.text or inside_text > 0)

    def _is_worth(self, line: _Line) -> bool:
        return is_translatable("".join(html.unescape(self._tokens[p].raw) for p in line.places))

    def _as_html(self, places: list[int]) -> str:
        texts = [html.escape(html.unescape(self._tokens[p].raw), quote=False) for p in places]
        if len(places) == 1:
            return texts[0]
        return "".join(f'<span id="{p}">{t}</span>' for p, t in zip(places, texts, strict=True))

    def _by_place(self, places: list[int], markup: str) -> dict[int, str]:
        """The translated text for each place; what stands between spans goes to the one before."""
        found = dict.fromkeys(places, "")
        current = places[0]
        for token in tokenize(markup):
            if token.kind is Kind.OPEN:
                place = _PLACE.search(token.raw)
                if place and int(place.group(1)) in found:
                    current = int(place.group(1))
            elif token.kind is Kind.TEXT:
                found[current] += html.unescape(token.raw)
        return found
