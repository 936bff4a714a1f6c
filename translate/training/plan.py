"""How a training is to go, and what it reports: plain values, no behaviour of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of a model; `width` is a multiple of 64."""

    vocabulary: int
    width: int = 256
    encoder: int = 6
    decoder: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Peak learning rates."""

    adam: float = 1e-3
    muon: float = 2e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train. Lengths in steps since the very start, sizes in padded tokens; `minutes` is for
    one run.
    """

    shape: Shape
    rates: Rates = field(default_factory=Rates)
    batch_tokens: int = 3_500
    dropout: float = 0.0
    smoothing: float = 0.1
    warm_up: int = 400
    short_first: int = 1_000
    guided: int = 2_000
    steps: int | None = None
    minutes: float | None = None
    cool_down: float = 0.3
    """Share of the budget, at its end, over which the rates fall to almost nothing."""
    validate_every: int = 500
    save_every_minutes: float = 4.0
    patience: int = 8
    """Validations without improvement after which training stops early."""
    seed: int = 1
    averaging: float = 0.998
    """Decay of the running average of the weights; the average is what is validated and packed."""

    def spent(self, steps: int, minutes: float) -> float:
        """Share of the budget that is used up, by whichever limit is nearer."""
        by_steps = 0.0 if self.steps is None else steps / max(self.steps, 1)
        by_time = 0.0 if self.minutes is None else minutes / self.minutes
        return max(by_steps, by_time)

    def scale(self, step: int, spent: float) -> float:
        """Share of the peak rates at `step` when the share `spent` of the budget is used up."""
        warm = min(1.0, (step + 1) / max(self.warm_up, 1))
        cool = min(1.0, (1 - spent) / self.cool_down) if self.cool_down else 1.0
        return warm * max(cool, 0.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One report. Losses are nats a target token; `validation` is empty between validations."""

    step: int
    tokens: int
    loss: float
    tokens_per_second: float
    minutes: float
    validation: Mapping[str, float]
