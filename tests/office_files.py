"""Small documents of each kind, and what may be done to their texts."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable

from translate.formats.html_tokens import Kind, tokenize

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


def words(change: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    """Every text changed, every tag and all code as it was."""

    def line(markup: str) -> str:
        out: list[str] = []
        in_code = False
        for token in tokenize(markup):
            if token.name == "code":
                in_code = token.kind is Kind.OPEN
            changes = token.kind is Kind.TEXT and not in_code
            out.append(
                html.escape(change(html.unescape(token.raw)), quote=False) if changes else token.raw
            )
        return "".join(out)

    return lambda lines: [line(markup) for markup in lines]
