"""Statistics of a 1-5 question from counts alone: shares, mean, differences, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, sqrt
from statistics import NormalDist

LEVELS = (1, 2, 3, 4, 5)
CONFIDENCE = 0.95
Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with its 95 % interval; None where there is nothing to estimate from."""

    value: float | None
    low: float | None
    high: float | None

    def bounds(self) -> tuple[float, float, float]:
        """Value, low and high.

        :raise ValueError: when there is no estimate.
        """
        if self.value is None or self.low is None or self.high is None:
            raise ValueError("there is no estimate: nobody answered")
        return self.value, self.low, self.high


NOTHING = Interval(value=None, low=None, high=None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answers there are at each level, from 1 to 5."""

    levels: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    def __post_init__(self) -> None:
        """:raise ValueError: when a count is negative or there are not five of them."""
        if len(self.levels) != len(LEVELS) or min(self.levels) < 0:
            raise ValueError(f"a distribution is five counts from 0 up, not {self.levels}")

    @classmethod
    def of(cls, by_level: dict[int, int]) -> Counts:
        """The distribution of a mapping from level to count; absent levels are 0."""
        one, two, three, four, five = (by_level.get(level, 0) for level in LEVELS)
        return cls((one, two, three, four, five))

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        a, b, c, d, e = (x + y for x, y in zip(self.levels, other.levels, strict=True))
        return Counts((a, b, c, d, e))

    @property
    def total(self) -> int:
        """All answers."""
        return sum(self.levels)

    @property
    def satisfied(self) -> int:
        """Answers of 4 and 5."""
        return self.levels[3] + self.levels[4]

    @property
    def dissatisfied(self) -> int:
        """Answers of 1 and 2."""
        return self.levels[0] + self.levels[1]


def wilson(count: float, total: float, z: float = Z) -> Interval:
    """A share with its score interval.

    Source: Wilson 1927, JASA 22:209-212; recommended for small n by Brown, Cai and DasGupta
    2001, Statistical Science 16:101-133.
    """
    if total <= 0:
        return NOTHING
    p = count / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    # At 0 and 1 the limit is exact; rounding must not push it past the estimate.
    low = 0.0 if count == 0 else max(0.0, min(p, middle - half))
    high = 1.0 if count == total else min(1.0, max(p, middle + half))
    return Interval(value=p, low=low, high=high)


def mean(counts: Counts) -> Interval:
    """The mean level with a score interval that stays within 1 and 5.

    The scale is moved to 0..1 and Wilson's interval is taken with the effective number of answers
    n p (1-p) / s², as Korn and Graubard 1998 (Survey Methodology 24:193-201) do for shares under
    a design effect; the idea of a score interval for a rating's mean is Penfield's (2003,
    Psychological Methods 8:149-163). The ratio s² / p (1-p) is estimated with half an answer
    added to each level, so that answers that all agree do not give an interval of no width.
    """
    n = counts.total
    if n == 0:
        return NOTHING
    p = _unit_mean(counts.levels)
    smoothed = [c + 0.5 for c in counts.levels]
    q = _unit_mean(smoothed)
    spread = sum(c * (_unit(level) - q) ** 2 for level, c in zip(LEVELS, smoothed, strict=True))
    ratio = spread / sum(smoothed) / (q * (1 - q))
    _, low, high = wilson(p * n / ratio, n / ratio).bounds()
    return Interval(value=1 + 4 * p, low=1 + 4 * low, high=1 + 4 * high)


def difference(count_a: float, total_a: float, count_b: float, total_b: float) -> Interval:
    """Share of `a` minus share of `b`, with the hybrid score interval.

    Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10.
    """
    if total_a <= 0 or total_b <= 0:
        return NOTHING
    a, a_low, a_high = wilson(count_a, total_a).bounds()
    b, b_low, b_high = wilson(count_b, total_b).bounds()
    d = a - b
    low = d - sqrt((a - a_low) ** 2 + (b_high - b) ** 2)
    high = d + sqrt((a_high - a) ** 2 + (b - b_low) ** 2)
    return Interval(value=d, low=max(-1.0, low), high=min(1.0, high))


def difference_p(count_a: int, total_a: int, count_b: int, total_b: int) -> float:
    """Two-sided p of equal shares: Pearson's chi-square of the 2x2 table, no correction.

    1.0 where a group is empty or nobody differs. Source: Pearson 1900; the same as the pooled
    two-proportion z test.
    """
    total = total_a + total_b
    pooled = (count_a + count_b) / total if total else 0.0
    if not total_a or not total_b or pooled in (0.0, 1.0):
        return 1.0
    gap = count_a / total_a - count_b / total_b
    return chi_square_1_p(gap * gap / (pooled * (1 - pooled) * (1 / total_a + 1 / total_b)))


def superiority(a: Counts, b: Counts) -> Interval:
    """P(A > B) + P(A = B) / 2 for one answer drawn from each group, with its interval.

    0.5 means no difference. The estimate is Mann and Whitney's U / (n m); the interval solves
    |t - estimate| = z sqrt(V(t)) with V of Newcombe 2006, Statistics in Medicine 25:559-573,
    method 5: made for answers without ties, so on five levels it is rather too wide.
    """
    m, n = a.total, b.total
    if not m or not n:
        return NOTHING
    estimate = _mann_whitney_u(a, b) / (m * n)
    star = (m + n) / 2 - 1

    def beyond(t: float) -> bool:
        v = t * (1 - t) * (1 + star * ((1 - t) / (2 - t) + t / (1 + t))) / (m * n)
        return abs(t - estimate) > Z * sqrt(v)

    low = 0.0 if estimate == 0 else _boundary(0.0, estimate, beyond)
    high = 1.0 if estimate == 1 else _boundary(1.0, estimate, beyond)
    return Interval(value=estimate, low=low, high=high)


def mann_whitney_p(a: Counts, b: Counts) -> float:
    """Two-sided p that neither group tends to higher levels; 1.0 where nothing can differ.

    Normal approximation with correction for ties, none for continuity. Source: Mann and Whitney
    1947, Annals of Mathematical Statistics 18:50-60; ties as in Lehmann 1975, Nonparametrics.
    """
    m, n = a.total, b.total
    if not m or not n:
        return 1.0
    total = m + n
    ties = sum(t**3 - t for t in (a + b).levels)
    variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    return erfc(abs(_mann_whitney_u(a, b) - m * n / 2) / sqrt(2 * variance))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The p values adjusted for there being many, in the order given.

    Below 0.05, at most 5 % of the differences called clear are expected to be noise. Source:
    Benjamini and Hochberg 1995, JRSS B 57:289-300.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    adjusted = [1.0] * len(p_values)
    least = 1.0
    for place, index in enumerate(order):
        least = min(least, p_values[index] * len(p_values) / (len(p_values) - place))
        adjusted[index] = least
    return adjusted


def shrunken_share(count: int, total: int, overall: float, weight: float = 20.0) -> float:
    """A small group's share drawn towards the overall one, so that luck does not lead a ranking.

    The mean of a beta-binomial posterior whose prior counts as `weight` answers at the overall
    share. Source: Efron and Morris 1975, JASA 70:311-319, for the principle.
    """
    return (count + weight * overall) / (total + weight)


class Verdict(StrEnum):
    """What may be said about a difference."""

    CLEAR = "clear_difference"
    NOT_CLEAR = "no_clear_difference"
    TOO_FEW = "too_few_answers"


def control_limits(overall: float, total: int) -> tuple[float, float]:
    """Within which the share of `total` answers moves by chance alone: three standard errors.

    Source: Shewhart's p chart; Montgomery, Introduction to Statistical Quality Control, chapter 7.
    """
    half = 3 * sqrt(overall * (1 - overall) / total) if total else 1.0
    return max(0.0, overall - half), min(1.0, overall + half)


def _unit(level: int) -> float:
    return (level - 1) / 4


def _unit_mean(weights: Sequence[float]) -> float:
    return sum(_unit(level) * w for level, w in zip(LEVELS, weights, strict=True)) / sum(weights)


def _mann_whitney_u(a: Counts, b: Counts) -> float:
    """Pairs in which A is above B, and half of those in which they are equal."""
    below, u = 0, 0.0
    for x, y in zip(a.levels, b.levels, strict=True):
        u += x * (below + y / 2)
        below += y
    return u


def _boundary(outer: float, inner: float, beyond: Callable[[float], bool]) -> float:
    """Where `beyond` turns from true (towards outer) to false (towards inner), by bisection."""
    for _ in range(60):
        middle = (outer + inner) / 2
        if beyond(middle):
            outer = middle
        else:
            inner = middle
    return inner


def chi_square_1_p(statistic: float) -> float:
    """Upper tail of the chi-square distribution with one degree of freedom."""
    return erfc(sqrt(statistic / 2))
