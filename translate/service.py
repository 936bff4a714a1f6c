"""Translates texts: as many paragraphs out as in, remembered sentences first, nothing lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from translate import glossary, memory
from translate.checks import Flag
from translate.decoding import Decoding
from translate.engine import Engine
from translate.glossary import Glossary
from translate.languages import Language
from translate.memory import Recent, Remembered
from translate.models import Origin
from translate.packages import Package
from translate.pipeline import Pipeline
from translate.text import Piece, split

# Part of the memory's key: raised when the way of a sentence changes what it becomes.
_METHOD = 1


class Provenance(StrEnum):
    """Where a segment's text comes from."""

    MACHINE = "machine"
    MEMORY = "memory"
    HUMAN = "human"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A sentence and its translation; offsets are characters of the whole texts, end excluded."""

    source: str
    target: str
    start: int
    end: int
    target_start: int
    target_end: int
    provenance: Provenance
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A text in the other language, with the packages that were gone through (two for a pivot)."""

    text: str
    segments: tuple[Segment, ...]
    packages: tuple[Package, ...]

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag of any segment, sorted."""
        return tuple(sorted({f for s in self.segments for f in s.flags}))


class TranslationService:
    """What the rest of the program translates with; one in a process, shared by its threads."""

    def __init__(
        self, engine: Engine, decoding: Decoding | None = None, recent: Recent | None = None
    ) -> None:
        """:param recent: memory of this process for texts that are not stored."""
        self.engine = engine
        self.decoding = decoding or Decoding()
        self.recent = recent or Recent()

    def languages(self) -> list[Language]:
        """The languages of the installed packages."""
        return self.engine.catalogue.languages()

    def pairs(self) -> list[tuple[str, str]]:
        """The pairs that have a package of their own, by codes."""
        return sorted(self.engine.catalogue.packages())

    def route(self, source: str, target: str) -> tuple[Package, ...]:
        """The packages from one language to another, none when they are the same.

        :raise UnknownLanguage: when no package knows one of them.
        :raise UnsupportedPair: when no way leads from one to the other.
        """
        return () if source == target else self.engine.catalogue.route(source, target)

    def warm_up(self, pairs: Iterable[tuple[str, str]] | None = None) -> None:
        """Load the models of pairs (all, if not given) and run each once."""
        for pair in pairs if pairs is not None else self.pairs():
            for package in self.route(*pair):
                self.engine.translate(package, ["."], Decoding(beam_size=1))

    def translate(
        self,
        texts: Sequence[str],
        source: str,
        target: str,
        *,
        session: Session | None = None,
        html: bool = False,
        store: bool = False,
        now: datetime | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Translated]:
        """Translate texts of one language, together in as few batches as possible.

        :param session: for the memory and the glossary; without it neither is used. It is rolled
            back before the models run and, with `store`, committed after.
        :param html: the texts are HTML: tags, comments and entities are kept as they are.
        :param store: keep the sentences in the database's memory; otherwise only in the process's.
        :param now: the time of storing; needed with `store`.
        :param progress: told how many sentences are done, of how many.
        :return: one result a text, in order; its layout is the text's.
        :raise TranslateError: and nothing is translated, when languages, models or queue refuse.
        """
        route = self.route(source, target)
        if not route:
            return [Translated(text=t, segments=(), packages=()) for t in texts]
        cut = [split(t, source) for t in texts]
        sentences = list(dict.fromkeys(p.text for pieces in cut for p in pieces if p.sentence))
        terms = glossary.load(session, source, target) if session else Glossary()
        context = self._context(route, terms)
        known = self._known(session, source, target, context, sentences)
        missing = [s for s in sentences if s not in known]
        fresh: dict[str, Remembered] = {}
        if missing:
            pipeline = Pipeline(self.engine, route, self.decoding, terms)
            fresh = self._run(pipeline, missing, progress)
            self.recent.keep(context, fresh)
            if store and session is not None and now is not None:
                _store(session, source, target, context, fresh, route, now)
        everything = {**known, **fresh}
        return [_assembled(pieces, everything, fresh, route) for pieces in cut]

    def alternatives(
        self, text: str, source: str, target: str, count: int, *, session: Session | None = None
    ) -> list[str]:
        """Up to `count` translations of a text that differ from each other, the best first.

        The n-th takes each sentence's n-th translation, or its last when it has fewer.

        :raise TranslateError: as `translate` does.
        """
        route = self.route(source, target)
        if not route:
            return [text]
        terms = glossary.load(session, source, target) if session else Glossary()
        if session:
            session.rollback()
        pipeline = Pipeline(self.engine, route, self.decoding, terms)
        pieces = split(text, source)
        with self.engine.turn():
            choices = {
                s: pipeline.alternatives(s, count)
                for s in dict.fromkeys(p.text for p in pieces if p.sentence)
            }
        found = []
        for n in range(count):
            chosen = {s: c[min(n, len(c) - 1)] for s, c in choices.items()}
            found.append("".join(chosen[p.text] if p.sentence else p.text for p in pieces))
        return list(dict.fromkeys(found))

    def _known(
        self,
        session: Session | None,
        source: str,
        target: str,
        context: str,
        sentences: list[str],
    ) -> dict[str, Remembered]:
        stored: dict[str, Remembered] = {}
        if session:
            stored = memory.find(session, source, target, context, sentences)
            # The models take seconds; no transaction stays open meanwhile.
            session.rollback()
        rest = [s for s in sentences if s not in stored]
        return {**self.recent.find(context, rest), **stored}

    def _run(
        self,
        pipeline: Pipeline,
        sentences: list[str],
        progress: Callable[[int, int], None] | None,
    ) -> dict[str, Remembered]:
        # Without anybody watching, all in one call: the larger the call, the better it batches.
        step = len(sentences) if progress is None else 64
        fresh: dict[str, Remembered] = {}
        with self.engine.turn():
            for start in range(0, len(sentences), step):
                some = sentences[start : start + step]
                for sentence, draft in zip(some, pipeline.translate(some), strict=True):
                    fresh[sentence] = Remembered(
                        target=draft.target, origin=Origin.MACHINE, flags=draft.flags
                    )
                if progress:
                    progress(len(fresh), len(sentences))
        return fresh

    def _context(self, route: tuple[Package, ...], terms: Glossary) -> str:
        """Digest of all that decides a translation besides the sentence."""
        parts = [_METHOD, [p.checksum for p in route], astuple(self.decoding), terms.digest]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _store(
    session: Session,
    source: str,
    target: str,
    context: str,
    fresh: dict[str, Remembered],
    route: tuple[Package, ...],
    now: datetime,
) -> None:
    session.rollback()
    session.connection(execution_options={"writes": True})
    memory.store(
        session,
        source,
        target,
        context,
        {s: r.target for s, r in fresh.items()},
        flags={s: r.flags for s, r in fresh.items()},
        engine=engine_name(route),
        engine_version=engine_version(route),
        now=now,
    )
    session.commit()


def engine_name(route: Sequence[Package]) -> str:
    """What translated, for answers and reports: `argos en-fr`, or two joined by a plus."""
    return " + ".join(p.name for p in route)


def engine_version(route: Sequence[Package]) -> str:
    """The versions of the packages gone through: `1.9`, or two joined by a plus."""
    return "+".join(p.version for p in route)


def engine_checksum(route: Sequence[Package]) -> str:
    """The checksum of the package gone through, or a digest of both."""
    if len(route) == 1:
        return route[0].checksum
    return hashlib.sha256("".join(p.checksum for p in route).encode()).hexdigest()


def _assembled(
    pieces: Sequence[Piece],
    translated: dict[str, Remembered],
    fresh: dict[str, Remembered],
    route: tuple[Package, ...],
) -> Translated:
    out: list[str] = []
    segments: list[Segment] = []
    at = target_at = 0
    for piece in pieces:
        text = piece.text
        if piece.sentence:
            known = translated[piece.text]
            text = known.target
            segments.append(
                Segment(
                    source=piece.text,
                    target=text,
                    start=at,
                    end=at + len(piece.text),
                    target_start=target_at,
                    target_end=target_at + len(text),
                    provenance=_provenance(known, is_fresh=piece.text in fresh),
                    flags=tuple(sorted(known.flags)),
                )
            )
        out.append(text)
        at += len(piece.text)
        target_at += len(text)
    return Translated(text="".join(out), segments=tuple(segments), packages=route)


def _provenance(known: Remembered, *, is_fresh: bool) -> Provenance:
    if is_fresh:
        return Provenance.MACHINE
    if known.origin is Origin.MACHINE:
        return Provenance.MEMORY
    return Provenance(known.origin.value)
