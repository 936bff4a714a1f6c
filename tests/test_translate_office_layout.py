"""Office documents keep what programs compute and compare, and where looks begin and end."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from tests.office_files import archive, part, words
from translate.formats import office

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DRAWN = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
Translate = Callable[[list[str]], list[str]]


def text(xml: str) -> str:
    return html.unescape(re.sub(r"(?:<[^>]*>)+", "|", xml)).strip("|")


def docx(body: str, translate: Translate, **more: str) -> str:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    data = archive({"word/document.xml": document, **more})
    return part(office.translate(data, ".docx", translate), "word/document.xml")


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def shown(xml: str) -> list[str]:
    """The text of each run."""
    return re.findall(r"<w:t(?:\s[^>]*)?>([^<]*)", xml)


def field(instruction: str, result: str) -> str:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return char("begin") + code + char("separate") + result + char("end")


PARTS = run("Page "), field(" PAGE ", run("1")), run(" of "), field(" NUMPAGES ", run("5"))
PAGE = f"<w:p>{''.join(PARTS)}</w:p>"


def test_no_word_gets_into_a_page_number() -> None:
    """Word would throw it away when it counts the pages anew."""
    xml = docx(PAGE, words(str.upper))
    assert shown(xml) == ["PAGE ", "1", " OF ", "5"]
    assert " NUMPAGES " in xml


@pytest.mark.timeout(40)
def test_a_paragraph_of_thousands_of_runs_and_fields_is_no_hang() -> None:
    """In proportion it is seconds' work; a look at all runs for each of them takes minutes."""
    xml = docx(f"<w:p>{''.join(PARTS) * 4_000}</w:p>", words(str.upper))
    assert shown(xml) == ["PAGE ", "1", " OF ", "5"] * 4_000


def test_where_page_numbers_change_places_the_words_around_them_are_translated_one_by_one() -> None:
    asked: list[list[str]] = []

    def turned(lines: list[str]) -> list[str]:
        asked.append(lines)
        if len(asked) == 1:
            ids = re.findall(r'id="(\d+)"', lines[0])
            five, one = f'<code id="{ids[3]}">5</code>', f'<code id="{ids[1]}">1</code>'
            return [f'{five} <span id="{ids[0]}">Seite</span> {one}']
        return [{"Page": "Seite", "of": "von"}[line] for line in lines]

    xml = docx(PAGE, turned)
    assert shown(xml) == ["Seite ", "1", " von ", "5"]
    assert asked[1] == ["Page", "of"]


@pytest.mark.parametrize(
    ("instruction", "becomes"),
    [
        (' DATE \\@ "d MMMM" ', "3 March"),
        (" MERGEFIELD Name ", "3 March"),
        (" TOC \\o ", "3 MARCH"),
        (' HYPERLINK "https://example.org" ', "3 MARCH"),
    ],
)
def test_of_fields_only_those_of_text_are_translated(instruction: str, becomes: str) -> None:
    xml = docx(f"<w:p>{run('On ')}{field(instruction, run('3 March'))}</w:p>", words(str.upper))
    assert shown(xml) == ["ON ", becomes]


def test_the_number_of_a_page_inside_contents_stays_and_the_heading_is_translated() -> None:
    inner = run("Chapter one") + "<w:r><w:tab/></w:r>" + field(" PAGEREF _Toc1 ", run("vii"))
    xml = docx(f"<w:p>{field(' TOC ', inner)}</w:p>", words(str.upper))
    assert shown(xml) == ["CHAPTER ONE", "vii"]


def test_a_look_ends_with_its_last_word() -> None:
    """The space stays outside a link, as in the source."""

    def carried(lines: list[str]) -> list[str]:
        ids = re.findall(r'id="(\d+)"', lines[0])
        french = zip(ids, ("Voir", "le port", "ici"), strict=True)
        return [" ".join(f'<span id="{n}">{text}</span>' for n, text in french)]

    xml = docx(f"<w:p>{run('See ')}{run('the port')}{run(' here')}</w:p>", carried)
    assert shown(xml) == ["Voir ", "le port", " ici"]


