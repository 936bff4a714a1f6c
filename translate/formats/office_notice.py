"""The disclaimer inside Word, LibreOffice, PowerPoint and Excel files."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from translate.formats.html_tokens import Kind, tokenize

_CORE = "docProps/core.xml"
_TYPES, _RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_DESCRIPTION = re.compile(
    r"(<(?:\w+:)?description(?:\s[^>]*)?)(?:/>|>(.*?)(</(?:\w+:)?description>))"
)
# What the schema wants before the first paragraph of a LibreOffice text.
_BEFORE_TEXT = frozenset(
    {
        "office:forms",
        "text:tracked-changes",
        "text:variable-decls",
        "text:sequence-decls",
        "text:user-field-decls",
        "text:dde-connection-decls",
        "text:alphabetical-index-auto-mark-file",
        "table:calculation-settings",
        "table:content-validations",
        "table:label-ranges",
    }
)


def word(xml: str, prefix: str, notice: str) -> str:
    """The first paragraph of a Word document, in italics.

    :param prefix: of the document's elements, with its colon.
    """
    w, words = prefix, html.escape(notice, quote=False)
    paragraph = (
        f"<{w}p><{w}r><{w}rPr><{w}i/></{w}rPr>"
        f'<{w}t xml:space="preserve">{words}</{w}t></{w}r></{w}p>'
    )
    return re.sub(
        rf"<{re.escape(w)}body(?:\s[^>]*)?(?<!/)>", lambda m: m.group() + paragraph, xml, count=1
    )


def open_text(xml: str, prefix: str, notice: str) -> str:
    """The first paragraph of a LibreOffice text.

    :param prefix: of its text elements, with its colon.
    """
    words = html.escape(notice, quote=False)
    at, depth, inside = 0, 0, False
    for token in tokenize(xml):
        if inside and depth == 0 and token.kind is Kind.OPEN and token.name not in _BEFORE_TEXT:
            return f"{xml[:at]}<{prefix}p>{words}</{prefix}p>{xml[at:]}"
        at += len(token.raw)
        if not inside:
            inside = token.kind is Kind.OPEN and token.name == "office:text"
        elif not token.raw.endswith("/>"):
            depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
    return xml


def described(parts: Mapping[str, bytes], notice: str) -> dict[str, bytes]:
    """The parts that say what a file is, with the notice in its description.

    A line put on a slide or into a cell would break the layout; every program shows the
    description among the properties, as "Comments".

    :return: the changed and new parts; none for a file without a table of its parts.
    """
    words = html.escape(notice, quote=False)
    if _CORE in parts:
        return {_CORE: _added(parts[_CORE].decode("utf-8-sig"), words).encode()}
    if _TYPES not in parts or _RELATIONSHIPS not in parts:
        return {}
    core = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<cp:coreProperties xmlns:cp="{_NAMESPACE}/metadata/core-properties"'
        f' xmlns:dc="{_DUBLIN}"><dc:description>{words}</dc:description></cp:coreProperties>'
    )
    relationship = (
        f'<Relationship Id="rayakNotice" Target="{_CORE}"'
        f' Type="{_NAMESPACE}/relationships/metadata/core-properties"/>'
    )
    override = f'<Override PartName="/{_CORE}" ContentType="{_CORE_TYPE}"/>'
    return {
        _CORE: core.encode(),
        _TYPES: _before(parts[_TYPES], "</Types>", override),
        _RELATIONSHIPS: _before(parts[_RELATIONSHIPS], "</Relationships>", relationship),
    }


def _added(core: str, words: str) -> str:
    """The properties with the words before what their description says."""

    def put(match: re.Match[str]) -> str:
        opening, old, closing = match.groups()
        name = opening[1:].split()[0]
        return f"{opening}>{words}{' ' + old if old else ''}{closing or f'</{name}>'}"

    changed, found = _DESCRIPTION.subn(put, core, count=1)
    if found:
        return changed
    own = f'<dc:description xmlns:dc="{_DUBLIN}">{words}</dc:description>'
    return re.sub(r"</(?:\w+:)?coreProperties>\s*\Z", lambda m: own + m.group(), core)


def _before(part: bytes, end: str, element: str) -> bytes:
    head, found, tail = part.decode("utf-8-sig").rpartition(end)
    return f"{head}{element}{found}{tail}".encode() if found else part
