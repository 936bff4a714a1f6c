"""Every statistic agrees with scipy or statsmodels, with published examples, and at the edges."""

from __future__ import annotations

from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from reports.strata import Stratum, stratified
from reports.summary import (
    NOTHING,
    Counts,
    Verdict,
    benjamini_hochberg,
    control_limits,
    difference,
    difference_p,
    mann_whitney_p,
    mean,
    shrunken_share,
    superiority,
    wilson,
)
from reports.verdicts import PRECISION, answers_needed, contrast, judge, together

few = st.integers(0, 40)
counts = st.builds(lambda *n: Counts(n), few, few, few, few, few)
answered = counts.filter(lambda c: c.total > 0)
strata = st.lists(
    st.tuples(answered, answered).map(lambda pair: Stratum.of(*pair)), min_size=1, max_size=6
)

# Agresti, Categorical Data Analysis (2nd edition), table 6.9: a cream against control in 8 clinics.
CLINICS = [
    (11, 36, 10, 37),
    (16, 20, 22, 32),
    (14, 19, 7, 19),
    (2, 16, 1, 17),
    (6, 17, 0, 12),
    (1, 11, 0, 10),
    (1, 5, 1, 9),
    (4, 6, 6, 7),
]


def rows(c: Counts) -> list[int]:
    """The answers themselves, one by one."""
    return [level for level, n in enumerate(c.levels, 1) for _ in range(n)]


def clinics() -> list[Stratum]:
    return [Stratum(satisfied_a=a, total_a=m, satisfied_b=b, total_b=n) for a, m, b, n in CLINICS]


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_is_that_of_statsmodels(count: int, total: int) -> None:
    """Any count of any total, the ends included."""
    count = min(count, total)
    low, high = proportion_confint(count, total, method="wilson")
    found = wilson(count, total)
    assert found.value == count / total
    assert found.low == pytest.approx(low, abs=1e-12)
    assert found.high == pytest.approx(high, abs=1e-12)


def test_wilson_gives_the_published_limits() -> None:
    """Newcombe 1998, Statistics in Medicine 17:857, table I, method 3: 81 of 263 and 0 of 20."""
    assert wilson(81, 263).low == pytest.approx(0.2553, abs=5e-5)
    assert wilson(81, 263).high == pytest.approx(0.3662, abs=5e-5)
    assert wilson(0, 20).low == 0
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=5e-5)


def test_nothing_is_said_of_no_answers() -> None:
    """No answers give no number at all: neither zero nor NaN."""
    none = Counts()
    some = Counts((1, 0, 0, 0, 2))
    assert wilson(0, 0) == mean(none) == NOTHING
    assert difference(0, 0, 1, 3) == difference(1, 3, 0, 0) == NOTHING
    assert superiority(none, some) == superiority(some, none) == NOTHING
    assert difference_p(0, 0, 1, 3) == mann_whitney_p(none, some) == 1.0
    assert stratified([]).difference == NOTHING
    assert stratified([Stratum.of(none, some)]).strata == 0
    assert contrast(none, some, minimum=10).verdict is Verdict.TOO_FEW
    with pytest.raises(ValueError, match="nobody answered"):
        NOTHING.bounds()


def test_a_distribution_is_five_counts_from_zero_up() -> None:
    """A negative count or a sixth level is a mistake of the caller."""
    with pytest.raises(ValueError, match="five counts"):
        Counts((1, 2, 3, 4, -1))
    with pytest.raises(ValueError, match="five counts"):
        Counts((1, 2, 3, 4, 5, 6))  # type: ignore[arg-type] # the mistake that is meant


@given(answered)
def test_the_mean_lies_in_an_interval_within_the_scale(c: Counts) -> None:
    """The value is the arithmetic mean, and the interval has a width and stays within 1 to 5."""
    value, low, high = mean(c).bounds()
    assert value == pytest.approx(np.mean(rows(c)))
    assert 1 <= low <= value + 1e-12
    assert value - 1e-12 <= high <= 5
    assert high - low > 0


