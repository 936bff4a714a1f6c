"""Estimates and their intervals as they are written: with the digits that keep the limits apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.summary import Interval
from reports.texts import Texts

# So many more digits tell limits apart at 10^8 answers, but for shares of next to nothing or all.
MOST_MORE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Written:
    """An estimate and its limits in a language's numbers; dashes where there is none."""

    value: str
    low: str
    high: str
    texts: Texts

    @property
    def between(self) -> str:
        """The two limits as words."""
        return self.texts("to", low=self.low, high=self.high)

    def values(self, name: str = "value") -> dict[str, str]:
        """What a sentence with an estimate and its limits asks for; `name` is the estimate's."""
        return {name: self.value, "low": self.low, "high": self.high}


def share(interval: Interval, texts: Texts) -> Written:
    """A share, in whole percent unless its limits would be the same."""
    return _written(interval, texts, 0.01, 0, texts.percent)


def points(interval: Interval, texts: Texts) -> Written:
    """A difference of shares in percentage points, with a decimal and its sign."""
    return _written(interval, texts, 0.001, 1, texts.points)


def size(interval: Interval, texts: Texts) -> Written:
    """The same difference where words say which way it goes: the estimate has no sign."""
    signed = points(interval, texts)
    value = None if interval.value is None else abs(interval.value)
    digits = _digits(interval, 0.001, 1)
    plain = texts.points(value, digits, signed=False)
    return Written(plain, signed.low, signed.high, texts)


def mean(interval: Interval, texts: Texts) -> Written:
    """The mean of the levels, with two decimals."""
    return _written(interval, texts, 0.01, 2, texts.decimal)


def _written(
    interval: Interval,
    texts: Texts,
    unit: float,
    digits: int,
    write: Callable[[float | None, int], str],
) -> Written:
    digits = _digits(interval, unit, digits)
    value, low, high = (write(n, digits) for n in (interval.value, interval.low, interval.high))
    return Written(value, low, high, texts)


def _digits(interval: Interval, unit: float, usual: int) -> int:
    """How many decimals to write; `unit` is the size of the last one that is written as a rule."""
    if interval.low is None or interval.high is None:
        return usual
    width = interval.high - interval.low
    return usual + sum(width < unit * 0.1**more for more in range(MOST_MORE_DIGITS))
