"""Carries inline tags from a sentence over to its translation, by word alignment."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from translate.sentences.decoding import Output
from translate.sentences.mask import PLACEHOLDER, Span, unmask
from translate.sentences.tag_markup import markup_at, tags_by_place
from translate.sentences.tag_places import places
from translate.sentences.tag_words import Links as Links
from translate.sentences.tag_words import Tag

_SPACE_MARK = "\u2581"

_LONGEST_WORD_WITH_TAGS = 12

# Stands in a sentence for an element that is copied whole, such as code or a picture.
OBJECT = "\ufffc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A sentence; `tags` and `objects` count its characters and hold numbered markers.

    `markup` is the sentence as it is remembered: escaped, with `<0>...</0>` for the first tag
    pair and `<1/>` for what stands alone; `raw` is the true markup of each marker.
    """

    text: str
    tags: tuple[Tag, ...] = ()
    objects: tuple[Span, ...] = ()
    markup: str = ""
    raw: tuple[tuple[str, str], ...] = ()

    def has_tag_inside(self, span: Span) -> bool:
        """Whether a tag cuts a short word in two, as in CO<sub>2</sub>: then it is no code.

        What is longer is an address, which matters more than the tag.
        """
        is_word = span.end - span.start <= _LONGEST_WORD_WITH_TAGS
        edges = (edge for tag in self.tags for edge in (tag.start, tag.end))
        return is_word and any(span.start < edge < span.end for edge in edges)


def word_links(output: Output, source: str) -> Links | None:
    """Attention between tokens, summed up between words; None when the words cannot be told."""
    if output.attention is None:
        return None
    from_word = _words_of(output.source_tokens)
    to_word = _words_of(output.target_tokens)
    sources, targets = len(source.split()), len(output.text.split())
    if (max(from_word, default=-1) + 1, max(to_word, default=-1) + 1) != (sources, targets):
        return None
    links = [[0.0] * sources for _ in range(targets)]
    for token, row in enumerate(output.attention):
        for place, weight in zip(from_word, row, strict=False):
            links[to_word[token]][place] += weight
    return links


def through(second: Links, first: Links) -> Links:
    """The links of two translations in a row: of the pivot's words to the source's, and on."""
    columns = len(first[0]) if first else 0
    return [
        [sum(row[k] * first[k][j] for k in range(len(first))) for j in range(columns)]
        for row in second
    ]


def render(
    source: str, target: str, tags: Sequence[Tag], kept: Sequence[str], links: Links | None
) -> str:
    """The translation as HTML: escaped, with the tags around the words that belong to them.

    :param source: the sentence with placeholders, whose characters the tags count.
    :param target: the translation with placeholders.
    :param kept: HTML for each placeholder.
    """
    around = places(source, target, tags, links)
    parts: list[str] = []
    at = 0
    for place, here in sorted(tags_by_place(around).items()):
        parts.append(_escaped(target[at:place], kept))
        parts += markup_at(place, here, tags, around)
        if any(_is_between_spaces(tags[n], source) for n in here) and target[place:].lstrip():
            parts.append("" if target[place].isspace() else " ")
        at = place
    parts.append(_escaped(target[at:], kept))
    return "".join(parts)


def _is_between_spaces(tag: Tag, source: str) -> bool:
    """Whether a point, such as an icon, has a space of its own on both sides."""
    return tag.start == tag.end > 0 and source[tag.start - 1 : tag.start + 1].isspace()


def _words_of(tokens: Sequence[str]) -> list[int]:
    """The word each token belongs to; a lone space mark belongs to the word that follows."""
    numbers: list[int] = []
    word = -1
    fresh = False
    for token in tokens:
        starts = token.startswith(_SPACE_MARK) or word < 0
        if starts and not fresh:
            word += 1
        fresh = starts and token == _SPACE_MARK
        numbers.append(word)
    return numbers


def _escaped(text: str, kept: Sequence[str]) -> str:
    """Escape a stretch of the translation, then put the HTML of the placeholders in."""
    parts: list[str] = []
    at = 0
    for match in PLACEHOLDER.finditer(text):
        parts.append(html.escape(text[at : match.start()], quote=False))
        parts.append(unmask(match.group(), kept))
        at = match.end()
    parts.append(html.escape(text[at:], quote=False))
    return "".join(parts)