def test_the_mean_of_many_answers_has_the_textbook_interval() -> None:
    """At 10,000 answers, mean plus and minus z s / sqrt(n), to three decimals."""
    c = Counts((900, 600, 1500, 4000, 3000))
    value, low, high = mean(c).bounds()
    half = 1.959964 * np.std(rows(c), ddof=1) / 100
    assert (low, high) == pytest.approx((value - half, value + half), abs=1e-3)


@pytest.mark.parametrize(
    "shape",
    [
        (0.05, 0.05, 0.1, 0.3, 0.5),
        (0.45, 0.05, 0.0, 0.05, 0.45),
        (0.0, 0.0, 0.02, 0.08, 0.9),
        (0.2, 0.2, 0.2, 0.2, 0.2),
    ],
)
@pytest.mark.parametrize("n", [10, 30, 200])
def test_the_interval_of_the_mean_covers_the_truth(shape: tuple[float, ...], n: int) -> None:
    """In 2,000 simulated surveys at least 92.5 % of the intervals hold the true mean."""
    truth = float(np.dot(shape, (1, 2, 3, 4, 5)))
    draws = np.random.default_rng(7).multinomial(n, shape, size=2_000)
    covered = 0
    for draw in draws:
        _, low, high = mean(Counts(tuple(int(x) for x in draw))).bounds()
        covered += low <= truth <= high
    assert covered / len(draws) >= 0.925


@given(few, few, few, few)
def test_newcombe_is_that_of_statsmodels(a: int, m: int, b: int, n: int) -> None:
    """Difference of two shares, zero cells included."""
    m, n = max(a, m, 1), max(b, n, 1)
    low, high = confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff")
    value, found_low, found_high = difference(a, m, b, n).bounds()
    assert value == pytest.approx(a / m - b / n)
    assert (found_low, found_high) == pytest.approx((low, high), abs=1e-9)


def test_newcombe_gives_the_published_limits() -> None:
    """Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: 56/70 and 48/80."""
    value, low, high = difference(56, 70, 48, 80).bounds()
    assert value == pytest.approx(0.2)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    value, low, high = difference(9, 10, 3, 10).bounds()
    assert (low, high) == pytest.approx((0.1705, 0.8090), abs=5e-5)


@given(few, few, few, few)
def test_the_p_of_a_difference_is_that_of_scipy(a: int, m: int, b: int, n: int) -> None:
    """Pearson's chi-square without correction."""
    m, n = max(a, m, 1), max(b, n, 1)
    found = difference_p(a, m, b, n)
    if a + b in (0, m + n):
        assert found == 1.0
    else:
        expected = stats.chi2_contingency([[a, m - a], [b, n - b]], correction=False).pvalue
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(answered, answered)
def test_superiority_and_its_p_are_those_of_scipy(a: Counts, b: Counts) -> None:
    """Mann-Whitney on the counts is Mann-Whitney on the answers, ties and all."""
    expected = stats.mannwhitneyu(rows(a), rows(b), method="asymptotic", use_continuity=False)
    value, low, high = superiority(a, b).bounds()
    assert value == pytest.approx(expected.statistic / (a.total * b.total))
    assert 0 <= low <= value <= high <= 1
    one_level_only = len(set(rows(a)) | set(rows(b))) == 1
    assert mann_whitney_p(a, b) == pytest.approx(1.0 if one_level_only else expected.pvalue)


@given(answered, answered)
def test_superiority_turned_round_is_its_complement(a: Counts, b: Counts) -> None:
    """P(A > B) and P(B > A), halves of the ties in each, make one; so do the limits."""
    value, low, high = superiority(a, b).bounds()
    back, back_low, back_high = superiority(b, a).bounds()
    assert (back, back_low, back_high) == pytest.approx((1 - value, 1 - high, 1 - low), abs=1e-9)


