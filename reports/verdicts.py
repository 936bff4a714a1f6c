"""Whether a difference is clear, not clear or not to be told yet, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reports.summary import (
    Counts,
    Interval,
    Verdict,
    benjamini_hochberg,
    difference,
    difference_p,
    superiority,
)

# A difference of fewer percentage points than this is not called clear, however many answered.
PRACTICAL = 0.05
# An interval that reaches further than this to either side says too little to speak of "no
# clear difference".
PRECISION = 0.10
SIGNIFICANCE = 0.05
MOST_NEEDED = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Group `a` against group `b`: differences of the satisfied share are a minus b.

    The numbers of answers and the p values are None where they may not be shown.
    """

    answers_a: int | None
    answers_b: int | None
    difference: Interval
    superiority: Interval
    p: float | None
    adjusted_p: float | None
    verdict: Verdict
    needed: int


def contrast(a: Counts, b: Counts, *, minimum: int) -> Contrast:
    """Compare two groups of which each should have at least `minimum` answers."""
    gap = difference(a.satisfied, a.total, b.satisfied, b.total)
    p = difference_p(a.satisfied, a.total, b.satisfied, b.total)
    verdict = judge(gap, smaller=min(a.total, b.total), minimum=minimum)
    return Contrast(
        answers_a=a.total,
        answers_b=b.total,
        difference=gap,
        superiority=superiority(a, b),
        p=p,
        adjusted_p=p,
        verdict=verdict,
        needed=answers_needed(a, b) if verdict is Verdict.TOO_FEW else 0,
    )


def judge(gap: Interval, *, smaller: int, minimum: int) -> Verdict:
    """What may be said of a difference whose smaller group has `smaller` answers.

    Clear: both groups have `minimum` answers, the interval leaves out zero and the difference is
    at least `PRACTICAL`. Not clear: the interval reaches at most `PRECISION` to either side.
    """
    if gap.value is None or gap.low is None or gap.high is None or smaller < minimum:
        return Verdict.TOO_FEW
    apart = gap.low > 0 or gap.high < 0
    if apart and abs(gap.value) >= PRACTICAL:
        return Verdict.CLEAR
    if apart or (gap.high - gap.low) / 2 <= PRECISION:
        return Verdict.NOT_CLEAR
    return Verdict.TOO_FEW


def together(contrasts: list[Contrast]) -> list[Contrast]:
    """The same comparisons, judged as the several that they are (Benjamini-Hochberg).

    One that is clear alone but not among the others is no longer called clear.
    """
    adjusted = benjamini_hochberg([1.0 if c.p is None else c.p for c in contrasts])
    return [
        replace(
            c,
            adjusted_p=p,
            verdict=Verdict.NOT_CLEAR
            if c.verdict is Verdict.CLEAR and p > SIGNIFICANCE
            else c.verdict,
        )
        for c, p in zip(contrasts, adjusted, strict=True)
    ]


def answers_needed(a: Counts, b: Counts) -> int:
    """How many more answers until the interval reaches `PRECISION` to either side.

    Both groups are filled up to one same size, at the shares seen so far (0.5 where nobody
    answered); a group that is larger already stays as it is.
    """

    def half_width(size: int) -> float:
        m, n = max(a.total, size, 1), max(b.total, size, 1)
        _, least, most = difference(_share(a) * m, m, _share(b) * n, n).bounds()
        return (most - least) / 2

    low, high = 0, MOST_NEEDED
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(middle) <= PRECISION else (middle, high)
    return max(0, high - a.total) + max(0, high - b.total)


def _share(counts: Counts) -> float:
    return counts.satisfied / counts.total if counts.total else 0.5
