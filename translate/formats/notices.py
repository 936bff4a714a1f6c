"""The disclaimer inside a translated document, where its readers or its next editor will see it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from translate.formats.html_tokens import Kind, tokenize
from translate.languages import direction

_LONGEST_CUE = timedelta(seconds=4)
_SHORTEST_CUE = timedelta(seconds=1)
_CUE = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{3})\s+-->\s+(\d+):(\d\d):(\d\d)[,.](\d{3})")
_FRONT = re.compile(r"(---|\+\+\+)[ \t]*\r?\n.*?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_HEADER = re.compile(r"WEBVTT.*?(?:\r?\n[ \t]*\r?\n|\Z)", re.DOTALL)


def in_text(text: str, notice: str) -> str:
    """A plain text: its first paragraph."""
    end = _line_end(text)
    return f"{notice}{end}{end}{text}"


def in_markdown(text: str, notice: str) -> str:
    """Markdown: a quotation, after the front matter."""
    end = _line_end(text)
    front = _FRONT.match(text)
    at = front.end() if front else 0
    return f"{text[:at]}{end if at else ''}> {notice}{end}{end}{text[at:]}"


def in_html(text: str, notice: str, language: str) -> str:
    """HTML: the first visible element, a note with its own language and direction."""
    words = html.escape(notice, quote=False)
    note = f'<p role="note" lang="{language}" dir="{direction(language)}">{words}</p>'
    at = _start_of_body(text)
    return f"{text[:at]}{note}{text[at:]}"


def in_webvtt(text: str, notice: str) -> str:
    """WebVTT: a NOTE after the header, for whoever edits the file; no cue is touched."""
    end = _line_end(text)
    header = _HEADER.match(text)
    at = header.end() if header else 0
    apart = "" if not at or text[:at].endswith(f"{end}{end}") else f"{end}{end}"
    # An arrow would make a cue of the note.
    return f"{text[:at]}{apart}NOTE {notice.replace('-->', '->')}{end}{end}{text[at:]}"


def in_subrip(text: str, notice: str) -> str:
    """SubRip has no comments: a cue of its own, before the first one, else after the last.

    It lasts four seconds or up to the first cue; other cues keep their numbers and times.
    """
    cues = [m.groups() for m in _CUE.finditer(text)]
    if not cues:
        return in_text(text, notice)
    end = _line_end(text)
    first = _time(cues[0][:4])
    if first >= _SHORTEST_CUE:
        shown = _cue(timedelta(0), min(first, _LONGEST_CUE))
        return f"0{end}{shown}{end}{notice}{end}{end}{text.lstrip()}"
    last = max(_time(cue[4:]) for cue in cues)
    shown = _cue(last, last + _LONGEST_CUE)
    return f"{text.rstrip()}{end}{end}{len(cues) + 1}{end}{shown}{end}{notice}{end}"


def in_catalogue(text: str, notice: str) -> str:
    """A gettext catalogue: a comment of its header."""
    return f"# {notice}\n{text}"


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _start_of_body(text: str) -> int:
    """Where the visible part begins: after <body>, else after the head, else after the doctype."""
    at = found = 0
    in_head = False
    for token in tokenize(text):
        at += len(token.raw)
        if token.kind is Kind.OPEN and token.name == "body":
            return at
        if token.name == "head":
            in_head = token.kind is Kind.OPEN
            found = at
        elif not in_head and (token.name == "html" or token.raw[:9].lower() == "<!doctype"):
            found = found if token.kind is Kind.CLOSE else at
    return found


def _time(parts: tuple[str, ...]) -> timedelta:
    hours, minutes, seconds, thousandths = map(int, parts)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds, milliseconds=thousandths)


def _cue(start: timedelta, end: timedelta) -> str:
    return f"{_written(start)} --> {_written(end)}"


def _written(moment: timedelta) -> str:
    thousandths = moment // timedelta(milliseconds=1)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"
