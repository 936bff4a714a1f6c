"""Text files that are not only text: Markdown, subtitles and message catalogues."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterable

from babel.messages.pofile import read_po, write_po

from translate.errors import BadFile
from translate.html_tokens import Kind, tokenize

# Translates lines of HTML, all at once.
Translate = Callable[[list[str]], list[str]]

_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})(?P<more>.*)")
# Where a link's name leads: the name must stay as the links call it.
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]+\]:\s*\S")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\S")
_FRONT = {"---": ("---", "..."), "+++": ("+++",)}
_HEAD = re.compile(r"(?:\s*(?:[>#*+-]+|\d{1,9}[.)]|\|)\s+|\s+)*")
# Code, pictures and links by their text and target, then strong and emphasis.
_INLINE = re.compile(
    r"(?P<code>`[^`\n]*`)|(?P<picture>!\[[^\]\n]*\]\([^)\n]*\))"
    r"|(?P<link>\[(?P<words>[^\]\n]*)\](?P<to>\([^)\n]*\)|\[[^\]\n]*\]))"
    r"|(?P<tag></?[a-zA-Z][^>\n]*>)|(?P<mark>\*\*|__|\*|~~)"
)
_TIMING = re.compile(r"\d[\d:.,]*\s+-->\s+\d[\d:.,]*.*")
# What a program puts in at run time: %s, %(name)d, {name}.
_VARIABLE = re.compile(r"%(?:\([^)]*\))?[#0 +-]*\d*(?:\.\d+)?[a-zA-Z%]|\{[^{}\s]*\}")


def markdown(text: str, translate: Translate) -> str:
    """Translate Markdown: code, addresses and marks stay, front matter and fences are skipped."""
    lines = text.split("\n")
    places = _prose(lines)
    heads = [m.end() if (m := _HEAD.match(lines[p])) else 0 for p in places]
    found = [lines[p][head:] for p, head in zip(places, heads, strict=True)]
    done = translate([_as_html(line) for line in found])
    for place, head, markup in zip(places, heads, done, strict=True):
        lines[place] = lines[place][:head] + _as_markdown(markup)
    return "\n".join(lines)


def subtitles(text: str, translate: Translate) -> str:
    """Translate SubRip or WebVTT cues line by line; numbers, timings and notes stay."""
    lines = text.split("\n")
    places: list[int] = []
    inside = False
    for place, line in enumerate(lines):
        if _TIMING.fullmatch(line.strip()):
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            places.append(place)
    cues = translate([_each_text(lines[p], _to_html) for p in places])
    for place, cue in zip(places, cues, strict=True):
        escaped = "&" in lines[place] and html.unescape(lines[place]) != lines[place]
        lines[place] = cue if escaped else _each_text(cue, html.unescape)
    return "\n".join(lines)


def catalogue(data: bytes, target: str, translate: Translate) -> bytes:
    """Fill the empty messages of a gettext catalogue; each is marked fuzzy, for a person to see.

    :raise BadFile: for a file that is no catalogue.
    """
    try:
        found = read_po(io.BytesIO(data), locale=target, abort_invalid=True)
    except Exception as error:
        # Babel lets every kind of error through; none of them is more than "this is no catalogue".
        raise BadFile("the file is no .po catalogue") from error
    empty = [m for m in found if m.id and not any(_forms(m.string))]
    ids = [form for message in empty for form in _forms(message.id)]
    done = iter(translate([_held(str(form)) for form in ids]))
    for message in empty:
        forms = [html.unescape(re.sub(r"</?code>", "", next(done))) for _ in _forms(message.id)]
        if message.pluralizable:
            one, many = forms
            rest = found.num_plurals - 1
            message.string = (one, *[many] * rest) if rest else (many,)
        else:
            message.string = forms[0]
        message.flags.add("fuzzy")
    out = io.BytesIO()
    write_po(out, found, width=0)
    return out.getvalue()


def _forms(text: str | Iterable[str] | None) -> list[str]:
    """The singular and the plurals of a message, or its only text."""
    return [text] if isinstance(text, str) else list(text or ())


def _to_html(text: str) -> str:
    return html.escape(html.unescape(text), quote=False)


def _each_text(markup: str, change: Callable[[str], str]) -> str:
    """The markup with its texts changed and its tags as they are."""
    tokens = tokenize(markup)
    return "".join(change(t.raw) if t.kind is Kind.TEXT else t.raw for t in tokens)


def _prose(lines: list[str]) -> list[int]:
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


def _after_front_matter(lines: list[str]) -> int:
    """The place after the front matter; 0 where there is none, or it has no end."""
    ends = _FRONT.get(lines[0].strip(), ()) if lines else ()
    return next((p + 1 for p, line in enumerate(lines) if p and line.strip() in ends), 0)


def _as_html(line: str) -> str:
    """A line of Markdown as HTML whose attributes hold the marks."""
    out: list[str] = []
    open_marks: list[str] = []
    at = 0
    for m in _INLINE.finditer(line):
        out.append(html.escape(line[at : m.start()], quote=False))
        at = m.end()
        if m.group("link"):
            words = html.escape(m.group("words"), quote=False)
            to = html.escape(m.group("to"))
            out.append(f'<a data-to="{to}">{words}</a>')
        elif m.group("mark") and m.group("mark") in open_marks:
            if open_marks[-1] == m.group("mark"):
                open_marks.pop()
                out.append("</b>")
            else:
                out.append(_whole(m.group()))
        elif m.group("mark"):
            later = line.find(m.group("mark"), m.end())
            if later > m.end() and not line[m.end()].isspace():
                open_marks.append(m.group("mark"))
                out.append(f'<b data-mark="{m.group("mark")}">')
            else:
                out.append(_whole(m.group()))
        else:
            out.append(_whole(m.group()))
    out.append(html.escape(line[at:], quote=False))
    return "".join(out)


def _whole(raw: str) -> str:
    return f"<code>{html.escape(raw, quote=False)}</code>"


def _as_markdown(markup: str) -> str:
    out: list[str] = []
    ends: list[str] = []
    for token in tokenize(markup):
        if token.kind is Kind.TEXT:
            out.append(html.unescape(token.raw))
        elif token.kind is Kind.OPEN:
            value = re.search(r'data-(?:to|mark)="([^"]*)"', token.raw)
            kept = html.unescape(value.group(1)) if value else ""
            out.append({"a": "[", "b": kept}.get(token.name, ""))
            ends.append(f"]{kept}" if token.name == "a" else kept)
        elif token.kind is Kind.CLOSE and ends:
            out.append(ends.pop())
    return "".join(out)


def _held(message: str) -> str:
    """A message as HTML with its variables as code."""
    out: list[str] = []
    at = 0
    for m in _VARIABLE.finditer(message):
        out += (
            html.escape(message[at : m.start()], quote=False),
            f"<code>{html.escape(m.group())}</code>",
        )
        at = m.end()
    return "".join(out) + html.escape(message[at:], quote=False)
