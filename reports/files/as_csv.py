"""The report as one CSV table, for spreadsheets and programs."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

from reports.findings import change, sentences
from reports.labels import (
    article_name,
    breakdowns,
    flag_words,
    notes,
    step_label,
    versions_lines,
)
from reports.report import Report, Row, Triage
from reports.summary import LEVELS, Interval
from reports.texts import Texts

# A cell that begins so would be run by a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
CSV_COLUMNS = (
    "table",
    "key",
    "detail",
    "label",
    "answers",
    *(f"level_{level}" for level in LEVELS),
    *(
        f"{name}{part}"
        for name in ("satisfied", "dissatisfied", "mean")
        for part in ("", "_low", "_high")
    ),
    "views",
    "value",
    "low",
    "high",
    "note",
)  # fmt: skip


def to_csv(report: Report, texts: Texts) -> bytes:
    """One table for spreadsheets and programs: UTF-8 with its mark, no cell that would be run."""
    buffer = StringIO(newline="")
    writer = csv.DictWriter(buffer, CSV_COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for line in _lines(report, texts):
        writer.writerow({name: _safe(value) for name, value in line.items()})
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _lines(report: Report, texts: Texts) -> list[dict[str, object]]:
    scope, source = report.scope, report.generated_from
    facts = {
        "from": _iso(scope.first),
        "to": _iso(scope.last),
        "language": scope.language,
        "include_possible_duplicates": "yes" if scope.include_possible_duplicates else "no",
        "question": scope.question,
        "response_rate": report.response_rate,
        "last_answer": source.last_answer.isoformat() if source.last_answer else None,
        "verified": source.recount.verified_at.isoformat() if source.recount else None,
        "verified_cells_differing": source.recount.differing if source.recount else None,
        "verified_and_mended": ("yes" if source.recount.mended else "no")
        if source.recount
        else None,
        "software": source.software,
        "minimum_cell": source.minimum_cell,
    }
    lines: list[dict[str, object]] = [
        {"table": "report", "key": key, "value": value} for key, value in facts.items()
    ]
    total = Row(
        key=(),
        figures=report.figures,
        hidden=report.hidden,
        views=report.views,
        duplicates_left_out=report.duplicates_left_out,
    )
    lines.append(_csv_row("total", total, (texts("all_answers"),), report, texts))
    if report.change:
        before = Row(key=(), figures=report.change.figures, views=report.change.views)
        lines.append(_csv_row("period_before", before, (texts("before"),), report, texts))
    for breakdown in breakdowns(report, texts):
        lines += [
            _csv_row(breakdown.name, row, label, report, texts)
            for label, row in breakdown.labelled()
        ]
    for step in report.trend:
        label = (step_label(step, report.unit, texts),)
        line = _csv_row("trend", step.row, label, report, texts)
        if step.unusual:
            line["note"] = texts("unusual")
        lines.append(line | {"detail": _iso(step.last)})
    lines += _comparison_lines(report, texts)
    lines += [
        {"table": "triage", "key": t.article, "detail": t.language, "answers": t.answers}
        | {"label": article_name(t.article, report, texts), "value": t.need}
        | {"note": _triage_note(t, texts)}
        for t in report.triage
    ]
    for w in report.wording:
        table = "wording" if w.covered else "wording_not_covered"
        line = {"table": table, "key": w.kind.value, "label": w.text}
        line |= {"detail": w.language, "value": w.first_shown.isoformat(), "note": w.sha256}
        lines.append(line)
    for c in report.comments:
        line = {"table": "comments", "key": c.language, "detail": c.translation.value}
        lines.append(line | {"label": c.text, "value": c.rating})
    for sentence in filter(None, [*sentences(report, texts), change(report, texts)]):
        lines.append({"table": "findings", "label": sentence})
    for sentence in [*versions_lines(report, texts), *notes(report, texts)]:
        lines.append({"table": "definitions", "label": sentence})
    return lines


def _triage_note(t: Triage, texts: Texts) -> str:
    """What the value is, and what the checks found."""
    said = texts("expected_dissatisfied")
    return texts("labelled", label=said, value=flag_words(t.flags, texts)) if t.flags else said


def _csv_row(
    table: str, row: Row, label: tuple[str, ...], report: Report, texts: Texts
) -> dict[str, object]:
    key, detail = (*row.key, "", "")[:2]
    line: dict[str, object] = {"table": table, "key": key, "detail": detail}
    line |= {"label": " · ".join(label), "views": row.views}
    minimum = report.generated_from.minimum_cell
    if row.figures is None:
        return line | {"note": texts.hidden(row.hidden, minimum) if row.hidden else ""}
    if row.duplicates_left_out:
        line["note"] = texts("duplicates_left_out", k=texts.count(minimum))
    counts = row.figures.counts
    line["answers"] = counts.total
    line |= {f"level_{level}": n for level, n in zip(LEVELS, counts.levels, strict=True)}
    for name in ("satisfied", "dissatisfied", "mean"):
        interval: Interval = getattr(row.figures, name)
        line |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return line


def _comparison_lines(report: Report, texts: Texts) -> list[dict[str, object]]:
    comparison = report.comparison
    found: list[tuple[str, str, Interval]] = []
    if comparison.plain:
        found.append(("difference", "", comparison.plain.difference))
        found.append(("superiority", "", comparison.plain.superiority))
    for name, result in (
        ("language", comparison.within_languages),
        ("article", comparison.within_articles),
    ):
        found.append(("stratified_difference", name, result.difference))
        found.append(("stratified_odds_ratio", name, result.odds_ratio))
    if report.change:
        found.append(("change_from_period_before", "", report.change.contrast.difference))
        gap, rate = report.change.dissatisfied, report.change.rate
        found.append(("change_from_period_before", "dissatisfied", gap))
        found.append(("change_from_period_before", "response_rate", rate))
    found += [
        ("difference_in_language", c.language, c.contrast.difference)
        for c in comparison.by_language
    ]
    lines: list[dict[str, object]] = [
        {"table": "comparison", "key": key, "detail": detail}
        | {"value": i.value, "low": i.low, "high": i.high}
        for key, detail, i in found
    ]
    verdict = comparison.verdict
    label = texts(f"verdict_{verdict}")
    return [
        *lines,
        {"table": "comparison", "key": "verdict", "value": verdict, "label": label},
    ]


def _safe(value: object) -> object:
    """Text that a spreadsheet would run gets a quotation mark; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
