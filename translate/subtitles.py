"""Subtitles: the words of the cues, with timings, numbers and notes as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from translate.html_tokens import Kind, tokenize
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
    cues = _cues(lines)
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


def _cues(lines: list[str]) -> list[_Words]:
    found: list[_Words] = []
    inside = False
    for place, line in enumerate(lines):
        if _TIMING.fullmatch(line.strip()):
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            last = found[-1] if found else None
            if last and last.first + last.size == place and _goes_on(last.words, line):
                words = f"{last.words}\n{line}"
                found[-1] = _Words(last.first, last.size + 1, last.head, words)
                continue
            head = _HEAD.match(line)
            at = head.end() if head else 0
            found.append(_Words(place, 1, line[:at], line[at:]))
    return found


def _goes_on(words: str, line: str) -> bool:
    """Whether a sentence goes on in the next line; with marks in it each line stays by itself."""
    is_plain = "<" not in words and "{" not in words and "<" not in line and "{" not in line
    return is_plain and not _STOP.search(words) and not _SPEAKER.match(line)


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
