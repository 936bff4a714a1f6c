"""A workbook in the making: sheets, typed cells, native charts; Arabic from right to left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.labels import source_line
from reports.report import Report
from reports.texts import Texts

# A workbook must name the moment of its making; the same bytes need the same moment.
BEFORE_ANY_ANSWER = datetime(2000, 1, 1, tzinfo=UTC)
LEVEL_COLOURS = ("#A6611A", "#DFC27D", "#E8E8E8", "#80CDC1", "#018571")
LONGEST_SHEET_NAME = 31
# Of columns of words, in characters.
WIDTHS = {"text": 28, "quote": 60}
FORBIDDEN_IN_NAMES = str.maketrans("[]:*?/\\'", "        ")

Value = str | int | float | date | None


class Book:
    """Writes cells by their type; text is always text, so that nothing in it is run."""

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
        # Somebody's own words have the direction of their first letter.
        quote = self.workbook.add_format({"text_wrap": True, "valign": "top"})
        self.words = {"wrapped": self.text, "quote": quote}
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

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, kind: str) -> None:
        """One cell of its type; nothing for None."""
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.words.get(kind, self.plain))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.formats["day"])
        else:
            sheet.write_number(row, column, value, self.formats[kind])

    def table(
        self,
        title: str,
        heads: Sequence[str],
        lines: Sequence[Sequence[Value]],
        kinds: Sequence[str],
    ) -> str:
        """A sheet that is one table; gives its name."""
        sheet = self.sheet(title)
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.head)
            sheet.set_column(column, column, WIDTHS.get(kinds[column], 13))
        for number, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                self.put(sheet, number, column, value, kinds[column])
        if not lines:
            sheet.write_string(1, 0, self.texts("no_answers"), self.plain)
        name: str = sheet.get_name()
        return name

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

    def lines(self, name: str, steps: int, columns: Sequence[int]) -> None:
        """A line chart under a table of steps: a value and the limits of its interval."""
        chart = self.workbook.add_chart({"type": "line"})
        for place, column in enumerate(columns):
            look = {"width": 2.25} if place == 0 else {"width": 0.75, "dash_type": "dash"}
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, steps, 0],
                    "values": [name, 1, column, steps, column],
                    "line": {"color": "#0B5563"} | look,
                }
            )
        chart.show_blanks_as("gap")
        chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%"})
        self._place(chart, name, self.texts("chart_trend"), steps)
