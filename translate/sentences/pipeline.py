"""Sentences to translations: mask, run the models, unmask, check, mend what a check found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from translate.argos.package_folder import Package
from translate.checks import Flag, check
from translate.engine import Engine
from translate.glossary import Glossary
from translate.languages import is_in_latin_letters
from translate.sentences.acronyms import Name, names
from translate.sentences.decoding import Decoding
from translate.sentences.drafts import Draft, OnTheWay, Result
from translate.sentences.headline import in_sentence_case
from translate.sentences.inline import OBJECT, Links, Marked
from translate.sentences.legs import Leg
from translate.sentences.mask import (
    Masked,
    Span,
    foreign,
    is_complete,
    mask,
    merge,
    protected,
    unmask,
)
from translate.sentences.prepared import Prepared
from translate.text import is_capitals, is_translatable

# A model that changes the numbers of more sentences than this is not helped by a second try.
_MOST_NUMBERS_SHARE = 0.2
_MOST_NUMBERS = 10


class Pipeline:
    """The way of a sentence through the models of one route."""

    def __init__(
        self,
        engine: Engine,
        route: tuple[Package, ...],
        decoding: Decoding,
        glossary: Glossary,
        legs: tuple[Glossary, ...] = (),
    ) -> None:
        """:param legs: for a route of two packages the terms between each one's languages."""
        self.engine = engine
        self.legs = tuple(map(Leg, route, legs or (Glossary(),) * len(route)))
        self.decoding = decoding
        self.second_try = replace(decoding, no_repeat_ngram=3, repetition_penalty=1.2)
        self.glossary = glossary
        self.source = route[0].from_code
        self.target = route[-1].to_code
        # Where other letters are written, models rather invent a name than copy it.
        self._hides_names = not is_in_latin_letters(self.target)

    def translate(self, sentences: Sequence[Marked]) -> list[Draft]:
        """Translate sentences that differ from each other; each is tried twice at most."""
        prepared = [self._prepare(s, hide_names=self._hides_names) for s in sentences]
        first = self._first(prepared)
        return self._mend(prepared, first)

    def alternatives(self, sentence: str, count: int) -> list[str]:
        """Up to `count` different translations, the best first."""
        prepared = self._prepare(Marked(text=sentence), hide_names=self._hides_names)
        (results,) = self._run([prepared.model_input], self.decoding, align=False, most=count)
        drafts = [self._finish(prepared, r) for r in results]
        # Two that differ in capitals only are no choice.
        different: dict[str, str] = {}
        for draft in drafts:
            different.setdefault(draft.target.casefold(), draft.target)
        return list(different.values())

    def _first(self, prepared: Sequence[Prepared]) -> list[Draft]:
        align = any(p.sentence.tags for p in prepared)
        results = self._run([p.model_input for p in prepared], self.decoding, align=align)
        return [self._best(p, r) for p, r in zip(prepared, results, strict=True)]

    def _best(self, prepared: Prepared, results: Iterator[Result]) -> Draft:
        """The likeliest of the model's translations, unless the checks like another better.

        The search finds them all at no cost: with beam 4 there are four.
        """
        best: Draft | None = None
        for result in results:
            draft = self._finish(prepared, result)
            if best is None or draft.severity < best.severity:
                best = draft
            if not best.flags:
                break
        if best is None:
            raise ValueError("a sentence without any translation")
        return best

    def _prepare(
        self, sentence: Marked, more: Sequence[Span] = (), *, hide_names: bool = False
    ) -> Prepared:
        """Mask what is protected, and `more`; names that the package cannot know when asked to."""
        text = sentence.text
        objects = [Span(s.start, s.end, OBJECT) for s in sentence.objects]
        codes = [s for s in protected(text) if not sentence.has_tag_inside(s)]
        sure = merge(codes, foreign(text, self.source))
        spans = merge(objects, merge(self.glossary.spans(text), sure))
        masked = mask(text, merge(spans, more))
        headline = is_capitals("".join(masked.between))
        cased = partial(in_sentence_case, language=self.source, pieces=self._pieces)
        found = self._names(cased(text) if headline else text, masked)
        if hide_names and (unknown := [n.span for n in found if not n.others]):
            return self._prepare(sentence, merge(unknown, more))
        return Prepared(
            sentence=sentence, masked=masked, is_capitals=headline, cased=cased, names=found
        )

    def _pieces(self, word: str) -> int:
        return self.engine.pieces(self.legs[0].package, word)

    def _names(self, text: str, masked: Masked) -> tuple[Name, ...]:
        """The names a translation must hold, without those that are masked anyway."""
        return tuple(
            n
            for n in names(text, self.source, self.target, self._pieces)
            if all(n.span.end <= s.start or n.span.start >= s.end for s in masked.spans)
        )

    def _run(
        self, texts: Sequence[str], decoding: Decoding, *, align: bool, most: int | None = None
    ) -> list[Iterator[Result]]:
        """Through every package of the route; what holds no letter is passed by the models.

        :param most: how many translations of each are wanted; as many as the beam if not given.
        :return: for each text what the last model found, best first, one or more.
        """
        results = [iter([Result(t)]) for t in texts]
        worth = [i for i, t in enumerate(texts) if is_translatable(t)]
        current = [OnTheWay(texts[i]) for i in worth]
        for leg in self.legs[:-1]:
            steps = self._step(leg, current, decoding, 1, align=align)
            current = [next(s) for s in steps]
        last = self._step(self.legs[-1], current, decoding, most or decoding.beam_size, align=align)
        for i, choices in zip(worth, last, strict=True):
            results[i] = (Result(c.text, c.links, c.lost) for c in choices)
        return results

    def _step(
        self, leg: Leg, texts: Sequence[OnTheWay], decoding: Decoding, most: int, *, align: bool
    ) -> list[Iterator[OnTheWay]]:
        """Every text through one model."""
        prepared = [leg.prepared(t.text) for t in texts]
        found = self.engine.translate(
            leg.package, [p.text for p in prepared], decoding, hypotheses=most, attention=align
        )
        return [
            map(partial(text.then, masked), outputs)
            for text, masked, outputs in zip(texts, prepared, found, strict=True)
        ]

    def _finish(self, prepared: Prepared, result: Result) -> Draft:
        text = prepared.restored(result.text)
        is_whole = is_complete(text, prepared.masked.kept) and not result.lost
        return self._checked(prepared, text, set() if is_whole else {Flag.TERM}, result.links)

    def _checked(
        self, prepared: Prepared, masked: str, flags: set[Flag], links: Links | None
    ) -> Draft:
        kept = prepared.masked.kept
        target = unmask(masked, kept)
        found = check(prepared.sentence.text, target, self.source, self.target, kept)
        if not all(name.is_in(target) for name in prepared.names):
            found |= {Flag.ACRONYM}
        return Draft(target=target, markup=prepared.markup(masked, links), flags=found | flags)

    def _mend(self, prepared: list[Prepared], drafts: list[Draft]) -> list[Draft]:
        """Try flagged sentences once more, all in one call, and keep the better of the two.

        One whose placeholders got lost is translated in parts around them; one whose numbers or
        names changed gets them masked; any other goes through the model with other options, and
        with the names that were hidden from it.
        """
        texts: list[str] = []
        plans: list[tuple[int, Prepared, bool, int]] = []
        numbers = self._worth_numbers(drafts)
        for i, (p, draft) in enumerate(zip(prepared, drafts, strict=True)):
            if not draft.flags or (draft.flags == {Flag.NUMBER} and not numbers):
                continue
            in_parts = Flag.TERM in draft.flags and bool(p.masked.kept)
            suspects = p.suspects(draft.target, self.target, draft.flags)
            again = p if in_parts else self._prepare(p.sentence, suspects)
            plans.append((i, again, in_parts, len(texts)))
            texts += again.parts if in_parts else [again.model_input]
        if not plans:
            return drafts
        align = any(p.sentence.tags for _, p, _, _ in plans)
        results = self._run(texts, self.second_try, align=align)
        mended = list(drafts)
        for i, p, in_parts, at in plans:
            second = (
                self._in_parts(p, [next(r) for r in results[at : at + len(p.masked.between)]])
                if in_parts
                else self._best(p, results[at])
            )
            if second.is_better_than(drafts[i]):
                mended[i] = second
        return mended

    def _worth_numbers(self, drafts: Sequence[Draft]) -> bool:
        """Whether sentences with nothing but changed numbers get their second try."""
        changed = sum(d.flags == {Flag.NUMBER} for d in drafts)
        return changed <= max(_MOST_NUMBERS, _MOST_NUMBERS_SHARE * len(drafts))

    def _in_parts(self, prepared: Prepared, results: Sequence[Result]) -> Draft:
        """The parts around the protected stretches, each with its own surrounding space."""
        masked = ""
        for number, (between, result) in enumerate(
            zip(prepared.masked.between, results, strict=True)
        ):
            text = prepared.restored(result.text).strip()
            lead = between[: len(between) - len(between.lstrip())]
            trail = between[len(between.rstrip()) :] if between.strip() else ""
            if number:
                kept = prepared.masked.kept[number - 1]
                apart = " " if masked[-1:].isalnum() and kept[:1].isalnum() else ""
                masked += f"{apart}{{{number - 1}}}"
                apart = " " if kept[-1:].isalnum() and f"{lead}{text}"[:1].isalnum() else ""
                masked += apart
            masked += f"{lead}{text}{trail}"
        return self._checked(prepared, masked, {Flag.FRAGMENTED}, None)
