"""Sentences to translations: mask, run the models, unmask, check, mend what a check found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from translate.checks import Flag, check
from translate.decoding import Decoding, Output
from translate.engine import Engine
from translate.glossary import Glossary
from translate.mask import Masked, Span, is_complete, mask, merge, protected, unmask
from translate.packages import Package
from translate.text import is_capitals, is_translatable, to_sentence_case

_NUMBER = re.compile(r"\d+(?:[.,٫٬]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A translated sentence with what the checks say about it."""

    target: str
    flags: frozenset[Flag] = frozenset()
    score: float = 0.0

    @property
    def severity(self) -> int:
        """How much is wrong; having been translated in parts counts least."""
        return 2 * len(self.flags - {Flag.FRAGMENTED}) + (Flag.FRAGMENTED in self.flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    source: str
    masked: Masked
    capitals: bool

    @property
    def model_input(self) -> str:
        return to_sentence_case(self.masked.text) if self.capitals else self.masked.text


class Pipeline:
    """The way of a sentence through the models of one route."""

    def __init__(
        self, engine: Engine, route: tuple[Package, ...], decoding: Decoding, glossary: Glossary
    ) -> None:
        self.engine = engine
        self.route = route
        self.decoding = decoding
        self.second_try = replace(decoding, no_repeat_ngram=3, repetition_penalty=1.2)
        self.glossary = glossary
        self.source = route[0].from_code
        self.target = route[-1].to_code

    def translate(self, sentences: Sequence[str]) -> list[Draft]:
        """Translate sentences that differ from each other; each is tried twice at most."""
        prepared = [self._prepare(s) for s in sentences]
        outputs = self._run([p.model_input for p in prepared], self.decoding)
        first = [self._finish(p, o) for p, o in zip(prepared, outputs, strict=True)]
        return self._mend(prepared, first)

    def alternatives(self, sentence: str, count: int) -> list[str]:
        """Up to `count` different translations, the best first."""
        prepared = self._prepare(sentence)
        texts = [prepared.model_input]
        for package in self.route[:-1]:
            texts = [self.engine.translate(package, texts, self.decoding)[0][0].text]
        outputs = self.engine.translate(self.route[-1], texts, self.decoding, hypotheses=count)[0]
        drafts = [self._finish(prepared, o) for o in outputs]
        return list(dict.fromkeys(d.target for d in drafts))

    def _prepare(self, sentence: str, more: Sequence[Span] = ()) -> _Prepared:
        spans = merge(merge(self.glossary.spans(sentence), protected(sentence)), more)
        masked = mask(sentence, spans)
        return _Prepared(
            source=sentence, masked=masked, capitals=is_capitals("".join(masked.between))
        )

    def _run(self, texts: Sequence[str], decoding: Decoding) -> list[Output]:
        """Through every package of the route; what holds no letter is passed by the models."""
        results = [Output(t, 0.0) for t in texts]
        worth = [i for i, t in enumerate(texts) if is_translatable(t)]
        current = [texts[i] for i in worth]
        scores = [0.0] * len(worth)
        for package in self.route:
            outputs = self.engine.translate(package, current, decoding)
            current = [o[0].text for o in outputs]
            scores = [s + o[0].score for s, o in zip(scores, outputs, strict=True)]
        for i, text, score in zip(worth, current, scores, strict=True):
            results[i] = Output(text, score)
        return results

    def _finish(self, prepared: _Prepared, output: Output) -> Draft:
        text = output.text.upper() if prepared.capitals else output.text
        kept = prepared.masked.kept
        flags = set()
        if not is_complete(text, kept):
            flags.add(Flag.TERM)
        target = unmask(text, kept)
        return self._checked(prepared.source, target, kept, flags, output.score)

    def _checked(
        self, source: str, target: str, kept: Sequence[str], flags: set[Flag], score: float
    ) -> Draft:
        # A fixed translation counts as standing in the source: its numbers are meant.
        found = check(source, target, self.source, self.target, kept)
        return Draft(target=target, flags=found | flags, score=score)

    def _mend(self, prepared: list[_Prepared], drafts: list[Draft]) -> list[Draft]:
        """Try flagged sentences once more, all in one call, and keep the better of the two.

        One whose placeholders got lost is translated in parts around them; one whose numbers
        changed gets them masked; any other goes through the model with other options.
        """
        texts: list[str] = []
        plans: list[tuple[int, _Prepared, bool, int]] = []
        for i, (p, draft) in enumerate(zip(prepared, drafts, strict=True)):
            if not draft.flags:
                continue
            in_parts = Flag.TERM in draft.flags and bool(p.masked.kept)
            again = p
            if not in_parts and Flag.NUMBER in draft.flags:
                again = self._prepare(p.source, _numbers(p.source))
            plans.append((i, again, in_parts, len(texts)))
            texts += _parts(again) if in_parts else [again.model_input]
        outputs = self._run(texts, self.second_try) if texts else []
        mended = list(drafts)
        for i, p, in_parts, at in plans:
            second = (
                self._in_parts(p, outputs[at : at + len(p.masked.between)])
                if in_parts
                else self._finish(p, outputs[at])
            )
            if second.severity < drafts[i].severity:
                mended[i] = second
        return mended

    def _in_parts(self, prepared: _Prepared, outputs: Sequence[Output]) -> Draft:
        """The parts around the protected stretches, each with its own surrounding space."""
        pieces: list[str] = []
        for between, output in zip(prepared.masked.between, outputs, strict=True):
            text = output.text.upper() if prepared.capitals else output.text
            lead = between[: len(between) - len(between.lstrip())]
            trail = between[len(between.rstrip()) :] if between.strip() else ""
            pieces.append(f"{lead}{text.strip()}{trail}")
        kept = prepared.masked.kept
        target = pieces[0]
        for item, piece in zip(kept, pieces[1:], strict=True):
            target = _apart(_apart(target, item), piece)
        scores = sum(o.score for o in outputs) / len(outputs)
        return self._checked(prepared.source, target, kept, {Flag.FRAGMENTED}, scores)


def _apart(before: str, after: str) -> str:
    """Both in a row, with a space when two words would grow together."""
    together = before[-1:].isalnum() and after[:1].isalnum()
    return f"{before} {after}" if together else before + after


def _parts(prepared: _Prepared) -> list[str]:
    return [
        to_sentence_case(b.strip()) if prepared.capitals else b.strip()
        for b in prepared.masked.between
    ]


def _numbers(sentence: str) -> list[Span]:
    return [Span(m.start(), m.end(), m.group()) for m in _NUMBER.finditer(sentence)]
