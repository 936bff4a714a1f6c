"""The report as a file: one function, whatever the format; the same report gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable

from reports import charts
from reports.canvas import NARROW, WIDE
from reports.files.as_csv import to_csv
from reports.files.as_json import to_json
from reports.files.document import to_pdf
from reports.files.spreadsheet import to_xlsx
from reports.pictures import Name, pictures
from reports.report import Report
from reports.texts import Texts


class UnknownFormat(ValueError):
    """The report cannot be written so; the message says how it can."""


def write(
    report: Report, kind: str, language: str, *, chart: str = Name.BARS, narrow: bool = False
) -> bytes:
    """The report in a format, with its words in a language (en, fr, ar).

    `chart` is the picture that svg and png show: bars, dots or trend; `narrow` is for phones.

    :raise UnknownFormat: for another format or another picture.
    :raise reports.texts.UnknownLanguage: for a language without texts.
    """
    texts = Texts(language)
    if kind in ("svg", "png"):
        found = [p for p in pictures(report, texts) if p.name == chart]
        if not found:
            raise UnknownFormat(f"{chart!r}: the charts are {', '.join(Name)}")
        draw = charts.svg if kind == "svg" else charts.png
        return draw(found[0], texts, NARROW if narrow else WIDE)
    if kind not in WRITERS:
        raise UnknownFormat(f"{kind!r}: reports are written as {', '.join(FORMATS)}")
    return WRITERS[kind](report, texts)


WRITERS: dict[str, Callable[[Report, Texts], bytes]] = {
    "csv": to_csv,
    "xlsx": to_xlsx,
    "pdf": to_pdf,
    "json": to_json,
}
FORMATS = (*WRITERS, "svg", "png")
