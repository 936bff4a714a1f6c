"""Texts of a workbook that its formulas, lists, filters and tables go by."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping

_FORMULA = re.compile(
    r"<(?:\w+:)?(?:f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula|definedName)"
    r"(?:\s[^<>]*)?(?<!/)>([^<]*)<"
)
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
# Of the filters of a sheet, and the columns a pivot table was made of.
_NAMED = re.compile(r'<(?:\w+:)?(?:filter|customFilter)\s[^<>]*?\bval="([^"]*)"')
_PIVOTED = re.compile(r'<(?:\w+:)?cacheField\s[^<>]*?\bname="([^"]*)"')
_COLUMN = re.compile(r'(<(?:\w+:)?tableColumn\s[^<>]*?\bname=")([^"]*)(")')
_COLUMN_OF_A_TABLE = re.compile(r"[\w)]\[[^\d\[\]]|\[@")
_LINE_END = re.compile(r"_x000[aAdD]_")


def fixed(parts: Mapping[str, bytes]) -> frozenset[str]:
    """The texts of cells that must stay, as the workbook compares them with others of its own.

    `=COUNTIF(A:A,"Morocco")` counts nothing any more once the cells say Maroc.
    """
    found: set[str] = set()
    by_name = False
    for name, part in _xml(parts, ("xl/worksheets/", "xl/tables/", "xl/workbook.xml")):
        for formula in _FORMULA.findall(part):
            text = html.unescape(formula)
            literals = [literal.replace('""', '"') for literal in _LITERAL.findall(text)]
            found |= {
                piece.strip() for literal in literals for piece in [literal, *literal.split(",")]
            }
            by_name = by_name or bool(_COLUMN_OF_A_TABLE.search(text))
        if name.startswith("xl/worksheets/") or name.startswith("xl/tables/"):
            found |= {html.unescape(value) for value in _NAMED.findall(part)}
    for _, part in _xml(parts, ("xl/pivotCache/",)):
        found |= {html.unescape(value) for value in _PIVOTED.findall(part)}
    if by_name:
        found |= {column for columns in columns_of(parts).values() for column in columns}
    return frozenset(plain(text) for text in found)


def plain(text: str) -> str:
    """A text as Excel compares it."""
    return text.strip().casefold()


def columns_of(parts: Mapping[str, bytes]) -> dict[str, list[str]]:
    """The names of the columns of each table, by its part."""
    return {
        name: [_text(m[2]) for m in _COLUMN.finditer(part)]
        for name, part in _xml(parts, ("xl/tables/",))
    }


def doubled(tables: Iterable[Iterable[str]], translations: Mapping[str, str]) -> set[str]:
    """The columns that must keep their names, since another of their table has the new one."""
    found: set[str] = set()
    for columns in tables:
        taken: set[str] = set()
        for column in columns:
            new = translations.get(column, column).casefold()
            found |= {column} if new in taken else set()
            taken |= {new, column.casefold()}
    return found


def retitled(parts: Mapping[str, bytes], translations: Mapping[str, str]) -> dict[str, bytes]:
    """The tables with their columns called as the cells above them; else Excel repairs the file."""

    def named(match: re.Match[str]) -> str:
        old = _text(match[2])
        new = translations.get(old)
        if new is None:
            return match.group()
        return f"{match[1]}{html.escape(new).replace(chr(10), '_x000a_')}{match[3]}"

    return {name: _COLUMN.sub(named, part).encode() for name, part in _xml(parts, ("xl/tables/",))}


def _text(attribute: str) -> str:
    return html.unescape(_LINE_END.sub("\n", attribute))


def _xml(parts: Mapping[str, bytes], places: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, part in parts.items():
        if name.startswith(places) and name.endswith(".xml"):
            yield name, part.decode("utf-8-sig", "replace")
