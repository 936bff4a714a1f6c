"""Batches of about equally long pairs, padded, with a bounded number of tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .dataset import Dataset
from .vocabulary import EOS, PAD

_POOL = 16_000
"""Pairs drawn at a time; sorting so many by length leaves little padding."""
SHORT_SOURCE, SHORT_TARGET = 22, 26
"""Pieces of the longest pairs while `short_first` lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Ids, int64, padded with PAD: `source` (batch, source length), the others (batch, target)."""

    source: NDArray[np.int64]
    decoder_input: NDArray[np.int64]
    expected: NDArray[np.int64]

    @property
    def tokens(self) -> int:
        """Target tokens, the end of sentence included, padding not."""
        return int((self.expected != PAD).sum())


def draw_batches(
    data: Dataset, *, tokens: int, seed: int, step: int, short_first: int
) -> Iterator[Batch]:
    """Endless batches of at most `tokens` padded tokens, drawn by weight.

    The order follows from `seed` and the `step` at which the iterator starts. Until step
    `short_first` only short pairs are drawn: words are learned from them, order from the rest.
    """
    random = np.random.default_rng([seed, step])
    lengths = np.maximum(data.source_lengths, data.target_lengths) + 1
    everything = data.weight / data.weight.sum()
    short = everything * (
        (data.source_lengths <= SHORT_SOURCE) & (data.target_lengths <= SHORT_TARGET)
    )
    while True:
        few = step < short_first and short.sum() > 0
        chance = short / short.sum() if few else everything
        drawn = random.choice(len(data), min(_POOL, 4 * len(data)), p=chance)
        order = np.lexsort(
            (data.source_lengths[drawn] + 2 * random.random(len(drawn)), data.target_lengths[drawn])
        )
        groups = list(_groups(drawn[order], lengths, tokens))
        random.shuffle(groups)
        for group in groups:
            yield collate([data.pair(i) for i in group])
            step += 1


def in_order(data: Dataset, *, tokens: int) -> Iterator[Batch]:
    """Each pair once, short ones first: for validation."""
    lengths = np.maximum(data.source_lengths, data.target_lengths) + 1
    for group in _groups(np.argsort(lengths, kind="stable"), lengths, tokens):
        yield collate([data.pair(i) for i in group])


def collate(
    pairs: Sequence[tuple[NDArray[np.uint16], NDArray[np.uint16]]],
) -> Batch:
    """Pad `pairs`; sources end with EOS, the decoder starts with it, as `package` declares."""
    source = np.full((len(pairs), max(len(x) for x, _ in pairs) + 1), PAD, np.int64)
    given = np.full((len(pairs), max(len(y) for _, y in pairs) + 1), PAD, np.int64)
    expected = given.copy()
    for row, (x, y) in enumerate(pairs):
        source[row, : len(x)] = x
        source[row, len(x)] = EOS
        given[row, 0] = EOS
        given[row, 1 : len(y) + 1] = y
        expected[row, : len(y)] = y
        expected[row, len(y)] = EOS
    return Batch(source=source, decoder_input=given, expected=expected)


def _groups(
    indices: NDArray[np.int64], lengths: NDArray[np.int64], tokens: int
) -> Iterator[list[int]]:
    group: list[int] = []
    longest = 0
    for i in map(int, indices):
        length = max(longest, int(lengths[i]))
        if group and length * (len(group) + 1) > tokens:
            yield group
            group, length = [], int(lengths[i])
        group.append(i)
        longest = length
    if group:
        yield group
