"""Where the prose of a Markdown text stands: paragraphs, headings, items, cells of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translate.text import is_translatable

_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})(?P<more>.*)")
# Where a link's name leads: the name must stay as the links call it. Not so a footnote's text.
_DEFINITION = re.compile(r" {0,3}\[(?!\^)[^\]\n]+\]:\s*\S")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\S")
_FRONT = {"---": ("---", "..."), "+++": ("+++",)}
_HEAD = re.compile(r"(?:\s*(?:[>#*+-]+|\d{1,9}[.)]|\[\^[^\]\s]+\]:)\s+|\s+)*")
# A head that begins nothing new.
_SAME = re.compile(r"[\s>]*")
_HARD_BREAKS = ("  ", "\\")
_DIVIDER = re.compile(r"\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)*(?:\|\s*)?")
_CELL = re.compile(r"(?:\\.|`[^`]*`|[^|\\])+")


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a line, by characters."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """Prose that belongs together: its places, one a line, and its text with line ends between."""

    places: tuple[Place, ...]
    text: str


def blocks(lines: Sequence[str]) -> list[Block]:
    """The prose in order."""
    # Of each block the places, of which a paragraph may have thousands.
    found: list[list[Place]] = []
    rows = _rows(lines)
    for number in _prose(lines):
        line = lines[number]
        if number in rows:
            found += ([place] for place in _cells(number, line))
            continue
        head = _HEAD.match(line)
        start = head.end() if head else 0
        place = Place(number, start, len(line))
        last = found[-1] if found else None
        if last and last[-1].line not in rows and _goes_on(lines, last[-1], place):
            last.append(place)
        else:
            found.append([place])
    return [
        Block(tuple(places), "\n".join(lines[p.line][p.start : p.end] for p in places))
        for places in found
    ]


def _goes_on(lines: Sequence[str], last: Place, place: Place) -> bool:
    """Whether a line goes on with the paragraph of the last one."""
    before, line = lines[last.line], lines[place.line]
    old, new = before[: last.start], line[: place.start]
    return (
        last.line == place.line - 1
        and bool(_SAME.fullmatch(new))
        and new.count(">") == old.count(">")
        and "#" not in old
        and not before.endswith(_HARD_BREAKS)
        and is_translatable(before)
        and is_translatable(line)
        and "<" not in before[last.start : last.start + 1] + line[place.start : place.start + 1]
    )


def _rows(lines: Sequence[str]) -> set[int]:
    """The lines of tables: those around a divider that has cells."""
    found: set[int] = set()
    for number, line in enumerate(lines):
        if number in found or not number or "|" not in line or "|" not in lines[number - 1]:
            continue
        if _DIVIDER.fullmatch(line):
            found |= {number - 1, number}
            below = number + 1
            while below < len(lines) and "|" in lines[below]:
                found.add(below)
                below += 1
    return found


def _cells(number: int, line: str) -> Iterator[Place]:
    for cell in _CELL.finditer(line):
        words = cell.group().strip()
        if is_translatable(words):
            start = cell.start() + cell.group().index(words)
            yield Place(number, start, start + len(words))


def _prose(lines: Sequence[str]) -> list[int]:
    """The places of the lines that are for people to read."""
    places: list[int] = []
    start = _after_front_matter(lines)
    fence = ""
    in_list = False
    for place, line in enumerate(lines[start:], start):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["mark"].startswith(fence) and not mark["more"].strip():
                fence = ""
            continue
        if mark:
            fence = mark["mark"]
            in_list = in_list and line[0].isspace()
            continue
        if not line.strip() or _DEFINITION.match(line):
            continue
        is_item = bool(_LIST_ITEM.match(line))
        depth = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        # Below an item four spaces are its content; elsewhere they make code.
        if depth >= 4 and not (in_list and (is_item or depth < 8)):
            continue
        in_list = is_item or (in_list and depth > 0)
        places.append(place)
    return places


def _after_front_matter(lines: Sequence[str]) -> int:
    """The place after the front matter; 0 where there is none, or it has no end."""
    ends = _FRONT.get(lines[0].strip(), ()) if lines else ()
    return next((p + 1 for p, line in enumerate(lines) if p and line.strip() in ends), 0)
