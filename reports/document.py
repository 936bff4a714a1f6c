"""The report as a tagged PDF: cover, contents, charts, tables, notes; Arabic mirrored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl

from reports import charts
from reports.findings import change, sentences, verdict
from reports.labels import (
    Breakdown,
    breakdowns,
    flag_words,
    notes,
    scope_lines,
    source_line,
    versions_line,
)
from reports.pictures import pictures
from reports.report import Figures, Report, Row
from reports.summary import LEVELS
from reports.texts import Texts

TEMPLATE = Path(__file__).with_name("document.typ")
# A PDF that claims accessibility names no moment but the data's own; before any answer, this one.
BEFORE_ANY_ANSWER = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_TRIAGE = 20
LONGEST_COMMENTS = 30

Section = dict[str, object]


def to_pdf(report: Report, texts: Texts) -> bytes:
    """The report as PDF/UA-1: tagged, with a language, titles and alternative texts."""
    # Loaded here: the typesetter takes time and memory that only this format needs.
    import typst

    # A PDF's time has whole seconds.
    moment = (report.generated_from.last_answer or BEFORE_ANY_ANSWER).replace(microsecond=0)
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    compiled = typst.compile(
        str(TEMPLATE),
        format="pdf",
        root=str(TEMPLATE.parent),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_document(report, texts), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=moment,
    )
    return bytes(compiled)


def _document(report: Report, texts: Texts) -> dict[str, object]:
    """Everything the template prints, already in words."""
    return {
        "language": texts.language,
        "title": texts("title"),
        "scope": scope_lines(report, texts),
        "verdict": verdict(report.comparison, texts),
        "contents": texts("contents"),
        "page": "{page} / {pages}",
        "source": source_line(report, texts),
        "sections": [
            _summary(report, texts),
            _section(
                texts("comparison"),
                paragraphs=sentences(report, texts),
                tables=_comparison_tables(report, texts),
            ),
            *_charts(report, texts),
            *(
                _section(b.title, tables=[_breakdown(b, report, texts)])
                for b in breakdowns(report, texts)
                if b.rows
            ),
            *_triage(report, texts),
            *_comments(report, texts),
            _method(report, texts),
        ],
    }


def _section(
    title: str,
    *,
    paragraphs: Sequence[str] = (),
    points: Sequence[str] = (),
    pictures: Sequence[object] = (),
    tables: Sequence[object] = (),
) -> Section:
    return {
        "title": title,
        "paragraphs": list(paragraphs),
        "points": list(points),
        "pictures": list(pictures),
        "tables": list(tables),
    }


def _table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, labels: int = 1
) -> dict[str, object]:
    """`labels` is how many columns hold words rather than numbers.

    The last cell of a row that is too short reaches to the end. An empty title is none.
    """
    return {
        "title": title,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "labels": labels,
    }


def _summary(report: Report, texts: Texts) -> Section:
    minimum = texts.count(report.generated_from.minimum_cell)
    if report.figures is None:
        return _section(texts("summary"), paragraphs=[texts("hidden_total", k=minimum)])
    versions = [line for line in [versions_line(report, texts)] if line]
    if report.empty:
        return _section(texts("summary"), paragraphs=[*versions, texts("no_answers")])
    paragraphs = [texts("note_random"), texts("note_selection")]
    paragraphs = [*versions, *filter(None, [change(report, texts)]), *paragraphs]
    return _section(
        texts("summary"),
        paragraphs=paragraphs,
        tables=[_summary_table(report, report.figures, texts), _levels(report.figures, texts)],
    )


def _summary_table(report: Report, figures: Figures, texts: Texts) -> dict[str, object]:
    rate = report.response_rate
    rows = [
        (texts("all_answers"), texts.count(figures.counts.total), "", ""),
        (texts("views"), texts.count(report.views), "", ""),
        (
            texts("response_rate"),
            "",
            texts("unknown") if rate is None else texts.percent(rate, 1),
            "",
        ),
    ]
    for name, count, interval in (
        ("satisfied", figures.counts.satisfied, figures.satisfied),
        ("dissatisfied", figures.counts.dissatisfied, figures.dissatisfied),
    ):
        low, high = texts.percent(interval.low), texts.percent(interval.high)
        between = texts("to", low=low, high=high)
        rows.append((texts(name), texts.count(count), texts.percent(interval.value), between))
    low, high = texts.decimal(figures.mean.low), texts.decimal(figures.mean.high)
    value = texts.decimal(figures.mean.value)
    rows.append((texts("mean"), "", value, texts("to", low=low, high=high)))
    columns = (texts("group"), texts("answers"), texts("share"), texts("interval"))
    return _table("", columns, rows)


def _levels(figures: Figures, texts: Texts) -> dict[str, object]:
    total = figures.counts.total
    rows = [
        (texts.count(level), texts.count(n), texts.percent(n / total))
        for level, n in zip(LEVELS, figures.counts.levels, strict=True)
    ]
    columns = (texts("level"), texts("answers"), texts("share"))
    return _table(texts("distribution"), columns, rows)


def _charts(report: Report, texts: Texts) -> list[Section]:
    if report.figures is None or report.empty:
        return []
    return [
        _section(
            picture.title,
            pictures=[
                {"svg": charts.svg(picture, texts).decode(), "alternative": picture.alternative}
            ],
            tables=[_table("", picture.columns, picture.table)],
        )
        for picture in pictures(report, texts)
    ]


def _breakdown(breakdown: Breakdown, report: Report, texts: Texts) -> dict[str, object]:
    columns = (
        *breakdown.keys,
        texts("answers"),
        texts("satisfied"),
        texts("interval"),
        texts("dissatisfied"),
        texts("mean"),
    )
    rows = [[*label, *_cells(row, report, texts)] for label, row in breakdown.labelled()]
    return _table("", columns, rows, labels=len(breakdown.keys))


def _cells(row: Row, report: Report, texts: Texts) -> list[str]:
    if row.figures is None:
        minimum = report.generated_from.minimum_cell
        return [texts.hidden(row.hidden, minimum) if row.hidden else ""]
    f = row.figures
    low, high = texts.percent(f.satisfied.low), texts.percent(f.satisfied.high)
    return [
        texts.count(f.counts.total),
        texts.percent(f.satisfied.value),
        texts("to", low=low, high=high),
        texts.percent(f.dissatisfied.value),
        texts.decimal(f.mean.value),
    ]


def _comparison_tables(report: Report, texts: Texts) -> list[dict[str, object]]:
    found = [
        (texts.language_name(c.language), c.contrast) for c in report.comparison.by_language
    ] + [
        (texts.isolate(f"{c.engine} {c.before} → {c.after}"), c.contrast)
        for c in report.engine_changes
    ]
    rows = [
        (
            label,
            texts.points(c.difference.value),
            texts("to", low=texts.points(c.difference.low), high=texts.points(c.difference.high)),
            texts(f"verdict_{c.verdict}"),
        )
        for label, c in found
    ]
    columns = (texts("group"), texts("difference"), texts("interval"), texts("verdict"))
    return [_table(texts("difference"), columns, rows)] if rows else []


def _triage(report: Report, texts: Texts) -> list[Section]:
    if not report.triage:
        return []
    rows = [
        (
            texts.isolate(t.article),
            texts.language_name(t.language),
            flag_words(t.flags, texts),
            texts.count(t.answers),
            texts.percent(t.rate),
            texts.decimal(t.need, 1),
        )
        for t in report.triage[:LONGEST_TRIAGE]
    ]
    keys = ("article", "language", "flags", "answers", "dissatisfied", "expected_dissatisfied")
    table = _table("", tuple(map(texts, keys)), rows, labels=3)
    return [_section(texts("triage"), paragraphs=[texts("triage_note")], tables=[table])]


def _comments(report: Report, texts: Texts) -> list[Section]:
    if not report.comments:
        return []
    rows = [
        (c.text, texts.language_name(c.language), texts(c.translation), texts.count(c.rating))
        for c in report.comments[:LONGEST_COMMENTS]
    ]
    columns = tuple(texts(key) for key in ("comment", "language", "kind", "level"))
    table = _table("", columns, rows, labels=3)
    return [_section(texts("comments"), paragraphs=[texts("comments_note")], tables=[table])]


def _method(report: Report, texts: Texts) -> Section:
    rows = [
        (
            texts(w.kind),
            texts.language_name(w.language),
            w.text,
            texts.day(w.first_shown),
            texts("yes" if w.covered else "no"),
        )
        for w in report.wording
    ]
    columns = tuple(texts(k) for k in ("kind", "language", "wording", "first_shown", "covered"))
    tables = [_table(texts("wording"), columns, rows, labels=3)] if rows else []
    return _section(texts("method"), points=notes(report, texts), tables=tables)
