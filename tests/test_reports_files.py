"""The report's files: the same bytes each time, the same numbers in all, nothing that is run."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from reports.files import export
from reports.files.as_csv import CSV_COLUMNS
from reports.labels import breakdowns, notes
from reports.pictures import Name
from reports.report import Report
from reports.texts import LANGUAGES, Texts, UnknownLanguage
from tests.reported import FORMULA, example, shared_example

pytestmark = pytest.mark.slow

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def report() -> Report:
    """The example; it cannot be changed."""
    return shared_example()


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 -- a file that was just written here


def lines(report: Report, language: str) -> list[dict[str, str]]:
    text = export.write(report, "csv", language).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheets(content: bytes) -> dict[str, list[list[tuple[str, str]]]]:
    """Type and value of each cell of each sheet, shared strings put in."""
    with ZipFile(io.BytesIO(content)) as archive:
        shared = [
            "".join(t.text or "" for t in si.iter(f"{SHEET}t"))
            for si in parsed(archive.read("xl/sharedStrings.xml"))
        ]
        book = parsed(archive.read("xl/workbook.xml"))
        names = [s.attrib["name"] for s in book.iter(f"{SHEET}sheet")]
        found = {}
        for number, name in enumerate(names, 1):
            sheet = parsed(archive.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(sheet.iter(f"{SHEET}f")), "a formula"
            found[name] = [
                [
                    ("s", shared[int(v)]) if c.get("t") == "s" else ("n", v)
                    for c in row
                    if (v := c.findtext(f"{SHEET}v")) is not None
                ]
                for row in sheet.iter(f"{SHEET}row")
            ]
        return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", export.FORMATS)
def test_the_same_report_is_the_same_bytes(report: Report, kind: str, language: str) -> None:
    """Twice the same, in every format and language, without a warning from any library."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first = export.write(report, kind, language)
        assert first == export.write(report, kind, language)
    assert first


def test_the_same_answers_give_an_equal_report(report: Report) -> None:
    """Built again of another database, all is equal, to the last figure."""
    assert example() == report


