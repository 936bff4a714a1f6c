"""Carries inline tags from a sentence over to its translation, by word alignment."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from translate.decoding import Output
from translate.mask import PLACEHOLDER, Span, unmask

_WORD = re.compile(r"\S+")
_SPACE_MARK = "\u2581"

# With more tags than this in one sentence they keep their order and relative place instead.
_MOST_ALIGNED = 40

# Stands in a sentence for an element that is copied whole, such as code or a picture.
OBJECT = "\ufffc"

# Weight of every source word for every target word.
Links = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Tag:
    """An element around characters `start` to `end` of a sentence, or a point when they agree.

    A tag whose other half lies in another sentence has an empty `opening` or `closing`.
    """

    start: int
    end: int
    opening: str
    closing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A sentence; `tags` and `objects` count its characters and hold numbered markers.

    `markup` is the sentence as it is remembered: escaped, with `<0>...</0>` for the first tag
    pair and `<1/>` for what stands alone; `raw` is the true markup of each marker.
    """

    text: str
    tags: tuple[Tag, ...] = ()
    objects: tuple[Span, ...] = ()
    markup: str = ""
    raw: tuple[tuple[str, str], ...] = ()


def word_links(output: Output, source: str) -> Links | None:
    """Attention between tokens, summed up between words; None when the words cannot be told."""
    if output.attention is None:
        return None
    from_word = _words_of(output.source_tokens)
    to_word = _words_of(output.target_tokens)
    sources, targets = len(source.split()), len(output.text.split())
    if (max(from_word, default=-1) + 1, max(to_word, default=-1) + 1) != (sources, targets):
        return None
    links = [[0.0] * sources for _ in range(targets)]
    for token, row in enumerate(output.attention):
        for place, weight in zip(from_word, row, strict=False):
            links[to_word[token]][place] += weight
    return links


def through(second: Links, first: Links) -> Links:
    """The links of two translations in a row: of the pivot's words to the source's, and on."""
    columns = len(first[0]) if first else 0
    return [
        [sum(row[k] * first[k][j] for k in range(len(first))) for j in range(columns)]
        for row in second
    ]


def render(
    source: str, target: str, tags: Sequence[Tag], kept: Sequence[str], links: Links | None
) -> str:
    """The translation as HTML: escaped, with the tags around the words that belong to them.

    :param source: the sentence with placeholders, whose characters the tags count.
    :param target: the translation with placeholders.
    :param kept: HTML for each placeholder.
    """
    words = [m.span() for m in _WORD.finditer(target)]
    if not words:
        return "".join(t.opening + t.closing for t in tags) + _escaped(target, kept)
    sources = [m.span() for m in _WORD.finditer(source)]
    if len(tags) <= _MOST_ALIGNED:
        weights = links or _by_position(len(sources), len(words))
        ranges = _ranges(tags, sources, weights, len(words))
    else:
        ranges = _in_order(tags, [a for a, _ in sources], len(words))
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    # Outer tags come first, so that they open first and close last.
    for tag, (first, last) in zip(tags, ranges, strict=True):
        before.setdefault(first, []).append(tag.opening if last > first else _both(tag))
        if last > first:
            after.setdefault(last - 1, []).insert(0, tag.closing)
    parts: list[str] = []
    at = 0
    for number, (start, end) in enumerate(words):
        parts.append(_escaped(target[at:start], kept))
        parts += before.get(number, ())
        parts.append(_escaped(target[start:end], kept))
        parts += after.get(number, ())
        at = end
    parts += before.get(len(words), ())
    parts.append(_escaped(target[at:], kept))
    return "".join(parts)


def _both(tag: Tag) -> str:
    return tag.opening + tag.closing


def _ranges(
    tags: Sequence[Tag], sources: list[tuple[int, int]], weights: Links, words: int
) -> list[tuple[int, int]]:
    """For each tag the target words it goes around, first and last excluded; nested as before."""
    best = [max(range(len(row)), key=row.__getitem__) if row else 0 for row in weights]
    found: list[tuple[int, int]] = []
    for number, tag in enumerate(tags):
        lower, upper = 0, words
        taken: list[tuple[int, int]] = []
        for other, span in zip(tags[:number], found, strict=True):
            if _contains(other, tag):
                lower, upper = max(lower, span[0]), min(upper, span[1])
                taken = [t for t in taken if t[0] >= span[0] and t[1] <= span[1]]
            else:
                taken.append(span)
        found.append(_range(tag, sources, best, lower, max(lower, upper), taken))
    return found


