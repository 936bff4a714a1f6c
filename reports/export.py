"""The report as a file: one function, whatever the format; the same report gives the same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from io import StringIO

from reports import charts, document
from reports.document import to_pdf
from reports.findings import change, sentences
from reports.labels import breakdowns, step_label
from reports.pictures import Name, pictures
from reports.report import Figures, Report, Row
from reports.spreadsheet import to_xlsx
from reports.strata import Stratified
from reports.summary import LEVELS, Interval
from reports.texts import Texts
from reports.verdicts import Contrast

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

Json = Mapping[str, object]


class UnknownFormat(ValueError):
    """The report cannot be written so; the message says how it can."""


def write(report: Report, kind: str, language: str, *, chart: str = Name.BARS) -> bytes:
    """The report in a format, with its words in a language (en, fr, ar).

    `chart` is the picture that svg and png show: bars, dots or trend.

    :raise UnknownFormat: for another format or another picture.
    :raise reports.texts.UnknownLanguage: for a language without texts.
    """
    texts = Texts(language)
    if kind in ("svg", "png"):
        found = [p for p in pictures(report, texts) if p.name == chart]
        if not found:
            raise UnknownFormat(f"{chart!r}: the charts are {', '.join(Name)}")
        return (charts.svg if kind == "svg" else charts.png)(found[0], texts)
    if kind not in WRITERS:
        raise UnknownFormat(f"{kind!r}: reports are written as {', '.join(FORMATS)}")
    return WRITERS[kind](report, texts)


def to_json(report: Report, texts: Texts) -> bytes:
    """The report for programs: shares are fractions, intervals 95 %, hidden numbers null."""
    return (json.dumps(as_mapping(report, texts), ensure_ascii=False, indent=2) + "\n").encode()


def as_mapping(report: Report, texts: Texts) -> Json:
    """The report in plain values, in the order in which it is printed."""
    scope, source = report.scope, report.generated_from
    return {
        "filters": {
            "from": _iso(scope.first),
            "to": _iso(scope.last),
            "language": scope.language,
            "include_possible_duplicates": scope.include_possible_duplicates,
        },
        **_figures(report.figures),
        "views": report.views,
        "response_rate": report.response_rate,
        "hidden": report.hidden,
        "possible_duplicates_left_out": report.duplicates_left_out,
        "by_language": [_row(r, "language") for r in report.by_language],
        "by_translation": [_row(r, "translation") for r in report.by_translation],
        "by_language_and_translation": [
            _row(r, "language", "translation") for r in report.by_language_and_translation
        ],
        "by_channel": [_row(r, "channel") for r in report.by_channel],
        "by_article": [_row(r, "article", "translation") for r in report.by_article],
        "by_engine": [_row(r, "engine", "version") for r in report.by_engine],
        "trend_unit": report.unit,
        "trend": [
            {
                "from": _iso(step.first),
                "to": _iso(step.last),
                **_row(step.row),
                "unusual": step.unusual,
            }
            for step in report.trend
        ],
        "comparison": _comparison(report),
        "change": _change(report),
        "engine_changes": [
            {
                "engine": c.engine,
                "before": c.before,
                "after": c.after,
                **_contrast(c.contrast),
            }
            for c in report.engine_changes
        ],
        "triage": [asdict(t) for t in report.triage],
        "comments": [asdict(c) for c in report.comments],
        "hidden_cells": [
            {"breakdown": h.breakdown, "key": list(h.key), "reason": h.reason}
            for h in report.hidden_cells
        ],
        "wording": [asdict(w) | {"first_shown": w.first_shown.isoformat()} for w in report.wording],
        "versions_left_out": report.versions_left_out,
        "findings": [s for s in (*sentences(report, texts), change(report, texts)) if s],
        "generated_from": {
            "last_answer": source.last_answer.isoformat() if source.last_answer else None,
            "software": source.software,
            "minimum_cell": source.minimum_cell,
        },
    }


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
        "response_rate": report.response_rate,
        "last_answer": source.last_answer.isoformat() if source.last_answer else None,
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
        | {"value": t.need, "note": texts("expected_dissatisfied")}
        for t in report.triage
    ]
    for w in report.wording:
        line = {"table": "wording", "key": w.kind.value, "label": w.text}
        line |= {"detail": w.language, "value": w.first_shown.isoformat(), "note": w.sha256}
        lines.append(line)
    for c in report.comments:
        line = {"table": "comments", "key": c.language, "detail": c.translation.value}
        lines.append(line | {"label": c.text, "value": c.rating})
    for sentence in filter(None, [*sentences(report, texts), change(report, texts)]):
        lines.append({"table": "findings", "label": sentence})
    return lines


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


def _figures(figures: Figures | None) -> dict[str, object]:
    if figures is None:
        nothing = {"value": None, "low": None, "high": None}
        share = {"count": None, "share": None, "low": None, "high": None}
        return {
            "answers": None,
            "distribution": None,
            "satisfied": share,
            "dissatisfied": share,
            "mean": nothing,
        }
    counts = figures.counts
    return {
        "answers": counts.total,
        "distribution": {str(k): n for k, n in zip(LEVELS, counts.levels, strict=True)},
        "satisfied": _share(counts.satisfied, figures.satisfied),
        "dissatisfied": _share(counts.dissatisfied, figures.dissatisfied),
        "mean": asdict(figures.mean),
    }


def _share(count: int, share: Interval) -> dict[str, object]:
    return {"count": count, "share": share.value, "low": share.low, "high": share.high}


def _row(row: Row, *names: str) -> dict[str, object]:
    return {
        **dict(zip(names, row.key, strict=False)),
        **_figures(row.figures),
        "views": row.views,
        "hidden": row.hidden,
        "possible_duplicates_left_out": row.duplicates_left_out,
    }


def _comparison(report: Report) -> dict[str, object]:
    comparison = report.comparison
    plain = comparison.plain
    nothing = {"value": None, "low": None, "high": None}
    return {
        "difference": plain.difference.value if plain else None,
        "low": plain.difference.low if plain else None,
        "high": plain.difference.high if plain else None,
        "superiority": asdict(plain.superiority) if plain else nothing,
        "answers_machine": plain.answers_a if plain else None,
        "answers_original": plain.answers_b if plain else None,
        "p": plain.p if plain else None,
        "verdict": comparison.verdict,
        "basis": comparison.basis,
        "more_answers_needed": comparison.needed,
        "stratified": _stratified(comparison.within_languages),
        "stratified_by_article": _stratified(comparison.within_articles),
        "plain_and_stratified_disagree": comparison.disagree,
        "by_language": [
            {"language": c.language, **_contrast(c.contrast)} for c in comparison.by_language
        ],
    }


def _contrast(c: Contrast) -> dict[str, object]:
    return {
        "difference": c.difference.value,
        "low": c.difference.low,
        "high": c.difference.high,
        "superiority": asdict(c.superiority),
        "p": c.p,
        "adjusted_p": c.adjusted_p,
        "verdict": c.verdict,
        "more_answers_needed": c.needed,
    }


def _change(report: Report) -> dict[str, object] | None:
    if report.change is None:
        return None
    days = {"from": _iso(report.change.first), "to": _iso(report.change.last)}
    return days | _contrast(report.change.contrast)


def _stratified(s: Stratified) -> dict[str, object]:
    return {
        "difference": s.difference.value,
        "low": s.difference.low,
        "high": s.difference.high,
        "odds_ratio": asdict(s.odds_ratio),
        "p": s.p,
        "strata": s.strata,
    }


def _iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


WRITERS: dict[str, Callable[[Report, Texts], bytes]] = {
    "csv": to_csv,
    "xlsx": to_xlsx,
    **({"pdf": to_pdf} if document.AVAILABLE else {}),
    "json": to_json,
}
FORMATS = (*WRITERS, "svg", "png")