def test_an_unknown_format_chart_or_language_is_named(report: Report) -> None:
    """Each error says what there is instead."""
    with pytest.raises(export.UnknownFormat, match="csv, xlsx"):
        export.write(report, "docx", "en")
    with pytest.raises(export.UnknownFormat, match="bars, dots, trend"):
        export.write(report, "svg", "en", chart="pie")
    with pytest.raises(UnknownLanguage, match="en, fr, ar"):
        export.write(report, "csv", "xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_csv_and_xlsx_have_the_same_numbers(report: Report, language: str) -> None:
    """Every row of every breakdown, to the last digit; hidden rows have none anywhere."""
    data = json.loads(export.write(report, "json", language))
    in_csv = lines(report, language)
    books = sheets(export.write(report, "xlsx", language))
    by_title = list(books.values())
    compared = rates = 0
    for place, breakdown in enumerate(breakdowns(report, Texts(language)), 1):
        csv_rows = [r for r in in_csv if r["table"] == breakdown.name]
        xlsx_rows = by_title[place][1:]
        assert len(csv_rows) == len(xlsx_rows) == len(data[breakdown.name])
        for row, line, cells in zip(data[breakdown.name], csv_rows, xlsx_rows, strict=True):
            numbers = [float(value) for kind, value in cells if kind == "n"]
            if row["hidden"]:
                assert line["answers"] == line["satisfied"] == line["level_1"] == ""
                assert line["note"] in [value for _, value in cells]
                continue
            expected = [row["answers"], *row["distribution"].values()]
            for name in ("satisfied", "dissatisfied"):
                expected += [row[name]["share"], row[name]["low"], row[name]["high"]]
            expected += list(row["mean"].values())
            assert numbers[: len(expected)] == pytest.approx(expected, rel=1e-12)
            assert [float(line[c]) for c in CSV_COLUMNS[4:19]] == expected
            seen = [row[c] for c in ("views", "response_rate") if row[c] is not None]
            assert numbers[len(expected) :] == pytest.approx(seen, rel=1e-12)
            assert [float(line[c]) for c in ("views", "response_rate") if line[c]] == seen
            rates += len(seen) == 2
            compared += 1
    assert compared >= 8
    assert rates >= 3
    assert data["hidden_cells"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_of_numbers_defines_them(report: Report, language: str) -> None:
    """Each note on method of the page is in JSON, CSV and XLSX, in the same words."""
    said = notes(report, Texts(language))
    assert len(said) > 8
    data = json.loads(export.write(report, "json", language))
    assert data["definitions"][-len(said) :] == said
    in_csv = [r["label"] for r in lines(report, language) if r["table"] == "definitions"]
    assert in_csv[-len(said) :] == said
    *_, method = sheets(export.write(report, "xlsx", language)).values()
    assert set(said) <= {value for row in method for _, value in row}


def test_nothing_in_a_spreadsheet_is_run(report: Report) -> None:
    """An article named like a formula is quoted in CSV and plain text in XLSX."""
    keys = [line["key"] for line in lines(report, "en") if "HYPERLINK" in line["key"]]
    assert keys
    assert all(key.startswith("'=") for key in keys)
    text = export.write(report, "csv", "en").decode()
    assert not re.search(r'(^|[,\n]"?)[=@+\t]', text)
    values = [c for s in sheets(export.write(report, "xlsx", "en")).values() for r in s for c in r]
    assert ("s", FORMULA) in values
    assert ("s", "=1+1 <b>&</b>") in values
    assert "'=1+1 <b>&</b>" in [line["label"] for line in lines(report, "en")]


def test_csv_opens_as_utf_8_in_spreadsheets(report: Report) -> None:
    """It begins with the mark that spreadsheets look for, once."""
    content = export.write(report, "csv", "ar")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1


def test_arabic_sheets_run_from_right_to_left(report: Report) -> None:
    """Each sheet of the Arabic workbook, and none of the English one."""
    for language, expected in (("ar", True), ("en", False)):
        with ZipFile(io.BytesIO(export.write(report, "xlsx", language))) as archive:
            names = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
            for name in names:
                assert (b'rightToLeft="1"' in archive.read(name)) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_is_tagged_and_in_its_language(report: Report, language: str) -> None:
    """It claims PDF/UA with a tree of tags, language, direction and alternatives; no date."""
    content = export.write(report, "pdf", language)
    assert content.startswith(b"%PDF-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"/StructTreeRoot" in content
    assert f"/Lang({language})".encode() in content
    assert (b"/Direction/R2L" in content) == (language == "ar")
    assert b"CreationDate" not in content
    assert content.count(b"/Alt") >= 3


def test_a_pdf_of_an_answer_between_two_seconds(report: Report) -> None:
    """Moments have microseconds; a PDF has none."""
    moment = datetime(2026, 3, 10, 12, 0, 0, 123_456, tzinfo=UTC)
    odd = replace(report, generated_from=replace(report.generated_from, last_answer=moment))
    assert export.write(odd, "pdf", "en").startswith(b"%PDF-")


def test_a_json_report_has_the_keys_that_were_promised(report: Report) -> None:
    """As the design lists them; shares are fractions and intervals hold them."""
    data = json.loads(export.write(report, "json", "en"))
    promised = "filters answers views distribution satisfied dissatisfied mean by_language"
    promised += " by_translation trend comparison hidden_cells wording generated_from"
    assert set(promised.split()) <= set(data)
    assert list(data["distribution"]) == ["1", "2", "3", "4", "5"]
    assert set(data["satisfied"]) == {"count", "share", "low", "high"}
    assert set(data["mean"]) == {"value", "low", "high"}
    assert data["satisfied"]["low"] <= data["satisfied"]["share"] <= data["satisfied"]["high"] <= 1
    compared = {"difference", "low", "high", "superiority", "verdict", "stratified"}
    assert compared <= set(data["comparison"])
    assert sum(data["distribution"].values()) == data["answers"]


def test_the_command_offers_every_format_and_every_chart() -> None:
    """What `rayak report` lists without loading the reports is what there is."""
    from survey.commands.report import CHARTS, FORMATS

    assert set(FORMATS) == set(export.FORMATS)
    assert set(CHARTS) == set(Name)
