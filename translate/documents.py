"""A text or an HTML document taken apart into sentences, and put together from translations."""

from __future__ import annotations

import html as html_module
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from translate.argos.package_folder import Package
from translate.formats import html_document
from translate.formats.html_document import HtmlDocument
from translate.memory import Remembered
from translate.models import Origin
from translate.results import Provenance, Segment, Translated
from translate.sentences.inline import Marked
from translate.text import Piece, rewrapped, split, unwrapped

Document = list[Piece] | HtmlDocument

# Whether it is markup, and the sentence as it is remembered.
Key = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class Done:
    """Every sentence's translation; `fresh` are those that were made just now."""

    translated: Mapping[Key, Remembered]
    fresh: frozenset[Key]


def read(text: str, language: str, *, html: bool) -> Document:
    """Take a text apart."""
    return html_document.parse(text, language) if html else split(text, language)


def key_of(sentence: Marked) -> Key:
    """How a sentence is remembered: with its tags' markers when it has tags."""
    if sentence.tags or sentence.objects:
        return True, sentence.markup
    return False, sentence.text


def sentences(document: Document) -> Iterator[Marked]:
    """The sentences of a document, and those of the attributes that hold language."""
    if isinstance(document, HtmlDocument):
        yield from document.sentences()
        for value in document.attributes:
            for piece in split(value, document.language):
                if piece.sentence:
                    yield _plain(piece)
    else:
        yield from (_plain(piece) for piece in document if piece.sentence)


def _plain(piece: Piece) -> Marked:
    return Marked(text=unwrapped(piece.text))


def assembled(
    document: Document, done: Done, route: tuple[Package, ...], source: str, target: str
) -> Translated:
    """The document in the other language, with its segments."""
    out: list[str] = []
    segments: list[Segment] = []
    at: int | None = None if isinstance(document, HtmlDocument) else 0
    target_at = 0
    for sentence, original, text in _pieces(document, done, source, target):
        if sentence is not None:
            known = done.translated[key_of(sentence)]
            segments.append(
                Segment(
                    source=sentence.text,
                    target=text,
                    start=at,
                    end=None if at is None else at + len(original),
                    target_start=target_at,
                    target_end=target_at + len(text),
                    provenance=_provenance(known, is_fresh=key_of(sentence) in done.fresh),
                    flags=tuple(sorted(known.flags)),
                )
            )
        out.append(text)
        at = None if at is None else at + len(original)
        target_at += len(text)
    return Translated(text="".join(out), segments=tuple(segments), packages=route)


def _pieces(
    document: Document, done: Done, source: str, target: str
) -> Iterator[tuple[Marked | None, str, str]]:
    """What a document becomes, in order: its sentence, if it is one, the source, the result."""
    if not isinstance(document, HtmlDocument):
        for piece in document:
            sentence = _plain(piece) if piece.sentence else None
            yield sentence, piece.text, _plain_translation(piece, done)
        return

    def markup(sentence: Marked) -> str:
        known = done.translated[key_of(sentence)].target
        return known if key_of(sentence)[0] else html_module.escape(known, quote=False)

    def attribute(value: str) -> str:
        pieces = split(value, document.language)
        return "".join(_plain_translation(piece, done) for piece in pieces)

    for part in document.assemble(markup, attribute, source, target):
        if isinstance(part, tuple):
            yield part[0], "", part[1]
        else:
            yield None, "", part


def _plain_translation(piece: Piece, done: Done) -> str:
    if not piece.sentence:
        return piece.text
    return rewrapped(done.translated[key_of(_plain(piece))].target, piece.text)


def _provenance(known: Remembered, *, is_fresh: bool) -> Provenance:
    if is_fresh:
        return Provenance.MACHINE
    if known.origin is Origin.MACHINE:
        return Provenance.MEMORY
    return Provenance(known.origin.value)
