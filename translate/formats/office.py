"""Word, LibreOffice, PowerPoint and Excel files: zip archives of XML, guarded against bombs."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from translate.errors import BadFile
from translate.formats import office_direction, office_notice, office_workbook
from translate.formats.office_dialects import DRAWING, OPEN_DOCUMENT, SHEET, WORD
from translate.formats.office_guard import XmlGuard, check_names
from translate.formats.xml_text import Dialect, XmlText

LARGEST_UNPACKED = 64 * 1024**2
MOST_PARTS = 5_000
_CHUNK = 1024**2
_INLINE_TEXT = re.compile(rb"<(?:\w+:)?is[\s>]")

# Translates lines of HTML, all at once.
Translate = Callable[[list[str]], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    name: re.Pattern[str]
    dialect: Dialect
    # Marks the XML as right-to-left, given the prefix of its elements.
    turned: Callable[[str, str], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    # Those that hold text.
    parts: tuple[_Part, ...]
    needed: str
    # Puts a notice into the needed part; without it the notice goes into the file's properties.
    noticed: Callable[[str, str, str], str] | None = None


def _drawn(folder: str) -> _Part:
    """Charts, and the shapes of a diagram: what it means and how it was drawn last."""
    names = r"(?:charts/chart|diagrams/data|diagrams/drawing)\d*\.xml"
    return _Part(name=re.compile(f"{folder}/{names}"), dialect=DRAWING)


_FORMATS = {
    ".docx": _Format(
        parts=(
            _Part(
                name=re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml"),
                dialect=WORD,
                turned=office_direction.word,
            ),
            _drawn("word"),
        ),
        needed="word/document.xml",
        noticed=office_notice.word,
    ),
    ".pptx": _Format(
        parts=(
            _Part(
                name=re.compile(r"ppt/(?:slides|notesSlides)/[^/]+\.xml"),
                dialect=DRAWING,
                turned=office_direction.slide,
            ),
            _drawn("ppt"),
        ),
        needed="ppt/presentation.xml",
    ),
    ".xlsx": _Format(
        parts=(
            _Part(name=re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml"), dialect=SHEET),
            _Part(name=re.compile(r"xl/drawings/drawing\d*\.xml"), dialect=DRAWING),
            _drawn("xl"),
        ),
        needed="xl/workbook.xml",
    ),
    ".odt": _Format(
        parts=(_Part(name=re.compile(r"(?:content|styles)\.xml"), dialect=OPEN_DOCUMENT),),
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
    texts = _texts(parts, kind, extension)
    lines = [line for found in texts for line in found.xml.lines()]
    translated = _in_order(texts, translate_lines(lines), translate_lines)
    if extension == ".xlsx":
        translated = _fitting(parts, texts, lines, translated)
    done = iter(translated)
    for found in texts:
        replaced = found.xml.replaced([next(done) for _ in found.xml.lines()])
        if notice and kind.noticed and found.name == kind.needed:
            replaced = kind.noticed(replaced, found.prefix, notice)
        if right_to_left and found.part.turned:
            replaced = found.part.turned(replaced, found.prefix)
        parts[found.name] = replaced.encode()
    if notice and not kind.noticed:
        parts |= office_notice.described(parts, notice)
    return _written(infos, parts)


@dataclass(frozen=True, slots=True)
class _Text:
    """A part with text; `prefix` is that of its elements."""

    name: str
    part: _Part
    prefix: str
    xml: XmlText


def _texts(parts: dict[str, bytes], kind: _Format, extension: str) -> list[_Text]:
    guard = XmlGuard()
    kept = office_workbook.fixed(parts) if extension == ".xlsx" else frozenset()
    found: list[_Text] = []
    for name in parts:
        part = next((p for p in kind.parts if p.name.fullmatch(name)), None)
        if part is None or not _may_hold_text(name, parts[name]):
            continue
        prefixes = guard.prefixes(name, parts[name])
        try:
            xml = XmlText(
                parts[name].decode("utf-8-sig"),
                part.dialect.spelt(prefixes),
                lambda text: office_workbook.plain(text) in kept,
            )
        except UnicodeDecodeError as error:
            raise BadFile(f"{name} in the {extension} file is not UTF-8") from error
        found.append(_Text(name, part, part.dialect.prefix(prefixes), xml))
    return found


def _in_order(texts: list[_Text], translated: list[str], translate_lines: Translate) -> list[str]:
    """The lines, in pieces where a page number changed places: "Page 1 of 5" is three of them."""
    done = list(translated)
    owners = [(found.xml, number) for found in texts for number in range(len(found.xml.lines()))]
    pieces = {
        at: found
        for at, (xml, number) in enumerate(owners)
        if (found := xml.pieces(number, translated[at]))
    }
    if not pieces:
        return done
    again = iter(translate_lines([piece for found in pieces.values() for piece in found]))
    for at, found in pieces.items():
        xml, number = owners[at]
        done[at] = xml.put_together(number, [next(again) for _ in found])
    return done


def _fitting(
    parts: dict[str, bytes], texts: list[_Text], lines: list[str], translated: list[str]
) -> list[str]:
    """The lines of a workbook as its tables can have them, whose columns are renamed with them."""
    plain = [text for found in texts for text in found.xml.texts()]
    new = {
        old: html.unescape(re.sub(r"<[^>]*>", "", line))
        for old, line in zip(plain, translated, strict=True)
    }
    doubled = office_workbook.doubled(office_workbook.columns_of(parts).values(), new)
    parts |= office_workbook.retitled(parts, {k: v for k, v in new.items() if k not in doubled})
    return [
        line if text in doubled else done
        for text, line, done in zip(plain, lines, translated, strict=True)
    ]


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
