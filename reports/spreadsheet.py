"""The report as an XLSX workbook: typed cells, native charts, Arabic from right to left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.findings import change, sentences
from reports.labels import breakdowns, notes, scope_lines, source_line
from reports.report import Figures, Report, Row
from reports.summary import LEVELS, Interval
from reports.texts import Texts

# A workbook must name the moment of its making; the same bytes need the same moment.
BEFORE_ANY_ANSWER = datetime(2000, 1, 1, tzinfo=UTC)
LEVEL_COLOURS = ("#A6611A", "#DFC27D", "#E8E8E8", "#80CDC1", "#018571")
LONGEST_SHEET_NAME = 31
FORBIDDEN_IN_NAMES = str.maketrans("[]:*?/\\'", "        ")

Value = str | int | float | date | None


def to_xlsx(report: Report, texts: Texts) -> bytes:
    """The report as a workbook; text is always text, so that nothing in it is run."""
    buffer = BytesIO()
    book = _Book(buffer, report, texts)
    book.summary()
    for breakdown in breakdowns(report, texts):
        lines = [[*label, *_cells(row, report, texts)] for label, row in breakdown.labelled()]
        name = book.table(breakdown.title, [*breakdown.keys, *book.columns()], lines)
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
    """Answers, levels, shares, mean and views of a row, and what there is to say about it."""
    minimum = report.generated_from.minimum_cell
    if row.figures is None:
        why = texts.hidden(row.hidden, minimum) if row.hidden else ""
        blank: list[Value] = [None] * (1 + len(LEVELS) + 9)
        return [*blank, row.views, why]
    note = texts("duplicates_left_out", k=texts.count(minimum)) if row.duplicates_left_out else ""
    return [*_figures(row.figures), row.views, note]


def _figures(figures: Figures) -> list[Value]:
    cells: list[Value] = [figures.counts.total, *figures.counts.levels]
    for interval in (figures.satisfied, figures.dissatisfied, figures.mean):
        cells += _interval(interval)
    return cells


def _interval(interval: Interval) -> list[Value]:
    return [interval.value, interval.low, interval.high]


class _Book:
    """A workbook in the making."""

    def __init__(self, buffer: BytesIO, report: Report, texts: Texts) -> None:
        self.report = report
        self.texts = texts
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        }
        self.workbook = Workbook(buffer, options)
        moment = report.generated_from.last_answer or BEFORE_ANY_ANSWER
        self.workbook.set_properties(
            {
                "title": texts("title"),
                "comments": source_line(report, texts),
                "created": moment.replace(tzinfo=None),
            }
        )
        self.head = self._format(bold=True, text_wrap=True, bottom=2, valign="top")
        self.title = self._format(bold=True, font_size=14)
        self.text = self._format(text_wrap=True, valign="top")
        self.plain = self._format(valign="top")
        self.formats = {
            "count": self._format(num_format="#,##0", valign="top"),
            "share": self._format(num_format="0.0%", valign="top"),
            "mean": self._format(num_format="0.00", valign="top"),
            "day": self._format(num_format="yyyy-mm-dd", valign="top"),
        }
        self.names: set[str] = set()

    def _format(self, **properties: object) -> Format:
        if self.texts.right_to_left:
            properties["reading_order"] = 2
        made: Format = self.workbook.add_format(properties)
        return made

    def sheet(self, title: str) -> Worksheet:
        """A new sheet of this title, cut to what spreadsheets allow and unlike the others."""
        name = title.translate(FORBIDDEN_IN_NAMES)[:LONGEST_SHEET_NAME].strip()
        if name.lower() in self.names:
            name = f"{name[: LONGEST_SHEET_NAME - 3]} {len(self.names)}"
        self.names.add(name.lower())
        sheet: Worksheet = self.workbook.add_worksheet(name)
        if self.texts.right_to_left:
            sheet.right_to_left()
        return sheet

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
            "",
        ]

    def kinds(self, before: int) -> list[str]:
        """How the numbers of these columns are written, after `before` columns of text."""
        counts, shares = ["count"] * (1 + len(LEVELS)), ["share"] * 6
        return ["text"] * before + counts + shares + ["mean"] * 3 + ["count", "text"]

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, kind: str) -> None:
        """One cell of its type; nothing for None."""
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.text if kind == "wrapped" else self.plain)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.formats["day"])
        else:
            sheet.write_number(row, column, value, self.formats[kind])

    def table(
        self,
        title: str,
        heads: Sequence[str],
        lines: Sequence[Sequence[Value]],
        kinds: Sequence[str] | None = None,
    ) -> str:
        """A sheet that is one table; gives its name."""
        sheet = self.sheet(title)
        sheet.freeze_panes(1, 1)
        kinds = kinds or self.kinds(len(heads) - len(self.columns()))
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.head)
            sheet.set_column(column, column, 28 if kinds[column] == "text" else 13)
        for number, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                self.put(sheet, number, column, value, kinds[column])
        if not lines:
            sheet.write_string(1, 0, self.texts("no_answers"), self.plain)
        name: str = sheet.get_name()
        return name

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
        for column, head in enumerate(("", t("share"), t("low"), t("high"))):
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
        heads = [t("start"), t("end"), *self.columns()]
        name = self.table(t("by_step"), heads, lines)
        if not lines:
            return
        chart = self.workbook.add_chart({"type": "line"})
        for column, line_format in (
            (8, {"width": 2.25}),
            (9, {"width": 0.75, "dash_type": "dash"}),
            (10, {"width": 0.75, "dash_type": "dash"}),
        ):
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, len(lines), 0],
                    "values": [name, 1, column, len(lines), column],
                    "line": {"color": "#0B5563"} | line_format,
                }
            )
        chart.show_blanks_as("gap")
        chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
        self._place(chart, name, t("chart_trend"), len(lines))

    def bars(self, name: str, lines: int, *, first: int) -> None:
        """A stacked bar chart of the levels beside a table of answers."""
        chart = self.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
        for place, colour in enumerate(LEVEL_COLOURS):
            column = first + 1 + place
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, lines, 0],
                    "values": [name, 1, column, lines, column],
                    "fill": {"color": colour},
                }
            )
        chart.set_y_axis({"reverse": True})
        self._place(chart, name, self.texts("chart_bars"), lines)

    def _place(self, chart: object, name: str, title: str, lines: int) -> None:
        chart.set_title({"name": title})  # type: ignore[attr-defined] # XlsxWriter has no types
        chart.set_legend({"position": "bottom"})  # type: ignore[attr-defined] # as above
        sheet = self.workbook.get_worksheet_by_name(name)
        sheet.insert_chart(lines + 2, 0, chart, {"description": title})

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

    def triage(self) -> None:
        """The texts that most need a translator."""
        t = self.texts
        heads = [
            t("article"),
            t("language"),
            t("answers"),
            t("dissatisfied"),
            t("expected_dissatisfied"),
        ]
        lines: list[list[Value]] = [
            [x.article, t.language_name(x.language), x.answers, x.rate, x.need]
            for x in self.report.triage
        ]
        self.table(t("triage"), heads, lines, ["text", "text", "count", "share", "mean"])

    def comments(self) -> None:
        """What readers wrote, always as text."""
        t = self.texts
        heads = [t("comment"), t("language"), t("kind"), t("level")]
        lines: list[list[Value]] = [
            [c.text, t.language_name(c.language), t(c.translation), c.rating]
            for c in self.report.comments
        ]
        self.table(t("comments"), heads, lines, ["text", "text", "text", "count"])

    def method(self) -> None:
        """How each figure is made, and which wordings are covered."""
        t = self.texts
        sheet = self.sheet(t("method"))
        sheet.set_column(0, 0, 100)
        lines = notes(self.report, t)
        if self.report.versions_left_out:
            lines.append(t("versions_left_out"))
        lines += [
            f"{t(w.kind)} ({t.language_name(w.language)}, {t.day(w.first_shown)}): {w.text}"
            for w in self.report.wording
        ]
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line, self.text)
