"""How a training is to go, and what it reports: plain values, no behaviour of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from .model import Shape
from .optimiser import Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train. Times in minutes, lengths in steps, sizes in padded tokens."""

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
    anchor: float = 0.0
    """Pull towards the starting weights, a share of the distance each step; for adapting."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where training stopped; `weights` are the flat, averaged ones that validated best."""

    step: int
    tokens: int
    minutes: float
    best_loss: float
    weights: Tensor
    reason: str
