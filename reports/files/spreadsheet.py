"""The report as an XLSX workbook: typed cells, native charts, Arabic from right to left."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter.worksheet import Worksheet

from reports.files.workbook import Book, Value
from reports.findings import change, sentences
from reports.labels import (
    article_name,
    breakdowns,
    flag_words,
    notes,
    scope_lines,
    source_line,
    versions_lines,
)
from reports.report import Change, Figures, Report, Row
from reports.summary import LEVELS, Interval
from reports.texts import Texts


def to_xlsx(report: Report, texts: Texts) -> bytes:
    """The report as a workbook; text is always text, so that nothing in it is run."""
    buffer = BytesIO()
    book = _ReportBook(buffer, report, texts)
    book.summary()
    for breakdown in breakdowns(report, texts):
        lines = [[*label, *_cells(row, report, texts)] for label, row in breakdown.labelled()]
        keys = breakdown.keys
        if any(breakdown.codes):
            keys = (*keys, texts("short_name"))
            for line, code in zip(lines, breakdown.codes, strict=True):
                line.insert(len(breakdown.keys), code or None)
        name = book.answers(breakdown.title, keys, lines)
        if breakdown.name in ("by_language", "by_translation") and lines:
            book.bars(name, len(lines), first=len(breakdown.keys))
    book.trend()
    book.comparison()
    book.triage()
    book.comments()
    book.method()
    book.workbook.close()
    return buffer.getvalue()


def _cells(row: Row, report: Report, texts: Texts) -> list[Value]:
    """Answers, levels, shares, mean, views and rate of a row, and what there is to say about it."""
    minimum = report.generated_from.minimum_cell
    if row.figures is None:
        why = texts.hidden(row.hidden, minimum) if row.hidden else ""
        blank: list[Value] = [None] * (1 + len(LEVELS) + 9)
        return [*blank, row.views, row.response_rate, why]
    note = texts("duplicates_left_out", k=texts.count(minimum)) if row.duplicates_left_out else ""
    return [*_figures(row.figures), row.views, row.response_rate, note]


def _figures(figures: Figures) -> list[Value]:
    cells: list[Value] = [figures.counts.total, *figures.counts.levels]
    for interval in (figures.satisfied, figures.dissatisfied, figures.mean):
        cells += _interval(interval)
    return cells


def _interval(interval: Interval) -> list[Value]:
    return [interval.value, interval.low, interval.high]


class _ReportBook(Book):
    """The sheets of the report."""

    def columns(self) -> list[str]:
        """The heads of the columns that every table of answers has."""
        t = self.texts
        around = (t("low"), t("high"))
        return [
            t("answers"),
            *(t.count(level) for level in LEVELS),
            *(t("satisfied"), *around),
            *(t("dissatisfied"), *around),
            *(t("mean"), *around),
            t("views"),
            t("response_rate"),
            "",
        ]

    def kinds(self, before: int) -> list[str]:
        """How the numbers of these columns are written, after `before` columns of text."""
        counts, shares = ["count"] * (1 + len(LEVELS)), ["share"] * 6
        return ["text"] * before + counts + shares + ["mean"] * 3 + ["count", "share", "text"]

    def answers(self, title: str, keys: Sequence[str], lines: Sequence[Sequence[Value]]) -> str:
        """A sheet with a table of answers by these keys; gives its name."""
        return self.table(title, [*keys, *self.columns()], lines, self.kinds(len(keys)))

    def summary(self) -> None:
        """The first sheet: what is covered, the figures, the distribution, the verdict."""
        t, report = self.texts, self.report
        sheet = self.sheet(t("summary"))
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, 3, 16)
        sheet.write_string(0, 0, t("title"), self.title)
        row = 1
        for line in scope_lines(report, t):
            sheet.write_string(row, 0, line, self.plain)
            row += 1
        row += 1
        if report.figures is None:
            minimum = t.count(report.generated_from.minimum_cell)
            sheet.write_string(row, 0, t("hidden_total", k=minimum), self.text)
            row += 2
        else:
            row = self._summary_figures(sheet, row, report.figures)
        for sentence in filter(None, [change(report, t), *sentences(report, t)]):
            sheet.write_string(row, 0, sentence, self.text)
            row += 1
        sheet.write_string(row + 1, 0, source_line(report, t), self.plain)

    def _summary_figures(self, sheet: Worksheet, row: int, figures: Figures) -> int:
        t, report = self.texts, self.report
        for column, head in enumerate(("", t("value"), t("low"), t("high"))):
            sheet.write_string(row, column, head, self.head)
        lines: list[tuple[str, list[Value], str]] = [
            (t("answers"), [figures.counts.total], "count"),
            (t("views"), [report.views], "count"),
            (t("response_rate"), [report.response_rate], "share"),
            (t("satisfied"), _interval(figures.satisfied), "share"),
            (t("dissatisfied"), _interval(figures.dissatisfied), "share"),
            (t("mean"), _interval(figures.mean), "mean"),
        ]
        lines += [
            (f"{t('distribution')}: {t.count(level)}", [n], "count")
            for level, n in zip(LEVELS, figures.counts.levels, strict=True)
        ]
        for place, (label, values, kind) in enumerate(lines, row + 1):
            sheet.write_string(place, 0, label, self.plain)
            for column, value in enumerate(values, 1):
                self.put(sheet, place, column, value, kind)
        return row + len(lines) + 2

    def trend(self) -> None:
        """The steps of time with a line chart; hidden and empty ones leave a gap in it."""
        t = self.texts
        lines = [
            [step.first, step.last, *_cells(step.row, self.report, t)] for step in self.report.trend
        ]
        for step, line in zip(self.report.trend, lines, strict=True):
            if step.unusual:
                line[-1] = t("unusual")
        name = self.answers(t("by_step"), (t("start"), t("end")), lines)
        if not lines:
            return
        self.lines(name, len(lines), (8, 9, 10))

    def comparison(self) -> None:
        """Every difference with its interval and verdict."""
        t, comparison = self.texts, self.report.comparison
        lines: list[list[Value]] = []
        if comparison.plain:
            verdict = t(f"verdict_{comparison.plain.verdict}")
            lines.append([t("all_answers"), *_interval(comparison.plain.difference), verdict])
        within = comparison.within_languages.difference
        if within.value is not None:
            verdict = t(f"verdict_{comparison.verdict}")
            lines.append([t("basis_within"), *_interval(within), verdict])
        if self.report.change:
            found = self.report.change.contrast
            verdict = t(f"verdict_{found.verdict}")
            lines.append([t("change"), *_interval(found.difference), verdict])
            lines += self._other_changes(self.report.change)
        lines += [
            [
                t.language_name(c.language),
                *_interval(c.contrast.difference),
                t(f"verdict_{c.contrast.verdict}"),
            ]
            for c in comparison.by_language
        ]
        lines += [
            [
                f"{c.engine} {c.before} → {c.after}",
                *_interval(c.contrast.difference),
                t(f"verdict_{c.contrast.verdict}"),
            ]
            for c in self.report.engine_changes
        ]
        heads = [t("group"), t("difference"), t("low"), t("high"), t("verdict")]
        self.table(t("comparison"), heads, lines, ["text", "share", "share", "share", "text"])

    def _other_changes(self, change: Change) -> list[list[Value]]:
        """What else changed from the period before, in the same columns."""
        t = self.texts
        changes = (
            ("dissatisfied", change.dissatisfied, change.dissatisfied_verdict),
            ("response_rate", change.rate, change.rate_verdict),
        )
        return [
            [f"{t('change')}: {t(name)}", *_interval(gap), t(f"verdict_{verdict}")]
            for name, gap, verdict in changes
        ]

    def triage(self) -> None:
        """The texts that most need a translator."""
        t = self.texts
        heads = [
            t("article"),
            t("short_name"),
            t("language"),
            t("answers"),
            t("dissatisfied"),
            t("expected_dissatisfied"),
            t("flags"),
        ]
        lines: list[list[Value]] = [
            [
                *(article_name(x.article, self.report, t), x.article, t.language_name(x.language)),
                *(x.answers, x.rate, x.need),
                flag_words(x.flags, t),
            ]
            for x in self.report.triage
        ]
        self.table(
            t("triage"), heads, lines, ["text", "text", "text", "count", "share", "mean", "text"]
        )

    def comments(self) -> None:
        """What readers wrote, always as text."""
        t = self.texts
        heads = [t("comment"), t("language"), t("kind"), t("level")]
        lines: list[list[Value]] = [
            [c.text, t.language_name(c.language), t(c.translation), c.rating]
            for c in self.report.comments
        ]
        self.table(t("comments"), heads, lines, ["quote", "text", "text", "count"])

    def method(self) -> None:
        """How each figure is made, and which wordings are covered."""
        t = self.texts
        sheet = self.sheet(t("method"))
        sheet.set_column(0, 0, 100)
        lines = notes(self.report, t)
        lines += versions_lines(self.report, t)
        lines += [
            f"{t(w.kind)} ({t.language_name(w.language)}, {t.day(w.first_shown)}): "
            f"{t.quoted(w.text)}"
            for w in self.report.wording
        ]
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line, self.text)
