"""How a model searches, what it may use, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How a model searches. Part of what decides a translation, so part of the memory's key."""

    beam_size: int = 4
    no_repeat_ngram: int = 0
    repetition_penalty: float = 1.0
    length_penalty: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What the engine may use. Threads: `workers` batches at a time, each on one core.

    `batch_tokens` is the most source tokens in one batch (measured: below 192 the work grows, from
    384 up padding does and the workers end less evenly), `memory` the bytes
    of models kept loaded, `waiting` how many requests may be in work or queue before the next is
    refused.
    """

    workers: int = 0
    batch_tokens: int = 256
    memory: int = 1024**3
    waiting: int = 8


@dataclass(frozen=True, slots=True)
class Output:
    """One translated sentence.

    `attention` has a row for each target token with the weight of each source token, and comes
    with both sides' tokens; None when it was not asked for.
    """

    text: str
    source_tokens: tuple[str, ...] = ()
    target_tokens: tuple[str, ...] = ()
    attention: tuple[tuple[float, ...], ...] | None = None
