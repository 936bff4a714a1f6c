"""What changed from the period before, and whether chance alone would do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from reports.report import Change, Figures, Report
from reports.summary import NOTHING, Interval, Verdict, difference
from reports.verdicts import contrast, judge
from survey.ratings import WordingKind


def period_before(first: date, last: date) -> tuple[date, date]:
    """The days to compare with: whole months have as many whole months before them.

    Any other period has the one that is as long and ends the day before.
    """
    end = first - timedelta(days=1)
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        before = first.year * 12 + first.month - 1 - months
        if before >= 12:
            return date(before // 12, before % 12 + 1, 1), end
    length = last - first
    return max(end, date.min + length) - length, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What is compared of the period before; `figures` is None when they are hidden.

    `questions` are the versions covered, by language.
    """

    first: date
    last: date
    figures: Figures | None
    views: int
    response_rate: float | None
    questions: Mapping[str, str]


def asked_otherwise(now: Report, earlier: Earlier) -> bool:
    """Whether readers of any language were asked another question than in the period before."""
    return any(
        earlier.questions.get(w.language, w.sha256) != w.sha256
        for w in now.wording
        if w.covered and w.kind is WordingKind.QUESTION
    )


def change_between(now: Report, earlier: Earlier, minimum: int) -> Change | None:
    """A period minus the one before it; None where one is hidden or the earlier one is empty."""
    if now.figures is None or earlier.figures is None or not earlier.figures.counts.total:
        return None
    a, b = now.figures.counts, earlier.figures.counts
    smaller = min(a.total, b.total)
    dissatisfied = difference(a.dissatisfied, a.total, b.dissatisfied, b.total)
    rate = NOTHING
    if now.views and now.response_rate is not None and earlier.response_rate is not None:
        rate = difference(a.total, now.views, b.total, earlier.views)
    return Change(
        first=earlier.first,
        last=earlier.last,
        figures=earlier.figures,
        views=earlier.views,
        response_rate=earlier.response_rate,
        contrast=contrast(a, b, minimum=minimum),
        dissatisfied=dissatisfied,
        dissatisfied_verdict=judge(dissatisfied, smaller=smaller, minimum=minimum),
        rate=rate,
        rate_verdict=_judge_rate(rate, smaller, minimum),
    )


def _judge_rate(gap: Interval, smaller: int, minimum: int) -> Verdict:
    """By chance alone: of a rate of a few per cent, five points would be most of it."""
    if gap.low is None or gap.high is None or smaller < minimum:
        return Verdict.TOO_FEW
    return Verdict.CLEAR if gap.low > 0 or gap.high < 0 else Verdict.NOT_CLEAR
