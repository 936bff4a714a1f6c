"""The markup of the tags at one place of a sentence, nested as the elements are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from translate.sentences.tag_words import Tag

Place = tuple[int, int]


def tags_by_place(around: Sequence[Place]) -> dict[int, list[int]]:
    """The numbers of the tags that begin, end or are points at each place."""
    found: dict[int, list[int]] = {}
    for number, span in enumerate(around):
        for edge in {*span}:
            found.setdefault(edge, []).append(number)
    return found


def markup_at(
    place: int, here: Sequence[int], tags: Sequence[Tag], around: Sequence[Place]
) -> Iterator[str]:
    """What ends at a place, innermost first, then what begins, outermost first.

    A point stands inside the element that it lay in, whether that one ends or begins here or is a
    point itself, and outside all others.

    :param here: the tags of this place, as `tags_by_place` gives them.
    """
    points = [n for n in here if around[n] == (place, place)]
    edges = [n for n in here if around[n] != (place, place)]
    home: dict[int, int | None] = {number: number for number in edges}
    inside: dict[int | None, list[int]] = {}
    for point in points:
        parent = tags[point].parent
        home[point] = None if parent is None else home.get(parent)
        inside.setdefault(home[point], []).append(point)
    for number in reversed([n for n in edges if around[n][0] < place]):
        yield from _nested(inside.get(number, ()), tags)
        yield tags[number].closing
    yield from _nested(inside.get(None, ()), tags)
    for number in [n for n in edges if around[n][0] == place]:
        yield tags[number].opening
        yield from _nested(inside.get(number, ()), tags)


def _nested(points: Sequence[int], tags: Sequence[Tag]) -> Iterator[str]:
    """Points that stand side by side or in one another; `points` in the order of their opening."""
    still_open: list[int] = []
    for number in points:
        while still_open and still_open[-1] != tags[number].parent:
            yield tags[still_open.pop()].closing
        still_open.append(number)
        yield tags[number].opening
    while still_open:
        yield tags[still_open.pop()].closing
