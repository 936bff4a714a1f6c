"""Translates texts: as many paragraphs out as in, remembered sentences first, nothing lost."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from translate import glossary, memory
from translate.decoding import Decoding
from translate.documents import Done, Key, assembled, key_of, read, sentences
from translate.engine import Engine
from translate.errors import TranslateError
from translate.glossary import Glossary
from translate.inline import Marked
from translate.languages import Language
from translate.memory import Recent, Remembered
from translate.models import Origin
from translate.package_folder import Package
from translate.pipeline import Pipeline
from translate.results import Translated, engine_name, engine_version
from translate.text import rewrapped, split, unwrapped

log = logging.getLogger(__name__)

# Part of the memory's key: raised when the way of a sentence changes what it becomes.
_METHOD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One request on its way: the languages, what decides the result, and what it may use."""

    source: str
    target: str
    route: tuple[Package, ...]
    terms: Glossary
    legs: tuple[Glossary, ...]
    session: Session | None
    store: bool
    now: datetime | None
    progress: Callable[[int, int], None] | None


class TranslationService:
    """What the rest of the program translates with; one in a process, shared by its threads."""

    def __init__(
        self, engine: Engine, decoding: Decoding | None = None, recent: Recent | None = None
    ) -> None:
        """:param recent: memory of this process for texts that are not stored."""
        self.engine = engine
        self.decoding = decoding or Decoding()
        self.recent = recent or Recent()
        self._warming: threading.Thread | None = None
        self._over = threading.Event()

    @property
    def is_warming(self) -> bool:
        """Whether the models are being loaded: until then a first request waits for them."""
        return self._warming is not None and self._warming.is_alive()

    def start_warm_up(self) -> None:
        """Load every model in the background; a broken one is logged and stops no other."""
        self._warming = threading.Thread(target=self._warm_up_all, name="warm-up", daemon=True)
        self._warming.start()

    def stop_warm_up(self) -> None:
        """Wait for the model that is being loaded and load no further one.

        A process must not end before: CTranslate2 aborts when its threads are cut off at birth.
        """
        self._over.set()
        if self._warming is not None:
            self._warming.join()

    def _warm_up_all(self) -> None:
        for pair in self.pairs():
            if self._over.is_set():
                return
            try:
                self.warm_up([pair])
            except TranslateError as error:
                log.error("%s", error)

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
        job = _Job(
            source=source,
            target=target,
            route=route,
            terms=_terms(session, source, target),
            legs=_terms_of_steps(session, route),
            session=session,
            store=store,
            now=now,
            progress=progress,
        )
        documents = [read(text, source, html=html) for text in texts]
        wanted = {key_of(s): s for document in documents for s in sentences(document)}
        known = self._known(job, wanted)
        fresh = self._fresh(job, {k: s for k, s in wanted.items() if k not in known})
        done = Done({**known, **fresh}, frozenset(fresh))
        return [assembled(document, done, route, source, target) for document in documents]

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
        terms, legs = _terms(session, source, target), _terms_of_steps(session, route)
        if session:
            session.rollback()
        pipeline = Pipeline(self.engine, route, self.decoding, terms, legs)
        pieces = split(text, source)
        with self.engine.turn():
            choices = {
                s: pipeline.alternatives(unwrapped(s), count)
                for s in dict.fromkeys(p.text for p in pieces if p.sentence)
            }
        found = []
        for n in range(count):
            chosen = {s: c[min(n, len(c) - 1)] for s, c in choices.items()}
            parts = (rewrapped(chosen[p.text], p.text) if p.sentence else p.text for p in pieces)
            found.append("".join(parts))
        return list(dict.fromkeys(found))

    def _known(self, job: _Job, wanted: Mapping[Key, Marked]) -> dict[Key, Remembered]:
        found: dict[Key, Remembered] = {}
        for is_markup in (False, True):
            texts = [text for markup, text in wanted if markup is is_markup]
            if not texts:
                continue
            context = self._context(job, is_markup)
            stored: dict[str, Remembered] = {}
            if job.session:
                # A person's plain sentence holds no tags, so it cannot stand for one that does.
                stored = memory.find(
                    job.session, job.source, job.target, context, texts, people=not is_markup
                )
            rest = [t for t in texts if t not in stored]
            both = {**self.recent.find(context, rest), **stored}
            found |= {(is_markup, text): known for text, known in both.items()}
        if job.session:
            # The models take seconds; no transaction stays open meanwhile.
            job.session.rollback()
        return found

    def _fresh(self, job: _Job, missing: Mapping[Key, Marked]) -> dict[Key, Remembered]:
        if not missing:
            return {}
        pipeline = Pipeline(self.engine, job.route, self.decoding, job.terms, job.legs)
        # Without anybody watching, all in one call: the larger the call, the better it batches.
        step = len(missing) if job.progress is None else 64
        keys = list(missing)
        fresh: dict[Key, Remembered] = {}
        with self.engine.turn():
            for start in range(0, len(keys), step):
                some = keys[start : start + step]
                drafts = pipeline.translate([missing[k] for k in some])
                for key, draft in zip(some, drafts, strict=True):
                    text = draft.markup if key[0] else draft.target
                    fresh[key] = Remembered(target=text, origin=Origin.MACHINE, flags=draft.flags)
                if job.progress:
                    job.progress(len(fresh), len(keys))
        for is_markup in (False, True):
            some_fresh = {text: r for (markup, text), r in fresh.items() if markup is is_markup}
            self.recent.keep(self._context(job, is_markup), some_fresh)
            if job.store and some_fresh:
                _store(job, self._context(job, is_markup), some_fresh)
        return fresh

    def _context(self, job: _Job, is_markup: bool) -> str:
        """Digest of all that decides a translation besides the sentence."""
        packages = [p.checksum for p in job.route]
        terms = [job.terms.digest, *(leg.digest for leg in job.legs)]
        parts = [_METHOD, is_markup, packages, astuple(self.decoding), terms]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _terms(session: Session | None, source: str, target: str) -> Glossary:
    return glossary.load(session, source, target) if session else Glossary()


def _terms_of_steps(session: Session | None, route: tuple[Package, ...]) -> tuple[Glossary, ...]:
    """For a translation by way of English, the terms of each of its steps."""
    return tuple(_terms(session, *p.pair) for p in route) if len(route) > 1 else ()


def _store(job: _Job, context: str, fresh: Mapping[str, Remembered]) -> None:
    if job.session is None or job.now is None:
        raise ValueError("storing needs a session and the time")
    job.session.rollback()
    job.session.connection(execution_options={"writes": True})
    memory.store(
        job.session,
        job.source,
        job.target,
        context,
        fresh,
        engine=engine_name(job.route),
        engine_version=engine_version(job.route),
        now=job.now,
    )
    job.session.commit()