def test_the_interval_of_superiority_covers_the_truth() -> None:
    """In 1,000 simulated pairs of groups at least 94 % of the intervals hold the true value."""
    shape_a, shape_b = (0.1, 0.1, 0.2, 0.3, 0.3), (0.2, 0.2, 0.2, 0.2, 0.2)
    truth = sum(x * (sum(shape_b[:i]) + shape_b[i] / 2) for i, x in enumerate(shape_a))
    random = np.random.default_rng(11)
    covered = 0
    for a, b in zip(
        random.multinomial(25, shape_a, 1_000), random.multinomial(40, shape_b, 1_000), strict=True
    ):
        _, low, high = superiority(Counts(tuple(map(int, a))), Counts(tuple(map(int, b)))).bounds()
        covered += low <= truth <= high
    assert covered >= 940


def test_cmh_gives_the_published_result() -> None:
    """Agresti, Categorical Data Analysis, section 6.3: CMH 6.38, p 0.012, odds ratio 2.1."""
    found = stratified(clinics())
    assert found.strata == 8
    assert stats.chi2.isf(found.p, 1) == pytest.approx(6.384, abs=5e-4)
    odds, low, high = found.odds_ratio.bounds()
    assert odds == pytest.approx(2.1345, abs=5e-4)
    assert (low, high) == pytest.approx((1.1776, 3.8692), abs=5e-4)
    assert found.difference.value == pytest.approx(0.130, abs=5e-4)


@given(strata)
def test_cmh_is_that_of_statsmodels(tables: list[Stratum]) -> None:
    """p, pooled odds ratio and its interval, where statsmodels gives them."""
    arrays = [
        np.array(
            [
                [t.satisfied_a, t.total_a - t.satisfied_a],
                [t.satisfied_b, t.total_b - t.satisfied_b],
            ]
        )
        for t in tables
    ]
    found = stratified(tables)
    with np.errstate(all="ignore"):
        reference = StratifiedTable([a.astype(float) for a in arrays])
        p = reference.test_null_odds(correction=False).pvalue
        odds = reference.oddsratio_pooled
    if np.isfinite(p):
        assert found.p == pytest.approx(p, rel=1e-6, abs=1e-9)
    else:
        assert found.p == 1.0
    if np.isfinite(odds) and odds > 0:
        low, high = reference.oddsratio_pooled_confint()
        assert found.odds_ratio.bounds() == pytest.approx((odds, low, high), rel=1e-6)
    else:
        assert found.odds_ratio == NOTHING
    value, low, high = found.difference.bounds()
    assert -1 <= low <= value + 1e-12
    assert value - 1e-12 <= high <= 1


def test_one_stratum_is_the_plain_difference() -> None:
    """With nothing to adjust for, adjusting changes nothing."""
    table = Stratum(satisfied_a=30, total_a=50, satisfied_b=40, total_b=50)
    assert stratified([table]).difference.value == pytest.approx(-0.2)


def test_strata_undo_a_mixture() -> None:
    """Equal shares in each language, unequal languages: plain differs, stratified does not."""
    tables = [
        Stratum(satisfied_a=90, total_a=100, satisfied_b=9, total_b=10),
        Stratum(satisfied_a=3, total_a=10, satisfied_b=30, total_b=100),
    ]
    plain = difference(93, 110, 39, 110)
    assert plain.low is not None
    assert plain.low > 0.3
    assert stratified(tables).difference.value == pytest.approx(0.0)
    assert stratified(tables).p == pytest.approx(1.0)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_benjamini_hochberg_is_that_of_statsmodels(p_values: list[float]) -> None:
    """Any list of p values, in their order."""
    expected = multipletests(p_values, method="fdr_bh")[1] if p_values else []
    assert benjamini_hochberg(p_values) == pytest.approx(list(expected))


