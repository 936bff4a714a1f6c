"""One step of a sentence's way: a package, and the terms that only hold between its languages.

A translation by way of English has two. The terms of the pair that was asked for are masked all
the way; those of a step are masked for that step, so that English, too, is the glossary's.
"""

from __future__ import annotations

from dataclasses import dataclass

from translate.argos.package_folder import Package
from translate.glossary import Glossary
from translate.sentences.mask import PLACEHOLDER, Span, merge


@dataclass(frozen=True, slots=True, kw_only=True)
class LegText:
    """A text of one step; `kept` stand for its placeholders from number `first` on."""

    text: str
    first: int = 0
    kept: tuple[str, ...] = ()

    def restored(self, output: str) -> tuple[str, bool]:
        """A model's output with the terms in it, and whether one of them got lost or doubled."""
        found: list[int] = []
        parts: list[str] = []
        at = 0
        for match in PLACEHOLDER.finditer(output):
            number = int(match.group(1)) - self.first
            if 0 <= number < len(self.kept):
                found.append(number)
                parts += (output[at : match.start()], self.kept[number])
                at = match.end()
        parts.append(output[at:])
        return "".join(parts), sorted(found) != list(range(len(self.kept)))


@dataclass(frozen=True, slots=True)
class Leg:
    """A package and its own terms; none where the pair that was asked for has a package."""

    package: Package
    terms: Glossary

    def prepared(self, text: str) -> LegText:
        """A text with its terms masked, beside the placeholders that it holds already."""
        if not self.terms.terms:
            return LegText(text=text)
        ours = [Span(m.start(), m.end(), m.group()) for m in PLACEHOLDER.finditer(text)]
        first = 1 + max((int(s.replacement.strip("{} \n\t")) for s in ours), default=-1)
        kept: list[str] = []
        parts: list[str] = []
        at = 0
        for span in merge(ours, self.terms.spans(text)):
            if span in ours:
                continue
            parts += (text[at : span.start], f"{{{first + len(kept)}}}")
            kept.append(span.replacement)
            at = span.end
        return LegText(text="".join([*parts, text[at:]]), first=first, kept=tuple(kept))
