"""Which words of a translation an element goes around, by word alignment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

# With more tags than this in one sentence they keep their order and relative place instead.
MOST_ALIGNED = 40

# Weight of every source word for every target word.
Links = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Tag:
    """An element around characters `start` to `end` of a sentence, or a point when they agree.

    A tag whose other half lies in another sentence has an empty `opening` or `closing`. `parent` is
    the number, among the sentence's tags, of the innermost element that it lies in. Offsets do not
    tell: a point may stand at the end of an element or right behind it.
    """

    start: int
    end: int
    opening: str
    closing: str
    parent: int | None = None


def word_ranges(
    tags: Sequence[Tag],
    sources: list[tuple[int, int]],
    words: int,
    links: Links | None,
) -> list[tuple[int, int]]:
    """For each tag the target words it goes around, first and last excluded; nested as before.

    :param sources: where the words of the source begin and end.
    :param words: of the translation.
    """
    if len(tags) > MOST_ALIGNED:
        return _in_order(tags, [a for a, _ in sources], words)
    return _ranges(tags, sources, links or _by_position(len(sources), words), words)


def _ranges(
    tags: Sequence[Tag], sources: list[tuple[int, int]], weights: Links, words: int
) -> list[tuple[int, int]]:
    """For each tag the target words it goes around, first and last excluded; nested as before."""
    best = [max(range(len(row)), key=row.__getitem__) if row else 0 for row in weights]
    found: list[tuple[int, int]] = []
    for number, tag in enumerate(tags):
        lower, upper = 0, words
        taken: list[tuple[int, int]] = []
        around = ancestors(tags, number)
        for other, span in enumerate(found):
            if other in around:
                lower, upper = max(lower, span[0]), min(upper, span[1])
                taken = [t for t in taken if t[0] >= span[0] and t[1] <= span[1]]
            else:
                taken.append(span)
        end = None if tag.parent is None else tags[tag.parent].end
        found.append(_range(tag, end, sources, best, lower, max(lower, upper), taken))
    return [_apart(number, tags, found) for number in range(len(tags))]


def _apart(number: int, tags: Sequence[Tag], found: list[tuple[int, int]]) -> tuple[int, int]:
    """A range; that of a point is moved out of the elements that the point did not lie in."""
    place, end = found[number]
    if place != end:
        return place, end
    within = ancestors(tags, number)
    others = [n for n, (a, b) in enumerate(found) if a < place < b and n not in within]
    if not others:
        return place, end
    outermost = min(others, key=lambda n: found[n][0] - found[n][1])
    place = found[outermost][0 if tags[number].start <= tags[outermost].start else 1]
    return place, place


def _in_order(tags: Sequence[Tag], starts: list[int], words: int) -> list[tuple[int, int]]:
    """Places in proportion to those of the source: what was nested stays nested."""

    def place(at: int) -> int:
        return bisect_left(starts, at) * words // max(1, len(starts))

    return [(place(t.start), max(place(t.start), place(t.end))) for t in tags]


def ancestors(tags: Sequence[Tag], number: int) -> set[int]:
    """The tags of the elements that an element lies in."""
    found: set[int] = set()
    parent = tags[number].parent
    while parent is not None:
        found.add(parent)
        parent = tags[parent].parent
    return found


def _range(
    tag: Tag,
    end: int | None,
    sources: list[tuple[int, int]],
    best: list[int],
    lower: int,
    upper: int,
    taken: list[tuple[int, int]],
) -> tuple[int, int]:
    inside = _inside(tag, sources)
    free = [k for k in range(lower, upper) if not any(a <= k < b for a, b in taken)]
    if tag.start == tag.end or not inside:
        # A point: before the word that follows, or at the end of the element that it is in.
        following = next((i for i, (a, _) in enumerate(sources) if a >= tag.start), None)
        if following is not None and end is not None and sources[following][0] >= end:
            following = None
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
        # It goes on in the next sentence: from behind what it must not hold to this one's end.
        free = [k for k in free if all(b <= k for a, b in taken if a < b)]
        last = free[-1] if free else upper
        return next((k for k in free if best[k] in inside), last), upper
    run = _densest(free, {k for k in free if best[k] in inside})
    if run:
        return run
    middle = sum(inside) / len(inside)
    near = _scaled(middle, len(sources), lower, upper)
    place = min(free, key=lambda k: abs(k - near))
    return (place, place + 1)


def _inside(tag: Tag, sources: list[tuple[int, int]]) -> set[int]:
    """The words of an element: those it holds most of; of a part of one word, that word."""
    touched = {i for i, (a, b) in enumerate(sources) if a < tag.end and b > tag.start}
    held = {
        i
        for i in touched
        if 2 * (min(sources[i][1], tag.end) - max(sources[i][0], tag.start))
        > sources[i][1] - sources[i][0]
    }
    return held or touched


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
