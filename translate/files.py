"""Documents in, documents out: the layout stays, the text is translated in one batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from sqlalchemy.orm import Session

from translate import office, plain_files
from translate.errors import BadFile, FileTooLarge
from translate.languages import direction
from translate.service import TranslationService

EXTENSIONS = (".txt", ".md", ".html", ".htm", *office.EXTENSIONS, ".srt", ".vtt", ".po")


def extension_of(name: str) -> str:
    """The extension of a file name, if files of this kind are translated.

    :raise BadFile: for any other.
    """
    extension = PurePath(name.lower()).suffix
    if extension not in EXTENSIONS:
        raise BadFile(f"file format not supported; these are: {' '.join(EXTENSIONS)}")
    return extension


def translate_file(
    service: TranslationService,
    session: Session | None,
    data: bytes,
    extension: str,
    source: str,
    target: str,
    *,
    text_limit: int,
    admit: Callable[[int], None] = lambda _characters: None,
) -> bytes:
    """Translate a document.

    :param text_limit: the most characters of text in it.
    :param admit: told the characters of text before they are translated; may refuse by raising.
    :raise BadFile: for a file that is not what its extension says.
    :raise FileTooLarge: for more text than that.
    :raise TranslateError: as `TranslationService.translate` does.
    """

    def measured(texts: list[str]) -> list[str]:
        size = sum(map(len, texts))
        if size > text_limit:
            raise FileTooLarge(f"file text ({size}) exceeds text limit ({text_limit})")
        admit(size)
        return texts

    def lines(markup: list[str]) -> list[str]:
        done = service.translate(measured(markup), source, target, session=session, html=True)
        return [d.text for d in done]

    def plain(texts: list[str]) -> list[str]:
        done = service.translate(measured(texts), source, target, session=session)
        return [d.text for d in done]

    if extension in office.EXTENSIONS:
        return office.translate(data, extension, lines, right_to_left=direction(target) == "rtl")
    if extension == ".po":
        return plain_files.catalogue(data, target, lines)
    text = _text(data)
    if extension in (".html", ".htm"):
        return lines([text])[0].encode()
    if extension == ".md":
        return plain_files.markdown(text, lines).encode()
    if extension in (".srt", ".vtt"):
        return plain_files.subtitles(text, lines).encode()
    return plain([text])[0].encode()


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"the file is not UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise BadFile("the file is no text: it holds NUL characters")
    return text
