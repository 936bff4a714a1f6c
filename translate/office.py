"""Word, LibreOffice, PowerPoint and Excel files: zip archives of XML, guarded against bombs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from translate.errors import BadFile
from translate.xml_text import Dialect, XmlText

LARGEST_UNPACKED = 64 * 1024**2
MOST_PARTS = 5_000
_CHUNK = 1024**2

# Translates lines of HTML, all at once.
Translate = Callable[[list[str]], list[str]]

_WORD = Dialect(
    paragraphs=frozenset({"w:p"}),
    text=frozenset({"w:t"}),
    breaks=frozenset({"w:br", "w:tab", "w:cr"}),
)
_SLIDE = Dialect(
    paragraphs=frozenset({"a:p"}), text=frozenset({"a:t"}), breaks=frozenset({"a:br", "a:tab"})
)
_SHEET = Dialect(paragraphs=frozenset({"si", "is"}), text=frozenset({"t"}))
_OPEN_DOCUMENT = Dialect(
    paragraphs=frozenset({"text:p", "text:h"}), breaks=frozenset({"text:line-break", "text:tab"})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    parts: re.Pattern[str]
    dialect: Dialect
    needed: str


_FORMATS = {
    ".docx": _Format(
        parts=re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml"),
        dialect=_WORD,
        needed="word/document.xml",
    ),
    ".pptx": _Format(
        parts=re.compile(r"ppt/(?:slides|notesSlides)/[^/]+\.xml"),
        dialect=_SLIDE,
        needed="ppt/presentation.xml",
    ),
    ".xlsx": _Format(
        parts=re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml"),
        dialect=_SHEET,
        needed="xl/workbook.xml",
    ),
    ".odt": _Format(
        parts=re.compile(r"(?:content|styles)\.xml"), dialect=_OPEN_DOCUMENT, needed="content.xml"
    ),
}
EXTENSIONS = tuple(_FORMATS)


def translate(data: bytes, extension: str, translate_lines: Translate) -> bytes:
    """Translate the text of a document; looks, pictures and all else stay as they are.

    :raise BadFile: for a file that is no sound document of this kind.
    """
    kind = _FORMATS[extension]
    infos, parts = _read(data, extension, kind.needed)
    texts: dict[str, XmlText] = {}
    for name in parts:
        if kind.parts.fullmatch(name):
            try:
                texts[name] = XmlText(parts[name].decode("utf-8-sig"), kind.dialect)
            except UnicodeDecodeError as error:
                raise BadFile(f"{name} in the {extension} file is not UTF-8") from error
    lines = [line for text in texts.values() for line in text.lines()]
    translated = iter(translate_lines(lines))
    for name, text in texts.items():
        replaced = text.replaced([next(translated) for _ in text.lines()])
        parts[name] = replaced.encode()
    return _written(infos, parts)


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
    return out.getvalue()
