"""Subtitles: the words of the cues, with timings, numbers and notes as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from translate.formats.html_tokens import Kind, tokenize
from translate.text import rewrapped, unwrapped

# Translates lines of HTML, all at once.
Translate = Callable[[list[str]], list[str]]

_TIMING = re.compile(r"\d[\d:.,]*\s+-->\s+\d[\d:.,]*.*")
# When a word is sung, in WebVTT, and where a cue stands, in SubRip.
_COMMAND = re.compile(r"<\d[\d:.]*>|\{\\[^{}]*\}")
_HEAD = re.compile(r"(?:<\d[\d:.]*>|\{\\[^{}]*\})+")
_SPEAKER = re.compile(r"\s*(?:[-–—♪#\[(]|<|\{)")
_STOP = re.compile(r"[.!?؟…:;؛♪\])][\"'”’»]*\s*\Z")


def translate(text: str, translate_lines: Translate) -> str:
    """SubRip or WebVTT in the other language; a sentence over the lines of a cue is read as one."""
    lines = text.split("\n")
    cues = [_words(lines, first, size) for first, size in _breaths(lines)]
    done = translate_lines([_as_html(cue) for cue in cues])
    for cue, markup in zip(cues, done, strict=True):
        words = rewrapped(_as_cue(markup, cue.words), cue.words)
        lines[cue.first : cue.first + cue.size] = (cue.head + words).split("\n")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said in one breath: lines of a cue from place `first` on."""

    first: int
    size: int
    head: str
    words: str


def _breaths(lines: list[str]) -> list[tuple[int, int]]:
    """Where what is said in one breath begins, and of how many lines it is."""
    found: list[tuple[int, int]] = []
    inside = False
    for place, line in enumerate(lines):
        if _TIMING.fullmatch(line.strip()):
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            first, size = found[-1] if found else (place, 0)
            before = lines[place - 1]
            # Where a breath stands and when a word is sung is said before its first line.
            said = before[_head(before) :] if size == 1 else before
            if size and first + size == place and _goes_on(said, line):
                found[-1] = first, size + 1
            else:
                found.append((place, 1))
    return found


def _words(lines: list[str], first: int, size: int) -> _Words:
    at = _head(lines[first])
    said = [lines[first][at:], *lines[first + 1 : first + size]]
    return _Words(first, size, lines[first][:at], "\n".join(said))


def _head(line: str) -> int:
    head = _HEAD.match(line)
    return head.end() if head else 0


def _goes_on(before: str, line: str) -> bool:
    """Whether a sentence goes on in the next line; with marks in it each line stays by itself."""
    is_plain = "<" not in before and "{" not in before and "<" not in line and "{" not in line
    return is_plain and not _STOP.search(before) and not _SPEAKER.match(line)


def _as_html(cue: _Words) -> str:
    words = unwrapped(cue.words)
    out: list[str] = []
    at = 0
    for command in _COMMAND.finditer(words):
        out += (_escaped(words[at : command.start()]), f"<code>{html.escape(command[0])}</code>")
        at = command.end()
    return "".join(out) + _escaped(words[at:])


def _escaped(words: str) -> str:
    return _each_text(words, lambda raw: html.escape(html.unescape(raw), quote=False))


def _as_cue(markup: str, words: str) -> str:
    is_escaped = "&" in words and html.unescape(words) != words
    plain = re.sub(r"<code>(.*?)</code>", lambda m: html.unescape(m[1]), markup)
    return plain if is_escaped else _each_text(plain, html.unescape)


def _each_text(markup: str, change: Callable[[str], str]) -> str:
    """The markup with its texts changed and its tags as they are."""
    tokens = tokenize(markup)
    return "".join(change(t.raw) if t.kind is Kind.TEXT else t.raw for t in tokens)
