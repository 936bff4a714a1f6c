"""The starter packages' training mixture: which share of the batches each group of pairs gets."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .augmentation import as_printed, variants
from .pairs import Pair

# Institutional news rests on close, own and grammar; more than half of generated sentences
# would make models repeat the grammar's frames.
SHARES: Mapping[str, Mapping[str, float]] = {
    "fr": {
        "own": 0.04, "short": 0.08, "grammar": 0.16, "close": 0.22, "laws": 0.13, "docs": 0.08,
        "everyday": 0.14, "labels": 0.03, "technical": 0.12,
    },
    "ar": {
        "own": 0.11, "short": 0.08, "grammar": 0.16, "close": 0.23, "docs": 0.13,
        "everyday": 0.10, "labels": 0.03, "technical": 0.16,
    },
}  # fmt: skip
_VARIANTS = 0.10
_DRAWN_FOR_VARIANTS = 150_000
# Pairs scored lower by the word alignment are taken for wrong alignments. Free translations of
# everyday sentences and labels score low and are right: they are kept.
_LEAST_SCORE = {"laws": -3.9, "close": -4.2, "docs": -4.2, "technical": -4.2}
_CLAUSE = 0.35  # laws: clauses of a list, which begin or end like no sentence of news


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Pairs with the weight each is drawn by and the group it is from."""

    pairs: list[Pair]
    weight: NDArray[np.float64]
    group: list[str]


def mix(
    groups: Mapping[str, Sequence[Pair]],
    source: str,
    target: str,
    seed: int,
    short: float | None = None,
) -> Mixture:
    """All pairs of `groups`, as they are printed, and surface variants.

    :param short: share of labels and phrases among what is drawn, when it is not the usual one.
    """
    code = source if target == "en" else target
    shares = {**SHARES[code]}
    if short is not None:
        rest = (1 - short) / (1 - shares["short"])
        shares = {name: rest * share for name, share in shares.items()} | {"short": short}
    chance = random.Random(seed)  # noqa: S311 -- repeatable, no secret
    pairs: list[Pair] = []
    weights: list[float] = []
    names: list[str] = []
    for name, members in groups.items():
        share = shares[name] / len(members)
        pairs += [as_printed(pair, source, chance) for pair in members]
        weights += [share * _clause(name, pair) for pair in members]
        names += [name] * len(members)
    base = np.array(weights) / sum(weights)
    drawn = np.random.default_rng(seed).choice(len(pairs), _DRAWN_FOR_VARIANTS, p=base)
    varied = variants([pairs[i] for i in drawn], source, target, chance)
    return Mixture(
        pairs=pairs + varied,
        weight=np.concatenate(
            [base * (1 - _VARIANTS), np.full(len(varied), _VARIANTS / len(varied))]
        ),
        group=names + ["variants"] * len(varied),
    )


def without_bad_alignments(
    weight: NDArray[np.float64], group: Sequence[str], scores: NDArray[np.float32]
) -> NDArray[np.float64]:
    """`weight`, zero where the score is too low for the group."""
    least = np.array([_LEAST_SCORE.get(name, -np.inf) for name in group])
    return np.where(scores < least, 0.0, weight)


def _clause(group: str, pair: Pair) -> float:
    whole = pair.source[:1].isupper() and pair.source.endswith((".", ";", ":"))
    return _CLAUSE if group == "laws" and not whole else 1.0
