"""Documents keep their layout to the byte, and unsound ones are refused."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest
import xlsxwriter

from tests.office_files import (
    DOCUMENT,
    DOCX,
    ODT,
    PPTX,
    SLIDE,
    archive,
    capitals,
    part,
    same,
)
from translate.errors import BadFile
from translate.files import extension_of
from translate.formats import office
from translate.formats.office_guard import MOST_ELEMENTS


@pytest.mark.parametrize(("parts", "extension"), [(DOCX, ".docx"), (ODT, ".odt"), (PPTX, ".pptx")])
def test_untranslated_a_document_is_the_same_in_every_part(
    parts: dict[str, str | bytes], extension: str
) -> None:
    out = office.translate(archive(parts), extension, same)

    with zipfile.ZipFile(io.BytesIO(out)) as file:
        assert {n: file.read(n) for n in file.namelist()} == {
            n: d if isinstance(d, bytes) else d.encode() for n, d in parts.items()
        }


def test_word_text_changes_and_its_runs_keep_their_looks() -> None:
    out = part(office.translate(archive(DOCX), ".docx", capitals), "word/document.xml")

    ET.fromstring(out)  # noqa: S314 -- what we wrote ourselves
    assert '<w:t xml:space="preserve">THE PORT OF </w:t></w:r><w:r><w:rPr><w:b/>' in out
    assert "<w:t>RABAT</w:t>" in out
    assert "<w:t>ONE</w:t><w:br/><w:t>TWO</w:t>" in out
    assert " &amp; ITS SHIPS." in out
    assert re.sub(r"<w:t[^>]*>[^<]*", "", out) == re.sub(r"<w:t[^>]*>[^<]*", "", DOCUMENT)


def test_a_paragraph_is_one_sentence_whatever_its_runs() -> None:
    seen: list[str] = []

    def note(lines: list[str]) -> list[str]:
        seen.extend(re.sub(r"<[^>]*>", "", line) for line in lines)
        return lines

    office.translate(archive(DOCX), ".docx", note)
    office.translate(archive(ODT), ".odt", note)

    assert seen == [
        "The port of Rabat &amp; its ships.", "One", "Two",
        "Title", "A note.", "Hello there, reader.",
    ]  # fmt: skip


def test_words_that_change_places_between_runs_are_all_kept() -> None:
    """What a translation moves into another run, or between two, is in the document."""

    def turned(lines: list[str]) -> list[str]:
        return [re.sub(r"^(<span[^>]*>)", r"lost \1", line) for line in lines]

    out = part(office.translate(archive(DOCX), ".docx", turned), "word/document.xml")

    assert "lost The port of " in out


def test_a_workbook_made_by_a_program_is_translated() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Data")
        sheet.write("A1", "Ships of the port")
        sheet.write("A2", 12)
        sheet.write_formula("A3", '=CONCAT("kept", A2)')

    out = office.translate(buffer.getvalue(), ".xlsx", capitals)

    assert "SHIPS OF THE PORT" in part(out, "xl/sharedStrings.xml")
    assert "kept" in part(out, "xl/worksheets/sheet1.xml")
    assert 'name="Data"' in part(out, "xl/workbook.xml")


BOMB = archive({"word/document.xml": b"<w:t>" + bytes(80 * 1024**2)})
BAD = {
    "empty": b"",
    "no zip": b"PK\3\4rubbish",
    "another zip": archive({"a": "b"}),
    "bomb": BOMB,
    "not utf-8": archive({"word/document.xml": b"\xff\xfe\x00"}),
    "cut off": archive(DOCX)[:-30],
    "many parts": archive({str(n): "" for n in range(5_001)}),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_an_unsound_document_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        office.translate(data, ".docx", same)


REFUSED = {
    "document type": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + DOCUMENT[21:],
    "half a document": DOCUMENT[:-40],
    "entity of nobody": DOCUMENT.replace("Rabat", "&a;"),
    "deep": "<a>" * 300 + "</a>" * 300,
    "too many elements": "<a>" + "<b/>" * (MOST_ELEMENTS + 1) + "</a>",
}


@pytest.mark.parametrize("xml", REFUSED.values(), ids=REFUSED.keys())
def test_xml_that_no_office_writes_is_refused(xml: str) -> None:
    """No file of ours, and no billion laughs, comes in by way of an entity."""
    with pytest.raises(BadFile, match=r"word/document\.xml|elements"):
        office.translate(archive({**DOCX, "word/document.xml": xml}), ".docx", same)


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "..\\evil", "C:evil"])
def test_a_part_that_would_leave_its_folder_is_refused(name: str) -> None:
    """The answer is unpacked by somebody: it holds no such name."""
    with pytest.raises(BadFile, match="unsafe name"):
        office.translate(archive({**DOCX, name: "x"}), ".docx", same)


def test_other_programs_prefixes_are_read() -> None:
    """A namespace counts, not what a program calls it: nothing stays untranslated unseen."""
    word = re.sub(r"(?<=[</: ])w(?=[:=])", "ns0", DOCUMENT.replace("xmlns:w=", "xmlns:ns0="))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<x:sst xmlns:x="{main}"><x:si><x:t>Ships</x:t></x:si></x:sst>'
    book = {"xl/workbook.xml": "<x/>", "xl/sharedStrings.xml": strings}

    out = part(office.translate(archive({"word/document.xml": word}), ".docx", capitals),
               "word/document.xml")  # fmt: skip

    assert "w:t" not in word
    assert "<ns0:t>RABAT</ns0:t>" in out
    assert "<x:t>SHIPS</x:t>" in part(
        office.translate(archive(book), ".xlsx", capitals), "xl/sharedStrings.xml"
    )


def arabic(lines: list[str]) -> list[str]:
    return [re.sub(r"Rabat|Slide one", "الرباط", line) for line in lines]


def test_an_arabic_word_file_runs_from_right_to_left() -> None:
    """Each paragraph, at the place the schema wants, and each run of Arabic letters, once."""
    styled = DOCUMENT.replace(
        "<w:pPr><w:b/></w:pPr>", '<w:pPr><w:pStyle w:val="a"/><w:bidi w:val="0"/><w:jc/></w:pPr>'
    )
    file = archive({**DOCX, "word/document.xml": styled})

    out = part(office.translate(file, ".docx", arabic, right_to_left=True), "word/document.xml")

    ET.fromstring(out)  # noqa: S314 -- what we wrote ourselves
    assert '<w:p><w:pPr><w:pStyle w:val="a"/><w:bidi/><w:jc/></w:pPr>' in out
    assert "<w:p><w:pPr><w:bidi/></w:pPr><w:r><w:t>One" in out
    assert out.count("<w:bidi/>") == 3
    assert "<w:rPr><w:b/><w:rtl/></w:rPr><w:t>الرباط</w:t>" in out
    assert out.count("<w:rtl/>") == 1
    again = office.translate(
        archive({**DOCX, "word/document.xml": out}), ".docx", same, right_to_left=True
    )
    assert part(again, "word/document.xml") == out


def test_an_arabic_slide_runs_from_right_to_left() -> None:
    slide = SLIDE.replace("<a:p><a:fld>", '<a:p><a:pPr lvl="1" algn="ctr"/><a:fld>')
    file = archive({**PPTX, "ppt/slides/slide1.xml": slide})

    out = part(office.translate(file, ".pptx", arabic, right_to_left=True), "ppt/slides/slide1.xml")

    ET.fromstring(out)  # noqa: S314 -- what we wrote ourselves
    assert '<a:p><a:pPr algn="r" rtl="1"/><a:r><a:t>الرباط' in out
    assert '<a:pPr rtl="1" lvl="1" algn="ctr"/>' in out


@pytest.mark.parametrize("name", ["a.exe", "a", ".docx.exe", "a.pdf", "../a.doc", "a.docx\0"])
def test_other_extensions_are_refused(name: str) -> None:
    with pytest.raises(BadFile, match="not supported"):
        extension_of(name)
    assert extension_of("A Report.DOCX") == ".docx"
