"""The text of office documents, replaced in place: every other byte of the XML stays."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from translate.formats import xml_fields
from translate.formats.html_tokens import Kind, Token, tokenize
from translate.text import is_translatable

_COMPUTED = re.compile(r'<code id="(\d{1,7})">')
_PLACE = re.compile(r"(\d{1,7})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Which elements of a format are paragraphs, which hold text, and which part a line.

    Without `text` elements every text in a paragraph counts. Names are written with the prefixes
    that the formats' own programs use; `namespaces` says what those stand for. Elements of
    `spaced` lose their outer spaces unless `xml:space` keeps them.

    What a program computes has its place in a sentence and stays: the text of `computed` elements,
    where there are `worded` elements that of all but those, and the results of Word's fields.
    `silent` elements hold no text of the paragraph they stand in.
    """

    paragraphs: frozenset[str]
    text: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    spaced: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()
    worded: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    has_word_fields: bool = False
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
            computed=renamed(self.computed),
            worded=renamed(self.worded),
            silent=renamed(self.silent),
        )

    def computed_places(self, tokens: Sequence[Token]) -> set[int]:
        """The places of texts that a program computes, in a document spelt like this."""
        found = xml_fields.inside(tokens, self.computed) if self.computed else set()
        if self.worded:
            found |= xml_fields.outside_of(tokens, self.worded | self.paragraphs)
        if self.has_word_fields:
            prefix = next(iter(self.paragraphs)).removesuffix("p")
            found |= xml_fields.word_fields(tokens, prefix)
        return found


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

    def __init__(
        self, xml: str, dialect: Dialect, kept: Callable[[str], bool] = lambda _text: False
    ) -> None:
        """Find the lines; nothing is resolved or loaded: entities of a DTD stay unread.

        :param kept: whether a line of this text stays as it is.
        """
        self._kept = kept
        self._tokens = list(tokenize(xml))
        self._dialect = dialect
        self._silent = xml_fields.inside(self._tokens, dialect.silent)
        self._computed = dialect.computed_places(self._tokens) - self._silent
        self._lines = self._find_lines()

    def lines(self) -> list[str]:
        """Each line as HTML: the text pieces of different looks in numbered spans."""
        return [self._as_html(line.places) for line in self._lines]

    def texts(self) -> list[str]:
        """Each line as it reads."""
        return ["".join(map(self._words, line.places)) for line in self._lines]

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

    def pieces(self, number: int, markup: str) -> list[str]:
        """The texts between the computed ones of a line, to be translated each by itself.

        None where the computed ones stand in the translation in the order they have to.
        """
        places = self._lines[number].places
        computed = [p for p in places if p in self._computed]
        order = [int(n) for n in _COMPUTED.findall(markup)]
        if not computed or (order == computed and self._is_between(number, markup)):
            return []
        return [html.escape(self._words(p).strip(), quote=False) for p in self._free(places)]

    def _is_between(self, number: int, markup: str) -> bool:
        """Whether no text is left without words that had some."""
        found = self._by_place(self._lines[number].places, markup)
        free = self._free(self._lines[number].places)
        return all(is_translatable(found[p]) or not is_translatable(self._words(p)) for p in free)

    def put_together(self, number: int, pieces: Sequence[str]) -> str:
        """The line's markup from its pieces, each with the space it had around it."""
        places = self._lines[number].places
        done = dict(zip(self._free(places), pieces, strict=True))
        parts = []
        for place in places:
            words = self._words(place)
            lead, trail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            text = f"{lead}{html.unescape(done[place])}{trail}" if place in done else words
            name = "span" if place in done else "code"
            parts.append(f'<{name} id="{place}">{html.escape(text, quote=False)}</{name}>')
        return "".join(parts)

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
            elif self._is_text(token, inside_text) and stack and place not in self._silent:
                stack[-1].places.append(place)
        lines += stack
        return [line for line in lines if self._is_worth(line)]

    def _is_text(self, token: Token, inside_text: int) -> bool:
        return token.kind is Kind.TEXT and (not self._dialect.text or inside_text > 0)

    def _is_worth(self, line: _Line) -> bool:
        words = "".join(map(self._words, self._free(line.places)))
        return is_translatable(words) and not self._kept(words)

    def _free(self, places: list[int]) -> list[int]:
        return [p for p in places if p not in self._computed]

    def _words(self, place: int) -> str:
        return html.unescape(self._tokens[place].raw)

    def _as_html(self, places: list[int]) -> str:
        if len(places) == 1:
            return html.escape(self._words(places[0]), quote=False)
        out = []
        for place in places:
            name = "code" if place in self._computed else "span"
            words = html.escape(self._words(place), quote=False)
            out.append(f'<{name} id="{place}">{words}</{name}>')
        return "".join(out)

    def _by_place(self, places: list[int], markup: str) -> dict[int, str]:
        """The translated text for each place."""
        found = {p: self._words(p) if p in self._computed else "" for p in places}
        free = self._free(places)
        current = before = None
        between = ""
        for token in tokenize(markup):
            place = _PLACE.search(token.raw) if token.kind is Kind.OPEN else None
            if place and int(place[1]) in found:
                current = int(place[1])
                owner = self._owner(free, before, current)
                found[owner] += between
                between = ""
            elif token.kind is Kind.CLOSE and current is not None:
                before, current = current, None
            elif token.kind is Kind.TEXT and current is None:
                between += html.unescape(token.raw)
            elif token.kind is Kind.TEXT and current not in self._computed:
                found[current or 0] += html.unescape(token.raw)
        found[self._owner(free, before, None)] += between
        return found

    def _owner(self, free: list[int], before: int | None, after: int | None) -> int:
        """Where text belongs that stands between two places of the translation.

        It is a space as a rule, and goes where the source had it: a link ends with its last word.
        """
        sides = [p for p in (before, after) if p is not None and p not in self._computed]
        if not sides:
            middle = before if before is not None else after if after is not None else free[0]
            at = bisect_left(free, middle)
            return min(free[max(0, at - 1) : at + 1], key=lambda p: abs(p - middle))
        if len(sides) == 2 and before is not None and after is not None:
            had_it = self._words(after)[:1].isspace() and not self._words(before)[-1:].isspace()
            return after if had_it else before
        return sides[0]
