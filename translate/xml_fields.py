"""What a program computes in an office document: page numbers, dates, the marks of footnotes.

Words put there would be gone as soon as the program computes it anew.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from translate.html_tokens import Kind, Token

_FIELD_CHAR = re.compile(r'fldCharType="(\w+)"')
# Fields of Word whose result is text: contents, links, quotations.
_OF_TEXT = frozenset("TOC HYPERLINK INDEX TOA BIBLIOGRAPHY QUOTE IF INCLUDETEXT".split())  # noqa: SIM905 -- a list reads worse


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    shows_result: bool = False

    @property
    def is_computed(self) -> bool:
        name = self.instruction.split()[0].upper() if self.instruction.split() else ""
        return self.shows_result and name not in _OF_TEXT


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
    fields: list[_Field] = []
    in_instruction = False
    for place, token in enumerate(tokens):
        if token.name == f"{prefix}fldchar" and token.kind is Kind.OPEN:
            kind = _FIELD_CHAR.search(token.raw)
            _turn(fields, kind[1] if kind else "")
        elif token.name == f"{prefix}instrtext":
            in_instruction = token.kind is Kind.OPEN and not token.raw.endswith("/>")
        elif token.kind is Kind.TEXT and in_instruction and fields:
            fields[-1].instruction += html.unescape(token.raw)
        elif token.kind is Kind.TEXT and any(field.is_computed for field in fields):
            found.add(place)
    return found


def _turn(fields: list[_Field], kind: str) -> None:
    if kind == "begin":
        fields.append(_Field())
    elif kind == "separate" and fields:
        fields[-1].shows_result = True
    elif kind == "end" and fields:
        fields.pop()
