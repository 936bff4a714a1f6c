"""The report as one CSV table, for spreadsheets and programs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
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

Line = dict[str, object]

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
    "response_rate",
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


def _lines(report: Report, texts: Texts) -> list[Line]:
    return [
        *_facts(report),
        *_groups(report, texts),
        *_steps(report, texts),
        *_comparison_lines(report, texts),
        *_triage_lines(report, texts),
        *_wording_lines(report),
        *_comment_lines(report),
        *_sentences(report, texts),
    ]


def _facts(report: Report) -> list[Line]:
    """What the report is of: its filters, and the state of the answers it was made from."""
    scope, source = report.scope, report.generated_from
    recount = source.recount
    facts = {
        "from": _iso(scope.first),
        "to": _iso(scope.last),
        "language": scope.language,
        "include_possible_duplicates": _yes(scope.include_possible_duplicates),
        "question": scope.question,
        "response_rate": report.response_rate,
        "last_answer": source.last_answer.isoformat() if source.last_answer else None,
        "verified": recount.verified_at.isoformat() if recount else None,
        "verified_cells_differing": recount.differing if recount else None,
        "verified_and_mended": _yes(recount.mended) if recount else None,
        "software": source.software,
        "minimum_cell": source.minimum_cell,
    }
    return [{"table": "report", "key": key, "value": value} for key, value in facts.items()]


def _groups(report: Report, texts: Texts) -> Iterator[Line]:
    """All answers, those of the period before, and each row of each breakdown."""
    total = Row(
        key=(),
        figures=report.figures,
        hidden=report.hidden,
        views=report.views,
        response_rate=report.response_rate,
        duplicates_left_out=report.duplicates_left_out,
    )
    yield _csv_row("total", total, (texts("all_answers"),), report, texts)
    if report.change:
        change = report.change
        before = Row(
            key=(),
            figures=change.figures,
            views=change.views,
            response_rate=change.response_rate,
        )
        yield _csv_row("period_before", before, (texts("before"),), report, texts)
    for breakdown in breakdowns(report, texts):
        for label, row in breakdown.labelled():
            yield _csv_row(breakdown.name, row, label, report, texts)


def _steps(report: Report, texts: Texts) -> Iterator[Line]:
    for step in report.trend:
        label = (step_label(step, report.unit, texts),)
        line = _csv_row("trend", step.row, label, report, texts)
        if step.unusual:
            line["note"] = texts("unusual")
        yield line | {"detail": _iso(step.last)}


def _triage_lines(report: Report, texts: Texts) -> list[Line]:
    return [
        {"table": "triage", "key": t.article, "detail": t.language, "answers": t.answers}
        | {"label": article_name(t.article, report, texts), "value": t.need}
        | {"note": _triage_note(t, texts)}
        for t in report.triage
    ]


def _wording_lines(report: Report) -> list[Line]:
    return [
        {
            "table": "wording" if w.covered else "wording_not_covered",
            "key": w.kind.value,
            "label": w.text,
            "detail": w.language,
            "value": w.first_shown.isoformat(),
            "note": w.sha256,
        }
        for w in report.wording
    ]


def _comment_lines(report: Report) -> list[Line]:
    return [
        {
            "table": "comments",
            "key": c.language,
            "detail": c.translation.value,
            "label": c.text,
            "value": c.rating,
        }
        for c in report.comments
    ]


def _sentences(report: Report, texts: Texts) -> Iterator[Line]:
    for sentence in filter(None, [*sentences(report, texts), change(report, texts)]):
        yield {"table": "findings", "label": sentence}
    for sentence in [*versions_lines(report, texts), *notes(report, texts)]:
        yield {"table": "definitions", "label": sentence}


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _triage_note(t: Triage, texts: Texts) -> str:
    """What the value is, and what the checks found."""
    said = texts("expected_dissatisfied")
    return texts("labelled", label=said, value=flag_words(t.flags, texts)) if t.flags else said


def _csv_row(table: str, row: Row, label: tuple[str, ...], report: Report, texts: Texts) -> Line:
    key, detail = (*row.key, "", "")[:2]
    line: Line = {"table": table, "key": key, "detail": detail}
    line |= {"label": " · ".join(label)}
    line |= {"views": row.views, "response_rate": row.response_rate}
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


def _comparison_lines(report: Report, texts: Texts) -> list[Line]:
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
    lines: list[Line] = [
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
