"""A text and its translation side by side, sentence by sentence where that can be told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from translate.text import split, unwrapped

_BLANKS = re.compile(r"[ \t\r\n]+")
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A stretch of the source with its translation.

    `gap` is the layout in front of it; `sentences` are the source's, one where that can be told.
    """

    gap: str
    source: str
    sentences: tuple[str, ...]
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a text, and the layout behind the last of them."""

    rows: tuple[Row, ...]
    end: str

    @property
    def shape(self) -> tuple[int, ...]:
        """How many sentences of the source each row holds."""
        return tuple(len(row.sentences) for row in self.rows)

    @property
    def sentences(self) -> list[str]:
        """Every sentence of the source."""
        return [sentence for row in self.rows for sentence in row.sentences]

    def filled(self, targets: Sequence[str]) -> Sheet:
        """The same rows with other translations, as many."""
        rows = (replace(row, target=t) for row, t in zip(self.rows, targets, strict=True))
        return replace(self, rows=tuple(rows))

    def text(self) -> str:
        """The translation in the layout of the source."""
        parts = []
        for row in self.rows:
            # Two sentences may have become one: then no space is left over.
            parts.append(row.gap if row.target or "\n" in row.gap else row.gap.strip())
            parts.append(row.target)
        return "".join([*parts, self.end]).strip()

    def shaped(self, shape: Sequence[int]) -> Sheet:
        """The same text cut into rows of other sizes; a row takes what stands in its place.

        :raise ValueError: when the sizes do not add up to the sentences of the source.
        """
        singles = [(n, row) for n, row in enumerate(self.rows) for _ in row.sentences]
        if sum(shape) != len(singles) or any(size < 1 for size in shape):
            raise ValueError("these rows are not of this text")
        sources = self.sentences
        rows, at = [], 0
        for size in shape:
            part = singles[at : at + size]
            covered = dict(part)
            whole = len(covered) == 1 and len(part[0][1].sentences) == size
            rows.append(
                Row(
                    gap=part[0][1].gap if at == 0 or part[0][0] != singles[at - 1][0] else " ",
                    source=part[0][1].source if whole else " ".join(sources[at : at + size]),
                    sentences=tuple(sources[at : at + size]),
                    target=" ".join(row.target for row in covered.values() if row.target),
                )
            )
            at += size
        return replace(self, rows=tuple(rows))


@dataclass(slots=True)
class _Paragraph:
    gaps: list[str]
    sentences: list[str]

    def gap(self, number: int) -> str:
        return self.gaps[number]

    @property
    def text(self) -> str:
        """From its first sentence through its last."""
        inner = zip(self.gaps[1:], self.sentences[1:], strict=True)
        return self.sentences[0] + "".join(gap + sentence for gap, sentence in inner)


def side_by_side(
    source: str,
    target: str,
    source_language: str,
    target_language: str,
    known: Mapping[str, Collection[str]],
) -> Sheet:
    """Put a text and its translation next to each other.

    A paragraph is cut into sentences when remembered translations make it up, or when both sides
    have as many; else it is one row. Where the paragraphs differ in number, all is one row.

    :param known: translations of sentences that may stand in the text.
    """
    ours, end = _cut(source, source_language)
    theirs, _ = _cut(target, target_language)
    if not target.strip():
        rows = [row for p in ours for row in _apart(p, [""] * len(p.sentences))]
    elif len(ours) == len(theirs):
        rows = [row for a, b in zip(ours, theirs, strict=True) for row in _rows(a, b, known)]
    elif ours:
        everything = _together(ours)
        rows = [_whole(everything, target.strip())]
    else:
        rows = []
    return Sheet(rows=tuple(rows), end=end)


def tidy(typed: str, row: Row) -> str:
    """What a person typed into a row, as it is kept: on one line, unless the source is on more."""
    text = _LINE_ENDS.sub("\n", typed.replace("\0", "")).strip()
    return text if "\n" in row.source else _BLANKS.sub(" ", text)


def _cut(text: str, language: str) -> tuple[list[_Paragraph], str]:
    found: list[_Paragraph] = []
    gap = ""
    for piece in split(text, language):
        if not piece.sentence:
            gap += piece.text
        elif not found or "\n" in gap:
            found.append(_Paragraph([gap], [piece.text]))
            gap = ""
        else:
            found[-1].gaps.append(gap)
            found[-1].sentences.append(piece.text)
            gap = ""
    return found, gap


def _rows(ours: _Paragraph, theirs: _Paragraph, known: Mapping[str, Collection[str]]) -> list[Row]:
    remembered = _walk(ours, theirs.text, known)
    if remembered:
        return _apart(ours, remembered)
    if len(ours.sentences) == len(theirs.sentences):
        return _apart(ours, [unwrapped(s) for s in theirs.sentences])
    return [_whole(ours, theirs.text)]


def _walk(ours: _Paragraph, text: str, known: Mapping[str, Collection[str]]) -> list[str]:
    """The remembered translations that follow each other in a paragraph and make all of it up."""
    found = []
    at = 0
    for number, sentence in enumerate(ours.sentences):
        layout = ours.gap(number).strip() if number else ""
        at += len(text[at:]) - len(text[at:].lstrip())
        if layout and text.startswith(layout, at):
            at += len(layout)
            at += len(text[at:]) - len(text[at:].lstrip())
        options = sorted(known.get(unwrapped(sentence), ()), key=len, reverse=True)
        match = next((o for o in options if o and text.startswith(o, at)), None)
        if match is None:
            return []
        found.append(match)
        at += len(match)
    return found if not text[at:].strip() else []


def _apart(paragraph: _Paragraph, targets: Sequence[str]) -> list[Row]:
    return [
        Row(gap=gap, source=unwrapped(sentence), sentences=(unwrapped(sentence),), target=target)
        for gap, sentence, target in zip(paragraph.gaps, paragraph.sentences, targets, strict=True)
    ]


def _whole(paragraph: _Paragraph, target: str) -> Row:
    return Row(
        gap=paragraph.gaps[0],
        source=paragraph.text,
        sentences=tuple(unwrapped(s) for s in paragraph.sentences),
        target=target,
    )


def _together(paragraphs: Sequence[_Paragraph]) -> _Paragraph:
    return _Paragraph(
        [gap for p in paragraphs for gap in p.gaps],
        [sentence for p in paragraphs for sentence in p.sentences],
    )
