"""Documents keep their layout to the byte, and unsound ones are refused."""

from __future__ import annotations

import html
import io
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest
import xlsxwriter

from translate import office, plain_files
from translate.errors import BadFile
from translate.files import extension_of
from translate.html_tokens import Kind, tokenize

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCUMENT = (
    f'<?xml version="1.0"?><w:document {W}><w:body><w:p><w:pPr><w:b/></w:pPr>'
    '<w:r><w:t xml:space="preserve">The port of </w:t></w:r><w:r>'
    "<w:rPr><w:b/></w:rPr><w:t>Rabat</w:t></w:r>"
    '<w:r><w:t xml:space="preserve"> &amp; its ships.</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>One</w:t><w:br/><w:t>Two</w:t>"
    "</w:r></w:p><w:p><w:r><w:t>2026</w:t></w:r></w:p><w:p/></w:body></w:document>"
)
CONTENT = (
    '<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:text="t">'
    "<text:h>Title</text:h><text:p>Hello <text:span>there</text:span>, reader."
    "<text:note><text:p>A note.</text:p></text:note></text:p></office:document-content>"
)
SLIDE = (
    '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>Slide one</a:t></a:r></a:p>'
    "<a:p><a:fld><a:t>4</a:t></a:fld></a:p></p:sld>"
)


def archive(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


DOCX = {"[Content_Types].xml": "<x/>", "word/document.xml": DOCUMENT, "word/media/a.png": b"\x89"}
ODT = {"mimetype": "application/x", "content.xml": CONTENT}
PPTX = {"ppt/presentation.xml": "<x/>", "ppt/slides/slide1.xml": SLIDE}


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def same(lines: list[str]) -> list[str]:
    return list(lines)


def capitals(lines: list[str]) -> list[str]:
    """Every text in capitals, every tag as it was."""

    def shout(raw: str) -> str:
        return html.escape(html.unescape(raw).upper(), quote=False)

    return [
        "".join(shout(t.raw) if t.kind is Kind.TEXT else t.raw for t in tokenize(line))
        for line in lines
    ]


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


def test_entities_of_a_document_type_are_not_read() -> None:
    """No file of ours, and no billion laughs, comes in by way of an entity."""
    evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + DOCUMENT.replace(
        "Rabat", "&a;"
    )

    out = part(office.translate(archive({"word/document.xml": evil}), ".docx", capitals),
               "word/document.xml")  # fmt: skip

    assert "root:" not in out


MARKDOWN = """---
title: Kept
---
# The port of *Rabat*

- See [the **ships**](https://x.example/a_b "t") and `code here`.
1. A picture: ![kept](a.png)

> Quoted text, 2 * 3 * 4.

```
not this
```

    nor this
| cell one | cell two |
"""


def test_markdown_keeps_its_marks() -> None:
    assert plain_files.markdown(MARKDOWN, same) == MARKDOWN

    out = plain_files.markdown(MARKDOWN, capitals)

    assert "# THE PORT OF *RABAT*" in out
    assert '- SEE [THE **SHIPS**](https://x.example/a_b "t") AND ' in out
    assert "title: Kept" in out
    assert "not this" in out
    assert "    nor this" in out


SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nThe <i>port</i> & ships\r\nof Rabat\r\n\r\n2\r\n"
VTT = "WEBVTT\n\nNOTE kept\n\n00:01.000 --> 00:02.000 align:start\nA &amp; b <c.x>d</c>\n"


def test_subtitles_keep_numbers_timings_and_tags() -> None:
    assert plain_files.subtitles(SRT, same) == SRT
    assert plain_files.subtitles(VTT, same) == VTT

    assert "THE <i>PORT</i> & SHIPS\r\nOF RABAT" in plain_files.subtitles(SRT, capitals)
    out = plain_files.subtitles(VTT, capitals)
    assert "A &amp; B <c.x>D</c>" in out
    assert "NOTE kept" in out


def test_a_catalogue_is_filled_and_marked_for_a_person() -> None:
    data = (
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        b'msgid "Send %(n)s ships & more"\nmsgstr ""\n\nmsgid "Kept"\nmsgstr "Garde"\n'
    )

    out = plain_files.catalogue(data, "fr", capitals).decode()

    assert "fuzzy" in out
    assert 'msgstr "Garde"' in out
    assert "SHIPS & MORE" in out


@pytest.mark.parametrize("data", [b"", b"rubbish \xff", b'msgid "a\n', b"PK\3\4"])
def test_what_is_no_catalogue_is_refused_or_empty(data: bytes) -> None:
    try:
        out = plain_files.catalogue(data, "fr", same)
    except BadFile:
        return
    assert b"msgid" in out


@pytest.mark.parametrize("name", ["a.exe", "a", ".docx.exe", "a.pdf", "../a.doc", "a.docx\0"])
def test_other_extensions_are_refused(name: str) -> None:
    with pytest.raises(BadFile, match="not supported"):
        extension_of(name)
    assert extension_of("A Report.DOCX") == ".docx"
