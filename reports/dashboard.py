"""The overview's lines: what changed from the period before, in words, from the report itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from reports import estimates
from reports.periods import Cadence
from reports.report import Report
from reports.summary import Interval, Verdict
from reports.texts import Texts

WEEKS, MONTHS = 13, 24
MOST_TEXTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure now and before; `between` and `verdict` are empty for a count, which is exact."""

    label: str
    now: str
    before: str
    difference: str
    between: str = ""
    verdict: str = ""


def lines(report: Report, texts: Texts) -> list[Line]:
    """Answers, views, response rate and both shares; none when the total is hidden."""
    if report.figures is None:
        return []
    change = report.change
    figures, rate = report.figures, report.response_rate
    before = change.figures if change else None
    count = texts.count
    answers = before.counts.total if before else None
    views = change.views if change else None
    found = [
        Line(
            label=texts(key),
            now=count(now),
            before="–" if then is None else count(then),
            difference="–" if then is None else texts.signed_count(now - then),
        )
        for key, now, then in [
            ("answers", figures.counts.total, answers),
            ("views", report.views or 0, views),
        ]
    ]
    found.append(
        _line(
            texts("response_rate"),
            texts("unknown") if rate is None else texts.percent(rate, 1),
            texts.percent(change.response_rate, 1) if change else "–",
            (change.rate, change.rate_verdict) if change else None,
            texts,
        )
    )
    for key, now, then, gap in [
        (
            "satisfied",
            figures.satisfied,
            before.satisfied if before else None,
            (change.contrast.difference, change.contrast.verdict) if change else None,
        ),
        (
            "dissatisfied",
            figures.dissatisfied,
            before.dissatisfied if before else None,
            (change.dissatisfied, change.dissatisfied_verdict) if change else None,
        ),
    ]:
        found.append(_line(texts(key), _share(now, texts), _share(then, texts), gap, texts))
    return found


def _line(
    label: str, now: str, before: str, gap: tuple[Interval, Verdict] | None, texts: Texts
) -> Line:
    if gap is None or gap[0].value is None:
        return Line(label=label, now=now, before=before, difference="–")
    interval, verdict = gap
    written = estimates.points(interval, texts)
    return Line(
        label=label,
        now=now,
        before=before,
        difference=written.value,
        between=written.between,
        verdict=texts(f"verdict_{verdict}"),
    )


def _share(share: Interval | None, texts: Texts) -> str:
    if share is None or share.value is None:
        return "–"
    written = estimates.share(share, texts)
    return texts("with_range", value=written.value, interval=written.between)


def trend_start(cadence: Cadence, last: date, first_answer: date) -> date:
    """Where the small picture begins: a quarter of weeks or two years of months back.

    Not before the first answer of all.
    """
    if cadence is Cadence.WEEKLY:
        start = last - timedelta(days=7 * WEEKS - 1)
    else:
        months = last.year * 12 + last.month - MONTHS
        start = date(months // 12, months % 12 + 1, 1)
    return max(start, min(first_answer, last))
