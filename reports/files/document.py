"""The report as a tagged PDF: cover, contents, charts, tables, notes; Arabic mirrored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl

from reports import charts
from reports.files import document_tables as tables
from reports.findings import change, sentences, verdict
from reports.labels import (
    breakdowns,
    notes,
    scope_lines,
    source_line,
    versions_lines,
)
from reports.pictures import pictures
from reports.report import Report
from reports.texts import Texts

TEMPLATE = Path(__file__).with_name("document.typ")
# A PDF that claims accessibility names no moment but the data's own; before any answer, this one.
BEFORE_ANY_ANSWER = datetime(2000, 1, 1, tzinfo=UTC)

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
                tables=tables.differences(report, texts),
            ),
            *_charts(report, texts),
            *(
                _section(b.title, tables=[tables.answers(b, report, texts)])
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


def _summary(report: Report, texts: Texts) -> Section:
    minimum = texts.count(report.generated_from.minimum_cell)
    if report.figures is None:
        return _section(texts("summary"), paragraphs=[texts("hidden_total", k=minimum)])
    versions = versions_lines(report, texts)
    if report.empty:
        return _section(texts("summary"), paragraphs=[*versions, texts("no_answers")])
    paragraphs = [texts("note_random"), texts("note_selection")]
    paragraphs = [*versions, *filter(None, [change(report, texts)]), *paragraphs]
    return _section(
        texts("summary"),
        paragraphs=paragraphs,
        tables=[
            tables.summary(report, report.figures, texts),
            tables.levels(report.figures, texts),
        ],
    )


def _charts(report: Report, texts: Texts) -> list[Section]:
    if report.figures is None or report.empty:
        return []
    return [
        _section(
            picture.title,
            pictures=[
                {"svg": charts.svg(picture, texts).decode(), "alternative": picture.alternative}
            ],
            tables=[tables.table("", picture.columns, picture.table)],
        )
        for picture in pictures(report, texts)
    ]


def _triage(report: Report, texts: Texts) -> list[Section]:
    if not report.triage:
        return []
    note, found = texts("triage_note"), tables.triage(report, texts)
    return [_section(texts("triage"), paragraphs=[note], tables=[found])]


def _comments(report: Report, texts: Texts) -> list[Section]:
    if not report.comments:
        return []
    note, found = texts("comments_note"), tables.comments(report, texts)
    return [_section(texts("comments"), paragraphs=[note], tables=[found])]


def _method(report: Report, texts: Texts) -> Section:
    return _section(
        texts("method"), points=notes(report, texts), tables=tables.wording(report, texts)
    )
