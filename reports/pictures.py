"""What each picture shows: its numbers, its table and its alternative text, from one source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reports import estimates
from reports.labels import breakdowns, scope_lines, short_label, step_label
from reports.report import Report, Row, Unit
from reports.summary import Counts, Interval
from reports.texts import Texts


class Name(StrEnum):
    """The pictures of a report."""

    BARS = "bars"
    DOTS = "dots"
    TREND = "trend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One bar, one dot or one step; without counts it is hidden or empty, and `note` says why."""

    label: str
    counts: Counts | None
    satisfied: Interval | None
    note: str = ""
    short: str = ""
    head: bool = False
    unusual: bool = False
    opens_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in one language: what is drawn, what is read out, and the same as a table."""

    name: Name
    title: str
    subtitle: str
    alternative: str
    marks: tuple[Mark, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


def pictures(report: Report, texts: Texts) -> list[Picture]:
    """Every picture of the report."""
    return [bars(report, texts), dots(report, texts), trend(report, texts)]


def bars(report: Report, texts: Texts) -> Picture:
    """Answers by level: all together, by language, by kind of text."""
    total = Row(key=(), figures=report.figures, hidden=report.hidden)
    marks = [_mark(texts("all_answers"), total, report, texts, head=True)]
    for breakdown in breakdowns(report, texts)[:2]:
        group = [
            _mark(" · ".join(label), row, report, texts) for label, row in breakdown.labelled()
        ]
        marks += [replace(mark, opens_group=place == 0) for place, mark in enumerate(group)]
    said = [
        texts(
            "alt_row",
            label=m.label,
            dissatisfied=texts.percent(m.counts.dissatisfied / m.counts.total),
            neither=texts.percent(m.counts.levels[2] / m.counts.total),
            satisfied=texts.percent(m.counts.satisfied / m.counts.total),
            n=texts.count(m.counts.total),
        )
        if m.counts
        else texts("alt_hidden", label=m.label, reason=m.note)
        for m in marks
    ]
    return Picture(
        name=Name.BARS,
        title=texts("chart_bars"),
        subtitle=_subtitle(report, texts),
        alternative=" ".join([texts("alt_bars"), *said]),
        marks=tuple(marks),
        columns=(
            texts("group"),
            *(texts.count(level) for level in range(1, 6)),
            texts("answers"),
        ),
        table=tuple(_bar_row(m, texts) for m in marks),
    )


def dots(report: Report, texts: Texts) -> Picture:
    """Share of satisfied readers by language and kind of text, with intervals."""
    breakdown = breakdowns(report, texts)[2]
    marks = [_mark(" · ".join(label), row, report, texts) for label, row in breakdown.labelled()]
    return Picture(
        name=Name.DOTS,
        title=texts("chart_dots"),
        subtitle=_subtitle(report, texts, texts("satisfied"), texts("interval")),
        alternative=" ".join([texts("alt_dots"), *(_said_share(m, texts) for m in marks)]),
        marks=tuple(marks),
        columns=_share_columns(texts("group"), texts),
        table=tuple(_share_row(m, texts) for m in marks),
    )


def trend(report: Report, texts: Texts) -> Picture:
    """Share of satisfied readers over time, with the interval as a band and gaps as gaps."""
    marks = []
    for step in report.trend:
        mark = _mark(step_label(step, report.unit, texts), step.row, report, texts)
        note = mark.note or (texts("unusual") if step.unusual else "")
        short = short_label(step, report.unit, texts)
        marks.append(replace(mark, note=note, short=short, unusual=step.unusual))
    return Picture(
        name=Name.TREND,
        title=texts("chart_trend"),
        subtitle=_subtitle(
            report, texts, texts("satisfied"), texts(f"step_{report.unit}"), texts("interval")
        ),
        alternative=_said_trend(marks, report.unit, texts),
        marks=tuple(marks),
        columns=(*_share_columns(texts("start"), texts), ""),
        table=tuple((*_share_row(m, texts), m.note if m.counts else "") for m in marks),
    )


def _subtitle(report: Report, texts: Texts, *what: str) -> str:
    """What is drawn, and under it what the report covers; the second line alone for bars."""
    lines = [" · ".join(what), " · ".join(scope_lines(report, texts))]
    return "\n".join(line for line in lines if line)


def _mark(label: str, row: Row, report: Report, texts: Texts, *, head: bool = False) -> Mark:
    if row.figures is None:
        reason = row.hidden
        note = texts.hidden(reason, report.generated_from.minimum_cell) if reason else ""
        return Mark(label=label, counts=None, satisfied=None, note=note, head=head)
    if not row.figures.counts.total:
        return Mark(label=label, counts=None, satisfied=None, note=texts("gap"), head=head)
    note = ""
    if row.duplicates_left_out:
        note = texts("duplicates_left_out", k=texts.count(report.generated_from.minimum_cell))
    return Mark(
        label=label,
        counts=row.figures.counts,
        satisfied=row.figures.satisfied,
        note=note,
        head=head,
    )


def _bar_row(mark: Mark, texts: Texts) -> tuple[str, ...]:
    if mark.counts is None:
        return (mark.label, *("–" for _ in range(5)), mark.note)
    return (
        mark.label,
        *(texts.count(n) for n in mark.counts.levels),
        texts.count(mark.counts.total),
    )


def _share_columns(first: str, texts: Texts) -> tuple[str, ...]:
    return (first, texts("answers"), texts("satisfied"), texts("low"), texts("high"))


def _share_row(mark: Mark, texts: Texts) -> tuple[str, ...]:
    if mark.counts is None or mark.satisfied is None:
        return (mark.label, mark.note, "–", "–", "–")
    return (
        mark.label,
        texts.count(mark.counts.total),
        *estimates.share(mark.satisfied, texts).values().values(),
    )


def _said_share(mark: Mark, texts: Texts) -> str:
    if mark.counts is None or mark.satisfied is None:
        return texts("alt_hidden", label=mark.label, reason=mark.note)
    return texts(
        "alt_share",
        label=mark.label,
        n=texts.count(mark.counts.total),
        **estimates.share(mark.satisfied, texts).values(),
    )


def _said_trend(marks: Sequence[Mark], unit: Unit, texts: Texts) -> str:
    text = texts("alt_trend", unit=texts(f"step_{unit}"))
    shares = [
        (m.satisfied.value, m.label)
        for m in marks
        if m.satisfied is not None and m.satisfied.value is not None
    ]
    if not shares:
        return f"{text} {texts('no_answers')}"
    (low, low_day), (high, high_day), (last, last_day) = min(shares), max(shares), shares[-1]
    return f"{text} " + texts(
        "alt_trend_range",
        low=texts.percent(low),
        low_day=low_day,
        high=texts.percent(high),
        high_day=high_day,
        last=texts.percent(last),
        last_day=last_day,
        gaps=texts.count(len(marks) - len(shares)),
    )
