"""HTML as a row of tags, comments and text, in one pass, whatever is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Elements that stand inside a sentence; any other tag ends it.
INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark math nobr q "
    "rb rp rt ruby s samp small span strike strong sub sup svg time tt u var wbr img input"
)
# Stand inside a sentence too, and their content is not language.
UNTRANSLATED = _names("code kbd samp var math svg tt")
# Nothing in them is markup; they end at their own end tag.
RAW = _names("script style textarea xmp iframe noembed noframes")
VOID = _names("area base br col embed hr img input link meta param source track wbr")

_TAG = re.compile(r"</?[a-zA-Z](?:[^\"'>]|\"[^\"]*\"|'[^']*')*+>")
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")


class Kind(Enum):
    """What a stretch of HTML is."""

    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of HTML as it stands; `name` is a tag's name in small letters."""

    kind: Kind
    raw: str
    name: str = ""

    @property
    def is_void(self) -> bool:
        """Whether the tag has no end tag to come."""
        return self.name in VOID or self.raw.endswith("/>")


def tokenize(html: str) -> Iterator[Token]:
    """Cut HTML up; the raw stretches joined are the HTML again.

    What begins like a tag and never ends is kept as it is, with all that follows: so does a
    browser, and so no text can become a tag.
    """
    at = 0
    while at < len(html):
        start = html.find("<", at)
        if start < 0:
            yield Token(Kind.TEXT, html[at:])
            return
        end, kind = _markup_end(html, start)
        if kind is Kind.TEXT:
            yield Token(Kind.TEXT, html[at:end])
        else:
            if start > at:
                yield Token(Kind.TEXT, html[at:start])
            token = _token(kind, html[start:end])
            yield token
            if token.kind is Kind.OPEN and token.name in RAW and not token.raw.endswith("/>"):
                raw_end = _raw_end(html, end, token.name)
                if raw_end > end:
                    yield Token(Kind.OTHER, html[end:raw_end])
                end = raw_end
        at = end


def attributes(tag: str) -> Iterator[re.Match[str]]:
    """The attributes of a tag: name in group 1, value in group 2, 3 or 4."""
    name = _NAME.match(tag)
    return _ATTRIBUTE.finditer(tag, name.end() if name else 0, len(tag) - 1)


def attribute_values(tag: str) -> dict[str, str]:
    """The attributes of a tag by their names in small letters, values still escaped."""
    return {
        m.group(1).lower(): next((v for v in m.groups()[1:] if v is not None), "")
        for m in attributes(tag)
    }


def name_of(tag: str) -> str:
    """The name of a tag in small letters; nothing for a comment."""
    name = _NAME.match(tag)
    return name.group(1).lower().rstrip("/") if name else ""


def is_untranslated(token: Token) -> bool:
    """Whether an element asks to be left alone, or is code."""
    if token.name in UNTRANSLATED:
        return True
    if "translate" not in token.raw.lower():
        return False
    values = attribute_values(token.raw)
    classes = values.get("class", "").lower().split()
    return values.get("translate", "").lower() == "no" or "notranslate" in classes


def _token(kind: Kind, raw: str) -> Token:
    return Token(kind, raw, name_of(raw))


def _markup_end(html: str, start: int) -> tuple[int, Kind]:
    """Where the markup at `start` ends, and what it is; TEXT when it is none."""
    following = html[start + 1 : start + 4]
    if following.startswith("!--"):
        end = html.find("-->", start + 4)
        return (end + 3, Kind.OTHER) if end >= 0 else (len(html), Kind.OTHER)
    if following[:1] in ("!", "?"):
        end = html.find(">", start)
        return (end + 1, Kind.OTHER) if end >= 0 else (len(html), Kind.OTHER)
    name = following[1:2] if following[:1] == "/" else following[:1]
    if not (name.isascii() and name.isalpha()):
        return start + 1, Kind.TEXT
    match = _TAG.match(html, start)
    if match is None:
        return len(html), Kind.OTHER
    return match.end(), Kind.CLOSE if following[:1] == "/" else Kind.OPEN


def _raw_end(html: str, start: int, name: str) -> int:
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, start)
    return match.start() if match else len(html)