def _in_order(tags: Sequence[Tag], starts: list[int], words: int) -> list[tuple[int, int]]:
    """Places in proportion to those of the source: what was nested stays nested."""

    def place(at: int) -> int:
        return bisect_left(starts, at) * words // max(1, len(starts))

    return [(place(t.start), max(place(t.start), place(t.end))) for t in tags]


def _contains(outer: Tag, inner: Tag) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer.start < outer.end


def _range(
    tag: Tag,
    sources: list[tuple[int, int]],
    best: list[int],
    lower: int,
    upper: int,
    taken: list[tuple[int, int]],
) -> tuple[int, int]:
    inside = {i for i, (a, b) in enumerate(sources) if a < tag.end and b > tag.start}
    free = [k for k in range(lower, upper) if not any(a <= k < b for a, b in taken)]
    if tag.start == tag.end:
        following = next((i for i, (a, _) in enumerate(sources) if a >= tag.start), None)
        place = next((k for k in free if best[k] == following), None)
        if place is None or following is None:
            place = upper if following is None else _scaled(following, len(sources), lower, upper)
        return _out_of(place, taken)
    if not free:
        return (upper, upper)
    if not tag.opening:
        # The element began in an earlier sentence: from this one's first word.
        chosen = [k for k in free if best[k] in inside]
        return (free[0], _run_end(free, chosen[-1] if chosen else free[0]))
    if not tag.closing:
        chosen = [k for k in free if best[k] in inside]
        return (chosen[0] if chosen else free[-1], upper)
    run = _densest(free, {k for k in free if best[k] in inside})
    if run:
        return run
    middle = sum(inside) / len(inside) if inside else 0
    place = min(free, key=lambda k: abs(k - _scaled(middle, len(sources), lower, upper)))
    return (place, place + 1)


def _densest(free: list[int], hits: set[int]) -> tuple[int, int] | None:
    """The run of neighbouring free words with the most hits for the fewest misses."""
    best = (0, 0, 0)
    score, start = 0, None
    previous = None
    for k in free:
        if start is None or score <= 0 or previous != k - 1:
            score, start = 0, k
        score += 2 if k in hits else -1
        if score > best[0] and k in hits:
            best = (score, start, k + 1)
        previous = k
    return (best[1], best[2]) if best[0] > 0 else None


def _run_end(free: list[int], last: int) -> int:
    """The end of the unbroken run from the first free word, not past `last`."""
    end = free[0]
    for k in free:
        if k != end or k > last:
            break
        end = k + 1
    return end


def _out_of(place: int, taken: list[tuple[int, int]]) -> tuple[int, int]:
    for a, b in taken:
        if a < place < b:
            place = b
    return (place, place)


def _scaled(place: float, count: int, lower: int, upper: int) -> int:
    return min(upper, lower + round(place / max(1, count) * (upper - lower)))


def _by_position(sources: int, targets: int) -> Links:
    """Without attention: by place, both sentences taken as equally long."""
    links = [[0.0] * sources for _ in range(targets)]
    for k in range(targets):
        if sources:
            links[k][min(sources - 1, k * sources // targets)] = 1.0
    return links


def _words_of(tokens: Sequence[str]) -> list[int]:
    """The word each token belongs to; a lone space mark belongs to the word that follows."""
    numbers: list[int] = []
    word = -1
    fresh = False
    for token in tokens:
        starts = token.startswith(_SPACE_MARK) or word < 0
        if starts and not fresh:
            word += 1
        fresh = starts and token == _SPACE_MARK
        numbers.append(word)
    return numbers


def _escaped(text: str, kept: Sequence[str]) -> str:
    """Escape a stretch of the translation, then put the HTML of the placeholders in."""
    parts: list[str] = []
    at = 0
    for match in PLACEHOLDER.finditer(text):
        parts.append(html.escape(text[at : match.start()], quote=False))
        parts.append(unmask(match.group(), kept))
        at = match.end()
    parts.append(html.escape(text[at:], quote=False))
    return "".join(parts)
