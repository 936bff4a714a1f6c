"""A sentence as a model gets to see it, and the way back from what the model made of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from translate.checks import Flag, lost_sign
from translate.sentences.acronyms import Name, capitals
from translate.sentences.inline import Links, Marked, render
from translate.sentences.mask import Masked, Span, masked_place, merge, unmask
from translate.sentences.readable import readable

_NUMBER = re.compile(r"\d+(?:[.,٫٬]\d+)*")
# With its sign, where that got lost; else models write better around a bare number.
_SIGNED = re.compile(rf"(?:[$€£¥][\u00a0 ]?)?{_NUMBER.pattern}(?:[\u00a0 ]?[$€£¥%٪])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A sentence with placeholders; `is_capitals` is a headline in capitals.

    `names` should be in the translation although the model gets to see them, and `cased` writes a
    headline's words as a sentence has them.
    """

    sentence: Marked
    masked: Masked
    is_capitals: bool
    cased: Callable[[str], str]
    names: tuple[Name, ...] = ()

    @property
    def model_input(self) -> str:
        """What the model translates."""
        return self._shown(self.masked.text)

    @property
    def parts(self) -> list[str]:
        """What the model translates when it has lost the placeholders: what is around them."""
        return [self._shown(between.strip()) for between in self.masked.between]

    def restored(self, text: str) -> str:
        """A model's output: a headline in capitals again."""
        return text.upper() if self.is_capitals else text

    def suspects(self, target: str, language: str, flags: frozenset[Flag]) -> list[Span]:
        """What the model got wrong, going by the flags, and is spared the second time."""
        text = self.sentence.text
        pattern = _SIGNED if lost_sign(text, target, language) else _NUMBER
        numbers = [Span(m.start(), m.end(), m.group()) for m in pattern.finditer(text)]
        names = [name.span for name in self.names if not name.is_in(target)]
        if Flag.MIXED in flags and not self.is_capitals:
            names = merge(names, capitals(text))
        return merge(numbers if Flag.NUMBER in flags else [], names)

    def markup(self, masked: str, links: Links | None) -> str:
        """A translation with placeholders as HTML, with the sentence's tags and objects in it."""
        spans = self.masked.spans
        if not self.sentence.tags and not self.sentence.objects:
            return html.escape(unmask(masked, self.masked.kept), quote=False)
        tags = [
            replace(
                tag,
                start=masked_place(spans, tag.start, after=False),
                end=masked_place(spans, tag.end, after=True),
            )
            for tag in self.sentence.tags
        ]
        objects = {s.start: s.replacement for s in self.sentence.objects}
        kept = [objects.get(s.start) or html.escape(s.replacement, quote=False) for s in spans]
        if not tags:
            return render(self.masked.text, masked, (), kept, None)
        return render(self.masked.text, masked, tags, kept, links)

    def _shown(self, text: str) -> str:
        """Without what cannot be seen, and headlines in capitals as sentences."""
        plain = readable(text, words_must_agree=bool(self.sentence.tags))
        return self.cased(plain) if self.is_capitals else plain
