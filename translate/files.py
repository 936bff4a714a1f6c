"""Documents in, documents out: the layout stays, the text is translated in one batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from sqlalchemy.orm import Session

from translate.errors import BadFile, FileTooLarge
from translate.formats import markdown, messages, notices, office, subtitles
from translate.languages import direction
from translate.results import Translated
from translate.service import TranslationService

EXTENSIONS = (".txt", ".md", ".html", ".htm", *office.EXTENSIONS, ".srt", ".vtt", ".po")

# A text file of more bytes a character of the limit is refused before it is read. Not an office
# file: it may hold pictures.
_MOST_BYTES = 10


def extension_of(name: str) -> str:
    """The extension of a file name, if files of this kind are translated.

    :raise BadFile: for any other.
    """
    extension = PurePath(name.lower()).suffix
    if extension not in EXTENSIONS:
        raise BadFile(f"file format not supported; these are: {' '.join(EXTENSIONS)}")
    return extension


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedFile:
    """A document in the other language, with its sentences in the order of the document."""

    data: bytes
    result: Translated


def translate_file(
    service: TranslationService,
    session: Session | None,
    data: bytes,
    extension: str,
    source: str,
    target: str,
    *,
    text_limit: int,
    notice: str = "",
    admit: Callable[[int], None] = lambda _characters: None,
) -> TranslatedFile:
    """Translate a document.

    :param text_limit: the most characters of text in it.
    :param notice: put into the document, in the way of its kind; nothing when empty.
    :param admit: told the characters of text before they are translated; may refuse by raising.
    :raise BadFile: for a file that is not what its extension says.
    :raise FileTooLarge: for more text than that, or a text file of ten times as many bytes.
    :raise TranslateError: as `TranslationService.translate` does.
    """
    if extension not in office.EXTENSIONS and len(data) > _MOST_BYTES * text_limit:
        raise FileTooLarge(f"file ({len(data)} bytes) is too large for text limit {text_limit}")
    results: list[Translated] = []

    def translated(texts: list[str], *, html: bool) -> list[str]:
        size = sum(map(len, texts))
        if size > text_limit:
            raise FileTooLarge(f"file text ({size}) exceeds text limit ({text_limit})")
        if not results:
            # What is translated anew in pieces was admitted as a whole.
            admit(size)
        done = service.translate(texts, source, target, session=session, html=html)
        results.extend(done)
        return [r.text for r in done]

    def lines(markup: list[str]) -> list[str]:
        return translated(markup, html=True)

    if extension in office.EXTENSIONS:
        to_left = direction(target) == "rtl"
        out = office.translate(data, extension, lines, right_to_left=to_left, notice=notice)
    elif extension == ".po":
        text = messages.translate(data, target, lines).decode()
        out = (notices.in_catalogue(text, notice) if notice else text).encode()
    else:
        text = _translated_text(_text(data), extension, translated)
        out = (_noticed(text, extension, notice, target) if notice else text).encode()
    segments = tuple(s for r in results for s in r.segments)
    packages = results[0].packages if results else ()
    return TranslatedFile(
        data=out, result=Translated(text="", segments=segments, packages=packages)
    )


class _Translate(Protocol):
    def __call__(self, texts: list[str], *, html: bool) -> list[str]: ...


def _translated_text(text: str, extension: str, translated: _Translate) -> str:
    def lines(markup: list[str]) -> list[str]:
        return translated(markup, html=True)

    if extension in (".html", ".htm"):
        return lines([text])[0]
    if extension == ".md":
        return markdown.translate(text, lines)
    if extension in (".srt", ".vtt"):
        return subtitles.translate(text, lines)
    return translated([text], html=False)[0]


def _noticed(text: str, extension: str, notice: str, language: str) -> str:
    if extension in (".html", ".htm"):
        return notices.in_html(text, notice, language)
    put = {
        ".md": notices.in_markdown,
        ".srt": notices.in_subrip,
        ".vtt": notices.in_webvtt,
    }.get(extension, notices.in_text)
    return put(text, notice)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"the file is not UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise BadFile("the file is no text: it holds NUL characters")
    return text
