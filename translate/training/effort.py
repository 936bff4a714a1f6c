"""What the training of a starter package is given, and the plan that follows from it."""

from dataclasses import dataclass, replace

from .plan import Plan, Rates, Shape
from .start import Start

SEED = 11
_SHORT_TOKENS, _GUIDED_TOKENS = 3_500_000, 7_000_000
_SHORT_STEPS, _GUIDED_STEPS = 300, 800
"""Least lengths of the first parts of a training, however large its batches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What one training is given: its model's width, its minutes, padded tokens a batch; `rate`
    multiplies the peak learning rates.
    """

    width: int
    minutes: float
    cool_down: float
    dropout: float
    batch_tokens: int
    rate: float

    def plan(self, vocabulary: int) -> Plan:
        """The plan for a vocabulary of so many pieces."""
        usual = Rates()
        return Plan(
            shape=Shape(vocabulary=vocabulary, width=self.width),
            rates=Rates(adam=self.rate * usual.adam, muon=self.rate * usual.muon),
            batch_tokens=self.batch_tokens,
            minutes=self.minutes,
            cool_down=self.cool_down,
            dropout=self.dropout,
            short_first=max(_SHORT_STEPS, _SHORT_TOKENS // self.batch_tokens),
            guided=max(_GUIDED_STEPS, _GUIDED_TOKENS // self.batch_tokens),
            seed=SEED,
            patience=1_000,  # the minutes decide
        )

    def going_on(self, start: Start) -> Plan:
        """The plan for a package that is given some further writing: no first lessons."""
        return replace(
            self.plan(start.shape.vocabulary),
            shape=start.shape,
            warm_up=20,
            short_first=0,
            guided=0,
            validate_every=100,
            averaging=0.98,
        )

    def turned_round(self, start: Start) -> Plan:
        """The plan for weights of the reverse direction: they know the words of both languages, and
        have to learn which of them is asked for.
        """
        return replace(
            self.plan(start.shape.vocabulary),
            shape=start.shape,
            warm_up=100,
            short_first=100,
            guided=600,
            validate_every=200,
            averaging=0.995,
        )