def test_benjamini_hochberg_gives_the_published_result() -> None:
    """Benjamini and Hochberg 1995, section 3.2: four of these fifteen stand at 5 %."""
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    published += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert sum(p <= 0.05 for p in benjamini_hochberg(published)) == 4


def test_a_small_group_is_drawn_to_the_overall_share() -> None:
    """One answer says little, a thousand say nearly all."""
    assert shrunken_share(1, 1, 0.2) < 0.25
    assert shrunken_share(600, 1_000, 0.2) == pytest.approx(0.6, abs=0.01)
    assert shrunken_share(0, 0, 0.2) == pytest.approx(0.2)


def test_control_limits_are_three_standard_errors_within_the_scale() -> None:
    """Montgomery's example: 0.2313 overall, 50 a sample, gives 0.0524 and 0.4102."""
    assert control_limits(0.2313, 50) == pytest.approx((0.0524, 0.4102), abs=2e-4)
    assert control_limits(0.99, 10)[1] == 1.0


@given(counts, counts)
def test_a_verdict_needs_the_minimum_in_both_groups(a: Counts, b: Counts) -> None:
    """Below it, it is always too few, and more than none are needed."""
    found = contrast(a, b, minimum=10)
    if min(a.total, b.total) < 10:
        assert found.verdict is Verdict.TOO_FEW
    if found.verdict is Verdict.TOO_FEW:
        assert found.needed > 0
    if found.verdict is Verdict.CLEAR:
        _, low, high = found.difference.bounds()
        assert low > 0 or high < 0


@given(counts, counts)
def test_the_answers_needed_are_enough_and_no_more(a: Counts, b: Counts) -> None:
    """Filled up at the same shares, the interval reaches the precision; one fewer does not."""
    needed = answers_needed(a, b)
    if not needed:
        return

    def half_width(size: int) -> float:
        m, n = max(a.total, size), max(b.total, size)
        pa = a.satisfied / a.total if a.total else 0.5
        pb = b.satisfied / b.total if b.total else 0.5
        _, low, high = difference(pa * m, m, pb * n, n).bounds()
        return (high - low) / 2

    sizes = range(1, 2_000)
    size = next(s for s in sizes if half_width(s) <= PRECISION)
    assert needed == max(0, size - a.total) + max(0, size - b.total)


def test_verdicts_of_plain_cases() -> None:
    """A large gap is clear, an equal pair of large groups is not, a pair of small ones unknown."""
    good, bad = Counts((5, 5, 10, 80, 100)), Counts((60, 40, 20, 50, 30))
    assert contrast(good, bad, minimum=10).verdict is Verdict.CLEAR
    large = Counts((500, 500, 1_000, 4_000, 4_000))
    assert contrast(large, large, minimum=10).verdict is Verdict.NOT_CLEAR
    small = Counts((2, 2, 2, 3, 3))
    assert contrast(small, small, minimum=10).verdict is Verdict.TOO_FEW


def test_a_small_difference_is_not_called_clear_however_many_answered() -> None:
    """Two points apart with a million answers: beyond chance, and of no practical size."""
    gap = difference(510_000, 1_000_000, 490_000, 1_000_000)
    assert gap.low is not None
    assert gap.low > 0
    assert judge(gap, smaller=1_000_000, minimum=10) is Verdict.NOT_CLEAR


def test_many_comparisons_are_judged_together() -> None:
    """A difference that is clear alone is no longer so among thirty that show nothing."""
    same = contrast(Counts((0, 0, 50, 50, 0)), Counts((0, 0, 50, 50, 0)), minimum=10)
    odd = contrast(Counts((0, 0, 41, 59, 0)), Counts((0, 0, 56, 44, 0)), minimum=10)
    assert odd.verdict is Verdict.CLEAR
    first, *_ = together([odd] + [same] * 29)
    assert first.adjusted_p > 0.05
    assert first.verdict is Verdict.NOT_CLEAR
    assert isclose(together([odd])[0].adjusted_p, odd.p)
