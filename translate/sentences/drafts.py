"""What models make of a sentence: on the way, at its end, and with what the checks say."""

from __future__ import annotations

from dataclasses import dataclass

from translate.checks import Flag
from translate.sentences.decoding import Output
from translate.sentences.inline import Links, through, word_links
from translate.sentences.legs import LegText

# A second try that is shorter than this part of the first has left out half of a sentence.
_LEAST_LEFT, _SLACK = 0.7, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A translated sentence with what the checks say about it; `markup` is its HTML."""

    target: str
    markup: str
    flags: frozenset[Flag]

    @property
    def severity(self) -> int:
        """How much is wrong; a lost name, and having been translated in parts, count least."""
        light = {Flag.FRAGMENTED, Flag.ACRONYM}
        return 2 * len(self.flags - light) + len(self.flags & light)

    def is_better_than(self, first: Draft) -> bool:
        """Whether less is wrong with it, and it did not get there by leaving something out."""
        may_shrink = bool(first.flags & {Flag.LENGTH, Flag.REPETITION})
        is_whole = len(self.target) + _SLACK >= _LEAST_LEFT * len(first.target)
        return self.severity < first.severity and (may_shrink or is_whole)


@dataclass(frozen=True, slots=True)
class Result:
    """What the last model made of a text; `lost` when a step lost one of its own terms."""

    text: str
    links: Links | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A text between two models, and how its words hang together with those of the source.

    Words that a step's terms put in belong to none of the source, so the links are given up.
    """

    text: str
    links: Links | None = None
    steps: int = 0
    lost: bool = False

    def then(self, leg: LegText, output: Output) -> OnTheWay:
        """After one more model."""
        text, lost = leg.restored(output.text)
        known = self.steps == 0 or self.links is not None
        links = _linked(self.links, output, leg.text) if known and not leg.kept else None
        return OnTheWay(text, links, self.steps + 1, self.lost or lost)


def _linked(known: Links | None, output: Output, text: str) -> Links | None:
    """The links from the words of an output to those of the first source."""
    new = word_links(output, text)
    return through(new, known) if new and known else new
