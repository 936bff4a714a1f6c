"""Where exactly the tags of an element stand in a translation: at a word, or inside one.

Punctuation that stood outside an element stays outside, and an element that was a part of a word,
such as the 2 of m<sup>2</sup>, goes around the same part where the translation has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from translate.sentences.mask import PLACEHOLDER
from translate.sentences.tag_words import MOST_ALIGNED, Links, Tag, ancestors, word_ranges

Place = tuple[int, int]

_WORD = re.compile(r"\S+")
_CLOSING = ".,;:!?؟،؛…)]\"”’»'"
_OPENING = "([\"“‘«'¿¡"


def places(source: str, target: str, tags: Sequence[Tag], links: Links | None) -> list[Place]:
    """For each tag the characters of the translation it goes around; a point's are the same twice.

    What was nested stays nested, and what was apart stays apart.
    """
    sources = [m.span() for m in _WORD.finditer(source)]
    words = [m.span() for m in _WORD.finditer(target)]
    if not words:
        return [(0, 0)] * len(tags)
    ranges = word_ranges(tags, sources, len(words), links)
    around = [_characters(span, words) for span in ranges]
    if len(tags) > MOST_ALIGNED:
        return _nested(tags, around)
    return _fitted(source, target, tags, around)


def _fitted(source: str, target: str, tags: Sequence[Tag], around: list[Place]) -> list[Place]:
    """Places at words, made to fit the punctuation and the parts of words."""
    bare: list[Place] = []
    for tag, place in zip(tags, around, strict=True):
        start, end = _trimmed(tag, source, target, place)
        if start == end and _is_behind_a_word(tag, source):
            start = end = len(target[:start].rstrip()) or start
        bare.append((start, end))
    found = _nested(tags, bare)
    for number, tag in enumerate(tags):
        if _is_part(tag, source):
            for part in _same_parts(source[tag.start : tag.end], target, found[number]):
                changed = _at_part(number, part, tags, found, target)
                if changed:
                    found = changed
                    break
    return found


def _nested(tags: Sequence[Tag], around: Sequence[Place]) -> list[Place]:
    """Places cut to those of the elements that each lies in."""
    found: list[Place] = []
    for number, (start, end) in enumerate(around):
        for other in ancestors(tags, number):
            first, last = found[other]
            start = max(first, min(start, last))
            end = max(start, min(end, last))
        found.append((start, end))
    return found


def _characters(span: tuple[int, int], words: list[Place]) -> Place:
    first, last = span
    if last > first:
        return words[first][0], words[last - 1][1]
    at = words[first][0] if first < len(words) else words[-1][1]
    return at, at


def _trimmed(tag: Tag, source: str, target: str, place: Place) -> Place:
    """Without the punctuation at its edges that the element did not hold in the source."""
    start, end = place
    inner = source[tag.start : tag.end].strip()
    bare = target[start:end].strip(_OPENING + _CLOSING)
    if not inner or not bare:
        return place
    if tag.closing and inner[-1] not in _CLOSING:
        end -= len(target[start:end]) - len(target[start:end].rstrip(_CLOSING))
    if tag.opening and inner[0] not in _OPENING:
        start += len(target[start:end]) - len(target[start:end].lstrip(_OPENING))
    return start, end


def _is_behind_a_word(tag: Tag, source: str) -> bool:
    """Whether a point stands right behind a word, and not before the next one."""
    at = tag.start
    return tag.end == at > 0 and not source[at - 1].isspace() and source[at : at + 1].strip() == ""


def _is_part(tag: Tag, source: str) -> bool:
    """Whether an element begins or ends inside a word, or is all that a placeholder stands for."""
    if tag.start == tag.end or not (tag.opening and tag.closing):
        return False
    starts = tag.start > 0 and source[tag.start - 1 : tag.start + 1].isalnum()
    ends = tag.end < len(source) and source[tag.end - 1 : tag.end + 1].isalnum()
    return starts or ends or bool(PLACEHOLDER.fullmatch(source[tag.start : tag.end]))


def _same_parts(part: str, target: str, near: Place) -> list[Place]:
    """The same characters inside words of the translation: those it goes with first, then digits.

    A letter or two may be anywhere, a number hardly, and a placeholder is where it is.
    """
    hidden = [m.span() for m in PLACEHOLDER.finditer(target)]
    if PLACEHOLDER.fullmatch(part):
        return [span for span in hidden if target[slice(*span)] == part]
    found = []
    for match in re.finditer(re.escape(part), target):
        start, end = match.span()
        inside = target[max(0, start - 1) : start].isalnum() or target[end : end + 1].isalnum()
        ours = start < near[1] and end > near[0]
        if (
            inside
            and (ours or part.isdigit())
            and not any(a < end and start < b for a, b in hidden)
        ):
            found.append((not ours, start, end))
    return [(start, end) for _, start, end in sorted(found)]


def _at_part(
    number: int, part: Place, tags: Sequence[Tag], found: list[Place], target: str
) -> list[Place] | None:
    """The places with one element around its part, its neighbours making room; None without."""
    start, end = part
    changed = list(found)
    changed[number] = part
    around = ancestors(tags, number)
    for other, (a, b) in enumerate(found):
        if number in ancestors(tags, other):
            changed[other] = min(max(a, start), end), max(min(b, end), start)
        elif other == number or (other in around and a <= start and end <= b):
            continue
        elif b <= start or a >= end:
            # What it leaves of its word belongs to the element that came right before it.
            beside = tags[other].end == tags[number].start and a < b <= found[number][0]
            if beside and not target[b : found[number][0]].strip():
                changed[other] = a, start
        else:
            inner = [found[n] for n in range(len(tags)) if other in ancestors(tags, n)]
            cut = _cut((a, b), part, inner, target)
            if cut is None:
                return None
            changed[other] = cut
    return changed if changed == _nested(tags, changed) else None


def _cut(whole: Place, part: Place, inner: Sequence[Place], target: str) -> Place | None:
    """What is left of an element before a part or behind it, with all the elements in it."""
    before, behind = target[whole[0] : part[0]].rstrip(), target[part[1] : whole[1]].lstrip()
    sides = (whole[0], whole[0] + len(before)), (whole[1] - len(behind), whole[1])
    return next(
        ((a, b) for a, b in sides if a < b and all(a <= c and d <= b for c, d in inner)), None
    )
