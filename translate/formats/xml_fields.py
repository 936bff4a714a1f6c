"""What a program computes in an office document: page numbers, dates, the marks of footnotes.

Words put there would be gone as soon as the program computes it anew.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from translate.formats.html_tokens import Kind, Token

_FIELD_CHAR = re.compile(r'fldCharType="(\w+)"')
# Fields of Word whose result is text: contents, links, quotations.
_OF_TEXT = frozenset("TOC HYPERLINK INDEX TOA BIBLIOGRAPHY QUOTE IF INCLUDETEXT".split())  # noqa: SIM905 -- a list reads worse


@dataclass(slots=True)
class _Fields:
    """The fields that are open, one inside another, and how many of them show what they compute."""

    instructions: list[str] = field(default_factory=list)
    computing: list[bool] = field(default_factory=list)
    shown: int = 0

    def turn(self, kind: str) -> None:
        """What a field character says: begin, separate or end."""
        if kind == "begin":
            self.instructions.append("")
            self.computing.append(False)
        elif kind == "separate" and self.computing and not self.computing[-1]:
            words = self.instructions[-1].split()
            self.computing[-1] = not words or words[0].upper() not in _OF_TEXT
            self.shown += self.computing[-1]
        elif kind == "end" and self.computing:
            self.instructions.pop()
            self.shown -= self.computing.pop()


def inside(tokens: Sequence[Token], names: frozenset[str]) -> set[int]:
    """The places of texts inside elements of these names."""
    found: set[int] = set()
    depth = 0
    for place, token in enumerate(tokens):
        if token.name in names and not token.raw.endswith("/>"):
            depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        elif depth > 0 and token.kind is Kind.TEXT:
            found.add(place)
    return found


def outside_of(tokens: Sequence[Token], names: frozenset[str]) -> set[int]:
    """The places of texts whose own element has none of these names."""
    found: set[int] = set()
    still_open: list[str] = []
    for place, token in enumerate(tokens):
        if token.kind is Kind.OPEN and not token.raw.endswith("/>"):
            still_open.append(token.name)
        elif token.kind is Kind.CLOSE and still_open:
            still_open.pop()
        elif token.kind is Kind.TEXT and still_open and still_open[-1] not in names:
            found.add(place)
    return found


def word_fields(tokens: Sequence[Token], prefix: str) -> set[int]:
    """The places of what Word shows for a field, save where that is text.

    :param prefix: of the document's elements, with its colon, in small letters.
    """
    found: set[int] = set()
    fields = _Fields()
    in_instruction = False
    for place, token in enumerate(tokens):
        if token.name == f"{prefix}fldchar" and token.kind is Kind.OPEN:
            kind = _FIELD_CHAR.search(token.raw)
            fields.turn(kind[1] if kind else "")
        elif token.name == f"{prefix}instrtext":
            in_instruction = token.kind is Kind.OPEN and not token.raw.endswith("/>")
        elif token.kind is Kind.TEXT and in_instruction and fields.instructions:
            fields.instructions[-1] += html.unescape(token.raw)
        elif token.kind is Kind.TEXT and fields.shown:
            found.add(place)
    return found
