"""A translated document carries the disclaimer in the way of its kind, and nothing else changes."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest
import xlsxwriter
from babel.messages.pofile import read_po

from tests.office_files import DOCX, PPTX, archive, part, same
from translate.formats import notices, office

NOTICE = "Traduit par une <machine> & non relu."
ESCAPED = "Traduit par une &lt;machine&gt; &amp; non relu."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un.\n\nDeux.\n", f"{NOTICE}\n\nUn.\n\nDeux.\n"),
        ("Un.\r\nDeux.", f"{NOTICE}\r\n\r\nUn.\r\nDeux."),
        ("", f"{NOTICE}\n\n"),
    ],
)
def test_a_text_begins_with_it(text: str, expected: str) -> None:
    assert notices.in_text(text, NOTICE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Titre\n", f"> {NOTICE}\n\n# Titre\n"),
        ("---\ntitle: a\n---\n# Titre", f"---\ntitle: a\n---\n\n> {NOTICE}\n\n# Titre"),
        ("---\nsans fin", f"> {NOTICE}\n\n---\nsans fin"),
    ],
)
def test_markdown_has_it_as_a_quotation_after_the_front_matter(text: str, expected: str) -> None:
    assert notices.in_markdown(text, NOTICE) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<p>a</p>"),
        ("<!DOCTYPE html>\n<html lang=fr><head><title>t</title></head><body class='x'>", "<p>a"),
        ("<html><head><script>'<body>'</script></head>", "<h1>a</h1></html>"),
        ("<!doctype html>", "<p>a"),
        ("", "texte seul"),
    ],
)
def test_html_shows_it_first_as_a_note(before: str, after: str) -> None:
    note = f'<p role="note" lang="ar" dir="rtl">{ESCAPED}</p>'

    assert notices.in_html(before + after, NOTICE, "ar") == before + note + after


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nUn\n",
            f"WEBVTT\n\nNOTE {NOTICE}\n\n00:01.000 --> 00:02.000\nUn\n",
        ),
        ("WEBVTT - a\nKind: captions\n", f"WEBVTT - a\nKind: captions\n\n\nNOTE {NOTICE}\n\n"),
    ],
)
def test_webvtt_has_it_as_a_note_and_no_cue_is_touched(text: str, expected: str) -> None:
    assert notices.in_webvtt(text, NOTICE) == expected


def test_a_webvtt_note_never_becomes_a_cue() -> None:
    assert "-->" not in notices.in_webvtt("WEBVTT\n", "a --> b")


def test_subrip_shows_it_before_the_first_cue_and_keeps_all_times() -> None:
    text = "1\n00:00:03,500 --> 00:00:05,000\nUn\n\n2\n00:00:06,000 --> 00:00:07,000\nDeux\n"

    assert notices.in_subrip(text, NOTICE) == (
        f"0\n00:00:00,000 --> 00:00:03,500\n{NOTICE}\n\n{text}"
    )


def test_subrip_that_begins_at_once_shows_it_after_the_last_cue() -> None:
    text = "1\n00:00:00,200 --> 00:01:05,900\nUn\n"

    assert notices.in_subrip(text, NOTICE) == (
        f"{text}\n2\n00:01:05,900 --> 00:01:09,900\n{NOTICE}\n"
    )


def test_a_catalogue_has_it_as_a_comment_of_its_header() -> None:
    text = notices.in_catalogue('msgid ""\nmsgstr ""\n\nmsgid "a"\nmsgstr "b"\n', NOTICE)

    found = read_po(io.StringIO(text))
    assert NOTICE in found.header_comment
    assert [m.string for m in found if m.id] == ["b"]


def test_a_word_file_begins_with_it_from_the_right_in_arabic() -> None:
    plain = office.translate(archive(DOCX), ".docx", same)
    out = office.translate(archive(DOCX), ".docx", same, notice=NOTICE)
    arabic = office.translate(archive(DOCX), ".docx", same, notice="تنبيه", right_to_left=True)

    before, after = part(plain, "word/document.xml"), part(out, "word/document.xml")
    paragraph = (
        f'<w:p><w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">{ESCAPED}</w:t></w:r></w:p>'
    )
    assert after == before.replace("<w:body>", f"<w:body>{paragraph}", 1)
    ET.fromstring(after)  # noqa: S314 -- made here
    first = part(arabic, "word/document.xml").partition("<w:body>")[2].partition("</w:p>")[0]
    assert first.startswith("<w:p><w:pPr><w:bidi/></w:pPr><w:r><w:rPr><w:i/><w:rtl/></w:rPr>")


def test_an_open_document_begins_with_it_after_its_declarations() -> None:
    opening = '<office:text><office:forms/><text:sequence-decls><text:x text:y="z"/>'
    head = '<d xmlns:office="o" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    tail = "</text:sequence-decls><text:list><text:p>Un</text:p></text:list></office:text></d>"
    parts: dict[str, str | bytes] = {"content.xml": head + opening + tail}

    out = part(office.translate(archive(parts), ".odt", same, notice=NOTICE), "content.xml")

    assert f"</text:sequence-decls><text:p>{ESCAPED}</text:p><text:list>" in out
    assert out.replace(f"<text:p>{ESCAPED}</text:p>", "") == head + opening + tail


def test_a_workbook_has_it_in_its_description() -> None:
    """Written by a real program, with properties of its own; the cells stay where they are."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.set_properties({"comments": "Chiffres"})
        book.add_worksheet().write("A1", "Livres")

    out = office.translate(made.getvalue(), ".xlsx", same, notice=NOTICE)

    core = ET.fromstring(part(out, "docProps/core.xml"))  # noqa: S314 -- made here
    assert [e.text for e in core.iter("{http://purl.org/dc/elements/1.1/}description")] == [
        f"{NOTICE} Chiffres"
    ]
    assert "Livres" in part(out, "xl/sharedStrings.xml")
    assert NOTICE not in part(out, "xl/sharedStrings.xml")


def test_slides_without_properties_get_them() -> None:
    parts = {
        **PPTX,
        "[Content_Types].xml": '<Types xmlns="t"><Default/></Types>',
        "_rels/.rels": '<Relationships xmlns="r"></Relationships>',
    }

    out = office.translate(archive(parts), ".pptx", same, notice=NOTICE)

    core = ET.fromstring(part(out, "docProps/core.xml"))  # noqa: S314 -- made here
    assert [e.text for e in core] == [NOTICE]
    assert "docProps/core.xml" in part(out, "_rels/.rels")
    assert "/docProps/core.xml" in part(out, "[Content_Types].xml")
    assert part(out, "ppt/slides/slide1.xml") == PPTX["ppt/slides/slide1.xml"]


@pytest.mark.parametrize("extension", [".docx", ".pptx"])
def test_without_a_notice_nothing_is_added(extension: str) -> None:
    given = archive(DOCX if extension == ".docx" else PPTX)

    with zipfile.ZipFile(io.BytesIO(office.translate(given, extension, same))) as out:
        assert out.namelist() == zipfile.ZipFile(io.BytesIO(given)).namelist()
