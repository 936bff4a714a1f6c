"""Markdown: its prose, with code, addresses and marks as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from translate.formats.html_tokens import Kind, tokenize
from translate.formats.markdown_blocks import Block, blocks
from translate.text import rewrapped, unwrapped

# Translates lines of HTML, all at once.
Translate = Callable[[list[str]], list[str]]

# The target of a link, which may hold brackets in pairs.
_TO = r"\((?:\([^()\n]*\)|[^()\n])*\)"
_PICTURE = rf"!\[[^\[\]\n]*\]{_TO}"
# Code, pictures, footnotes and links by their text and target, then strong and emphasis. A bracket
# ends the search for the other half of the one before it, or a long row of them would take minutes.
_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<code>`[^`\n]*`)"
    rf"|(?P<picture>{_PICTURE}|\[{_PICTURE}\]{_TO})"
    r"|(?P<note>\[\^[^\[\]\s]+\])"
    rf"|(?P<link>\[(?P<words>[^\[\]\n]*)\](?P<to>{_TO}|\[[^\[\]\n]*\]))"
    r"|(?P<tag></?[a-zA-Z][^<>\n]*>)|(?P<mark>\*\*|__|\*|~~)"
)


def translate(text: str, translate_lines: Translate) -> str:
    """Markdown in the other language; front matter and fences are skipped.

    A sentence over several lines is read as one and wrapped again.
    """
    lines = text.split("\n")
    found = blocks(lines)
    done = translate_lines([_as_html(unwrapped(block.text)) for block in found])
    # From the end, so that the cells of a row do not move each other.
    for block, markup in zip(reversed(found), reversed(done), strict=True):
        _put(lines, block, _wrapped(_as_markdown(markup, block.text), block.text))
    return "\n".join(lines)


def _put(lines: list[str], block: Block, text: str) -> None:
    for place, words in zip(block.places, text.split("\n"), strict=True):
        line = lines[place.line]
        lines[place.line] = line[: place.start] + words + line[place.end :]


def _wrapped(text: str, source: str) -> str:
    """With as many lines as the source; none ends inside code or a link."""
    if "\n" not in source:
        return text
    whole = _INLINE.sub(lambda m: m.group().replace(" ", "\0"), text)
    return rewrapped(whole, source).replace("\0", " ")


def _as_html(line: str) -> str:
    """A line of Markdown as HTML whose attributes hold the marks."""
    out: list[str] = []
    open_marks: list[str] = []
    at = 0
    for m in _INLINE.finditer(line):
        out.append(html.escape(line[at : m.start()], quote=False))
        at = m.end()
        if m["escape"]:
            out.append(html.escape(m["escape"][1], quote=False))
        elif m["link"]:
            words = html.escape(m["words"], quote=False)
            out.append(f'<a data-to="{html.escape(m["to"])}">{words}</a>')
        elif m["mark"]:
            out.append(_mark(m, line, open_marks))
        else:
            out.append(_whole(m.group()))
    out.append(html.escape(line[at:], quote=False))
    return "".join(out)


def _mark(m: re.Match[str], line: str, open_marks: list[str]) -> str:
    mark = m["mark"]
    if mark in open_marks:
        if open_marks[-1] != mark:
            return _whole(mark)
        open_marks.pop()
        return "</b>"
    if line.find(mark, m.end()) > m.end() and not line[m.end()].isspace():
        open_marks.append(mark)
        return f'<b data-mark="{mark}">'
    return _whole(mark)


def _whole(raw: str) -> str:
    return f"<code>{html.escape(raw, quote=False)}</code>"


def _as_markdown(markup: str, source: str) -> str:
    escaped = {m["escape"][1] for m in _INLINE.finditer(source) if m["escape"]}
    return "".join(_pieces(markup, escaped))


def _pieces(markup: str, escaped: set[str]) -> Iterator[str]:
    """The Markdown; characters that were escaped in the source are escaped again."""
    ends: list[str] = []
    in_code = False
    for token in tokenize(markup):
        if token.kind is Kind.TEXT:
            text = html.unescape(token.raw)
            yield text if in_code else "".join(f"\\{c}" if c in escaped else c for c in text)
        elif token.kind is Kind.OPEN:
            in_code = token.name == "code"
            value = re.search(r'data-(?:to|mark)="([^"]*)"', token.raw)
            kept = html.unescape(value[1]) if value else ""
            yield {"a": "[", "b": kept}.get(token.name, "")
            ends.append(f"]{kept}" if token.name == "a" else kept)
        elif token.kind is Kind.CLOSE and ends:
            in_code = False
            yield ends.pop()
