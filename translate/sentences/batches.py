"""How many tokens a batch may hold so that all workers have work until the end."""

from __future__ import annotations

from collections.abc import Sequence

_STEP = 8


def batch_size(lengths: Sequence[int], workers: int, most: int) -> int:
    """The size of batches for sentences of these lengths in tokens, at least one of them.

    A text that fits is cut into one batch a worker: with one more, all but one of the workers
    would wait for its end. A longer one gets batches of `most`, past which padding eats the gain.

    :return: tokens; never less than the longest sentence needs.
    """
    ordered = sorted(lengths, reverse=True)
    # CTranslate2 adds a start and an end to each sentence.
    least = ordered[0] + 2
    total = sum(ordered)
    if total > workers * most:
        return max(least, most)
    size = max(least, total // workers + 1)
    while _batches(ordered, size) > workers:
        size += _STEP
    return size


def _batches(ordered: Sequence[int], size: int) -> int:
    """How many batches CTranslate2 cuts: each is as many sentences as its longest allows."""
    count, longest, inside = 0, 0, 0
    for length in ordered:
        if not count or (inside + 1) * longest > size:
            count, longest, inside = count + 1, length, 0
        inside += 1
    return count
