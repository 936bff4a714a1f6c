"""Two groups compared within strata, such as languages or articles, and pooled over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, isclose, log, sqrt

from reports.summary import NOTHING, Counts, Interval, Z, chi_square_1_p, difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One 2x2 table: how many of each group are satisfied, among those who are alike otherwise."""

    satisfied_a: int
    total_a: int
    satisfied_b: int
    total_b: int

    @classmethod
    def of(cls, a: Counts, b: Counts) -> Stratum:
        """The table of two distributions."""
        return cls(
            satisfied_a=a.satisfied, total_a=a.total, satisfied_b=b.satisfied, total_b=b.total
        )

    @property
    def informative(self) -> bool:
        """Whether both groups are there, so that the stratum compares anything."""
        return self.total_a > 0 and self.total_b > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratified:
    """Two groups compared within strata and pooled over them; `p` is None where it is not shown."""

    strata: int
    difference: Interval
    odds_ratio: Interval
    p: float | None


def stratified(tables: Iterable[Stratum]) -> Stratified:
    """Share of `a` minus share of `b` within strata: Cochran-Mantel-Haenszel.

    `p` is of the CMH statistic without continuity correction (Cochran 1954, Biometrics
    10:417-451; Mantel and Haenszel 1959, JNCI 22:719-748). The pooled odds ratio has the interval
    of Robins, Breslow and Greenland 1986, Biometrics 42:311-323; the pooled difference has the
    variance of Sato, Greenland and Robins 1989, Biometrics 45:1323-1324.
    """
    used = [t for t in tables if t.informative]
    if not used:
        return Stratified(strata=0, difference=NOTHING, odds_ratio=NOTHING, p=1.0)
    return Stratified(
        strata=len(used),
        difference=_pooled_difference(used),
        odds_ratio=_pooled_odds_ratio(used),
        p=_cmh_p(used),
    )


def _cmh_p(tables: Sequence[Stratum]) -> float:
    surplus = variance = 0.0
    for t in tables:
        n = t.total_a + t.total_b
        yes = t.satisfied_a + t.satisfied_b
        surplus += t.satisfied_a - t.total_a * yes / n
        if n > 1:
            variance += t.total_a * t.total_b * yes * (n - yes) / (n * n * (n - 1))
    return chi_square_1_p(surplus * surplus / variance) if variance else 1.0


def _pooled_odds_ratio(tables: Sequence[Stratum]) -> Interval:
    r_sum = s_sum = pr = mixed = qs = 0.0
    for t in tables:
        n = t.total_a + t.total_b
        a, b = t.satisfied_a, t.total_a - t.satisfied_a
        c, d = t.satisfied_b, t.total_b - t.satisfied_b
        r, s, p, q = a * d / n, b * c / n, (a + d) / n, (b + c) / n
        r_sum, s_sum = r_sum + r, s_sum + s
        pr, mixed, qs = pr + p * r, mixed + p * s + q * r, qs + q * s
    if not r_sum or not s_sum:
        return NOTHING
    variance = pr / (2 * r_sum**2) + mixed / (2 * r_sum * s_sum) + qs / (2 * s_sum**2)
    middle, half = log(r_sum / s_sum), Z * sqrt(variance)
    return Interval(value=exp(middle), low=exp(middle - half), high=exp(middle + half))


def _pooled_difference(tables: Sequence[Stratum]) -> Interval:
    gap = weight = ps = qs = 0.0
    for t in tables:
        a, m, b, n = t.satisfied_a, t.total_a, t.satisfied_b, t.total_b
        both = m + n
        gap += (a * n - b * m) / both
        weight += m * n / both
        ps += (m * m * b - n * n * a + m * n * (n - m) / 2) / (both * both)
        qs += (a * (n - b) + b * (m - a)) / (2 * both)
    d = gap / weight
    variance = max(0.0, (d * ps + qs) / (weight * weight))
    if isclose(variance, 0.0, abs_tol=1e-15):
        # Nobody, or everybody, is satisfied: Newcombe's interval on the sums has a width.
        return difference(
            sum(t.satisfied_a for t in tables),
            sum(t.total_a for t in tables),
            sum(t.satisfied_b for t in tables),
            sum(t.total_b for t in tables),
        )
    half = Z * sqrt(variance)
    return Interval(value=d, low=max(-1.0, d - half), high=min(1.0, d + half))
