"""Encoded sentence pairs packed into flat arrays, each with the weight it is drawn by."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .pairs import Pair
from .vocabulary import UNKNOWN, Vocabulary

LONGEST_SOURCE, LONGEST_TARGET = 100, 110
"""Pieces; longer pairs would make batches of two sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """`count` pairs: the ids of pair i are `source[source_at[i]:source_at[i + 1]]`, uint16."""

    source: NDArray[np.uint16]
    source_at: NDArray[np.int64]
    target: NDArray[np.uint16]
    target_at: NDArray[np.int64]
    weight: NDArray[np.float64]
    origin: NDArray[np.int64]
    """Place of each pair among those that were encoded."""

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def source_lengths(self) -> NDArray[np.int64]:
        """Pieces of each source, without the end of sentence."""
        return np.diff(self.source_at)

    @property
    def target_lengths(self) -> NDArray[np.int64]:
        """Pieces of each target, without the end of sentence."""
        return np.diff(self.target_at)

    def pair(self, i: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """Source and target ids of pair `i`."""
        return (
            self.source[self.source_at[i] : self.source_at[i + 1]],
            self.target[self.target_at[i] : self.target_at[i + 1]],
        )

    def save(self, path: Path) -> None:
        """Write to `path`, whole or not at all."""
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(
                file,
                xs=self.source,
                xo=self.source_at,
                ys=self.target,
                yo=self.target_at,
                w=self.weight,
                origin=self.origin,
            )
        Path(file.name).replace(path)

    @classmethod
    def load(cls, path: Path) -> "Dataset":
        """Read what `save` wrote."""
        with np.load(path) as arrays:
            return cls(
                source=arrays["xs"],
                source_at=arrays["xo"],
                target=arrays["ys"],
                target_at=arrays["yo"],
                weight=arrays["w"],
                origin=arrays["origin"],
            )


def encode_pairs(
    pairs: Sequence[Pair], vocabulary: Vocabulary, weight: NDArray[np.float64] | None = None
) -> Dataset:
    """Encode `pairs`; left out are those with an empty or an overlong side, and those whose target
    the vocabulary cannot spell: they would teach to write unknown pieces.
    """
    sources = vocabulary.encode([pair.source for pair in pairs])
    targets = vocabulary.encode([pair.target for pair in pairs])
    kept = [
        i
        for i, (x, y) in enumerate(zip(sources, targets, strict=True))
        if 0 < len(x) <= LONGEST_SOURCE and 0 < len(y) <= LONGEST_TARGET and UNKNOWN not in y
    ]
    source, source_at = _pack([sources[i] for i in kept])
    target, target_at = _pack([targets[i] for i in kept])
    even = np.ones(len(pairs)) if weight is None else weight
    return Dataset(
        source=source,
        source_at=source_at,
        target=target,
        target_at=target_at,
        weight=even[kept],
        origin=np.array(kept, np.int64),
    )


def _pack(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    at = np.zeros(len(rows) + 1, np.int64)
    at[1:] = np.cumsum([len(row) for row in rows])
    flat = np.empty(int(at[-1]), np.uint16)
    for row, start in zip(rows, at[:-1], strict=True):
        flat[start : start + len(row)] = row
    return flat, at