def odt(body: str, translate: Translate) -> str:
    names = " ".join(
        f'xmlns:{n}="{ODF}:{u}:1.0"'
        for n, u in {"text": "text", "office": "office", "svg": "svg-compatible"}.items()
    )
    content = f"<c {names} xmlns:dc='dc'>{body}</c>"
    data = archive({"mimetype": "application/x", "content.xml": content})
    return text(part(office.translate(data, ".odt", translate), "content.xml"))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            "<text:p>Page <text:page-number>i</text:page-number> of it</text:p>",
            "PAGE |i| OF IT",
        ),
        (
            "<text:p>Rabat<text:note><text:note-citation>a</text:note-citation><text:note-body>"
            "<text:p>By sea.</text:p></text:note-body></text:note> waits.</text:p>",
            "RABAT|a|BY SEA.| WAITS.",
        ),
        (
            "<text:p>The<office:annotation><dc:creator>Amina</dc:creator><text:p>Why?</text:p>"
            "</office:annotation> end</text:p>",
            "THE|Amina|WHY?| END",
        ),
        (
            "<text:p>See <draw:frame xmlns:draw='d'><svg:title>The sea</svg:title></draw:frame> now"
            "</text:p>",
            "SEE |THE SEA| NOW",
        ),
    ],
    ids=["page number", "footnote", "comment", "picture"],
)  # fmt: skip
def test_in_open_document_only_words_are_translated(body: str, found: str) -> None:
    assert odt(body, words(str.upper)) == found


def workbook(
    cells: list[str], translate: Translate, more: dict[str, str] | None = None, formula: str = ""
) -> dict[str, str]:
    strings = "".join(f"<si><t>{html.escape(c)}</t></si>" for c in cells)
    parts = {
        "xl/workbook.xml": "<x/>",
        "xl/sharedStrings.xml": f"<sst {SHEET}>{strings}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {SHEET}>{formula}</worksheet>",
        **(more or {}),
    }
    done = office.translate(archive(parts), ".xlsx", translate)
    return {name: part(done, name) for name in parts}


def table(*columns: str) -> dict[str, str]:
    made = "".join(f'<tableColumn id="{n}" name="{c}"/>' for n, c in enumerate(columns, 1))
    return {"xl/tables/table1.xml": f"<table {SHEET}><tableColumns>{made}</tableColumns></table>"}


def columns(xml: str) -> list[str]:
    return re.findall(r'<tableColumn [^>]*name="([^"]*)"', xml)


def cells(xml: str) -> list[str]:
    return re.findall(r"<t[^>]*>([^<]*)</t>", xml)


def test_columns_of_a_table_are_called_as_the_cells_above_them() -> None:
    """Excel calls the file damaged where they differ."""
    done = workbook(["Country", "Schools"], words(str.upper), table("Country", "Schools"))
    assert cells(done["xl/sharedStrings.xml"]) == ["COUNTRY", "SCHOOLS"]
    assert columns(done["xl/tables/table1.xml"]) == ["COUNTRY", "SCHOOLS"]


def test_two_columns_that_would_be_called_the_same_keep_apart() -> None:
    done = workbook(["Count", "Number"], words(lambda _text: "Nombre"), table("Count", "Number"))
    assert cells(done["xl/sharedStrings.xml"]) == ["Nombre", "Number"]
    assert columns(done["xl/tables/table1.xml"]) == ["Nombre", "Number"]


@pytest.mark.parametrize(
    "formula",
    [
        "<c><f>SUM(T1[Country])</f></c>",
        '<c><f>IF(A1="country",1,0)</f></c>',
        '<dataValidation type="list"><formula1>"Country,Town"</formula1></dataValidation>',
        '<filterColumn><filters><filter val="Country"/></filters></filterColumn>',
    ],
    ids=["column by name", "comparison", "list to choose from", "filter"],
)
def test_what_formulas_lists_and_filters_go_by_stays(formula: str) -> None:
    done = workbook(
        ["Country", "The sea"], words(str.upper), table("Country"), html.unescape(formula)
    )
    assert cells(done["xl/sharedStrings.xml"]) == ["Country", "THE SEA"]
    assert columns(done["xl/tables/table1.xml"]) == ["Country"]
    assert formula in done["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    ("extension", "needed", "name"),
    [
        (".pptx", "ppt/presentation.xml", "ppt/charts/chart7.xml"),
        (".docx", "word/document.xml", "word/charts/chart1.xml"),
        (".xlsx", "xl/workbook.xml", "xl/charts/chart1.xml"),
        (".pptx", "ppt/presentation.xml", "ppt/diagrams/data1.xml"),
        (".xlsx", "xl/workbook.xml", "xl/drawings/drawing1.xml"),
    ],
)
def test_the_words_of_charts_and_diagrams_are_translated(
    extension: str, needed: str, name: str
) -> None:
    drawn = (
        f"<c:chart {DRAWN}><a:p><a:r><a:t>Visitors</a:t></a:r></a:p><c:strCache><c:pt><c:v>Schools"
        "</c:v></c:pt></c:strCache><c:numCache><c:pt><c:v>25</c:v></c:pt></c:numCache></c:chart>"
    )
    data = archive({needed: f"<w:document {W}/>", name: drawn})
    done = part(office.translate(data, extension, words(str.upper), right_to_left=True), name)
    assert done == drawn.replace("Visitors", "VISITORS").replace("Schools", "SCHOOLS")
