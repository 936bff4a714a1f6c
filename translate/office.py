"""Word, LibreOffice, PowerPoint and Excel files: zip archives of XML, guarded against bombs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from translate import office_direction, office_notice
from translate.errors import BadFile
from translate.office_guard import XmlGuard, check_names
from translate.xml_text import Dialect, XmlText

LARGEST_UNPACKED = 64 * 1024**2
MOST_PARTS = 5_000
_CHUNK = 1024**2
_INLINE_TEXT = re.compile(rb"<(?:\w+:)?is[\s>]")

# Translates lines of HTML, all at once.
Translate = Callable[[list[str]], list[str]]

_OOXML = "http://schemas.openxmlformats.org"
# Namespaces of the strict variant that Office can save.
_STRICT = "http://purl.oclc.org/ooxml"
_WORD = Dialect(
    namespaces={"w": (f"{_OOXML}/wordprocessingml/2006/main", f"{_STRICT}/wordprocessingml/main")},
    paragraphs=frozenset({"w:p"}),
    text=frozenset({"w:t"}),
    spaced=frozenset({"w:t"}),
    breaks=frozenset({"w:br", "w:tab", "w:cr"}),
)
_SLIDE = Dialect(
    paragraphs=frozenset({"a:p"}),
    text=frozenset({"a:t"}),
    breaks=frozenset({"a:br", "a:tab"}),
    namespaces={"a": (f"{_OOXML}/drawingml/2006/main", f"{_STRICT}/drawingml/main")},
)
_SHEET = Dialect(
    paragraphs=frozenset({"si", "is"}),
    text=frozenset({"t"}),
    spaced=frozenset({"t"}),
    namespaces={"": (f"{_OOXML}/spreadsheetml/2006/main", f"{_STRICT}/spreadsheetml/main")},
)
_OPEN_DOCUMENT = Dialect(
    paragraphs=frozenset({"text:p", "text:h"}),
    breaks=frozenset({"text:line-break", "text:tab"}),
    namespaces={"text": ("urn:oasis:names:tc:opendocument:xmlns:text:1.0",)},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    parts: re.Pattern[str]
    dialect: Dialect
    needed: str
    # Marks an XML part as right-to-left, given the prefix of its elements.
    turned: Callable[[str, str], str] | None = None
    # Puts a notice into the needed part; without it the notice goes into the file's properties.
    noticed: Callable[[str, str, str], str] | None = None


_FORMATS = {
    ".docx": _Format(
        parts=re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml"),
        dialect=_WORD,
        needed="word/document.xml",
        turned=office_direction.word,
        noticed=office_notice.word,
    ),
    ".pptx": _Format(
        parts=re.compile(r"ppt/(?:slides|notesSlides)/[^/]+\.xml"),
        dialect=_SLIDE,
        needed="ppt/presentation.xml",
        turned=office_direction.slide,
    ),
    ".xlsx": _Format(
        parts=re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml"),
        dialect=_SHEET,
        needed="xl/workbook.xml",
    ),
    ".odt": _Format(
        parts=re.compile(r"(?:content|styles)\.xml"),
        dialect=_OPEN_DOCUMENT,
        needed="content.xml",
        noticed=office_notice.open_text,
    ),
}
EXTENSIONS = tuple(_FORMATS)


def translate(
    data: bytes,
    extension: str,
    translate_lines: Translate,
    *,
    right_to_left: bool = False,
    notice: str = "",
) -> bytes:
    """Translate the text of a document; looks, pictures and all else stay as they are.

    :param right_to_left: mark the paragraphs of Word and PowerPoint files as such.
    :param notice: put in as the first paragraph, or into the properties of slides and sheets.
    :raise BadFile: for a file that is no sound document of this kind.
    """
    kind = _FORMATS[extension]
    infos, parts = _read(data, extension, kind.needed)
    check_names(parts)
    guard = XmlGuard()
    texts: dict[str, XmlText] = {}
    spelt: dict[str, dict[str, str]] = {}
    for name in parts:
        if kind.parts.fullmatch(name) and _may_hold_text(name, parts[name]):
            prefixes = spelt[name] = guard.prefixes(name, parts[name])
            try:
                xml = parts[name].decode("utf-8-sig")
                texts[name] = XmlText(xml, kind.dialect.spelt(prefixes))
            except UnicodeDecodeError as error:
                raise BadFile(f"{name} in the {extension} file is not UTF-8") from error
    lines = [line for text in texts.values() for line in text.lines()]
    translated = iter(translate_lines(lines))
    for name, text in texts.items():
        replaced = text.replaced([next(translated) for _ in text.lines()])
        prefix = kind.dialect.prefix(spelt[name])
        if notice and kind.noticed and name == kind.needed:
            replaced = kind.noticed(replaced, prefix, notice)
        if right_to_left and kind.turned:
            replaced = kind.turned(replaced, prefix)
        parts[name] = replaced.encode()
    if notice and not kind.noticed:
        parts |= office_notice.described(parts, notice)
    return _written(infos, parts)


def _may_hold_text(name: str, part: bytes) -> bool:
    """Not so for most sheets: their texts are in a part of their own, and they are large."""
    return not name.startswith("xl/worksheets/") or bool(_INLINE_TEXT.search(part))


def _read(
    data: bytes, extension: str, needed: str
) -> tuple[list[zipfile.ZipInfo], dict[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_PARTS:
                raise BadFile(f"the {extension} file has more than {MOST_PARTS} parts")
            room = LARGEST_UNPACKED
            parts: dict[str, bytes] = {}
            for info in infos:
                part = _part(archive, info, room)
                room -= len(part)
                parts[info.filename] = part
    except BadFile:
        raise
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as e:
        raise BadFile(f"the file is damaged, or no {extension} file") from e
    if needed not in parts or len(parts) != len(infos):
        raise BadFile(f"the file is no {extension} file")
    return infos, parts


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """One part, never more than there is room for, whatever the archive says of its size."""
    chunks: list[bytes] = []
    with archive.open(info) as source:
        while chunk := source.read(_CHUNK):
            room -= len(chunk)
            if room < 0:
                limit = LARGEST_UNPACKED // 1024**2
                raise BadFile(f"the file unpacks to more than {limit} MB")
            chunks.append(chunk)
    return b"".join(chunks)


def _written(infos: list[zipfile.ZipInfo], parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info in infos:
            copy = zipfile.ZipInfo(info.filename, info.date_time)
            copy.external_attr = info.external_attr
            # OpenDocument wants its first part, the media type, uncompressed.
            stored = info.compress_type == zipfile.ZIP_STORED
            copy.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(copy, parts[info.filename])
        for name in parts.keys() - {info.filename for info in infos}:
            archive.writestr(zipfile.ZipInfo(name), parts[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()
