"""Translates texts: as many paragraphs out as in, remembered sentences first, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from translate import glossary
from translate.argos.package_folder import Package
from translate.documents import Done, Key, assembled, key_of, read, sentences
from translate.engine import Engine
from translate.glossary import Glossary
from translate.languages import Language
from translate.memory import Recent, Remembered
from translate.models import Origin
from translate.results import Translated
from translate.sentences.decoding import Decoding
from translate.sentences.inline import Marked
from translate.sentences.pipeline import Pipeline
from translate.sentences.sentence_memory import SentenceMemory
from translate.text import rewrapped, split, unwrapped
from translate.warm_up import WarmUp

# Sentences between two words about the progress.
_STEP = 64


class TranslationService:
    """What the rest of the program translates with; one in a process, shared by its threads."""

    def __init__(
        self, engine: Engine, decoding: Decoding | None = None, recent: Recent | None = None
    ) -> None:
        """:param recent: memory of this process for texts that are not stored."""
        self.engine = engine
        self.decoding = decoding or Decoding()
        self.recent = recent or Recent()
        self.warm_up = WarmUp(engine)

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
        if store and (session is None or now is None):
            raise ValueError("storing needs a session and the time")
        terms, legs = _terms(session, source, target), _terms_of_steps(session, route)
        remembered = SentenceMemory(
            session=session,
            recent=self.recent,
            source=source,
            target=target,
            route=route,
            decoding=self.decoding,
            terms=terms,
            legs=legs,
        )
        documents = [read(text, source, html=html) for text in texts]
        wanted = {key_of(s): s for document in documents for s in sentences(document)}
        known = remembered.find(wanted)
        missing = {key: s for key, s in wanted.items() if key not in known}
        pipeline = Pipeline(self.engine, route, self.decoding, terms, legs)
        fresh = self._translated(pipeline, missing, progress)
        remembered.keep(fresh, stored_at=now if store else None)
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

    def _translated(
        self,
        pipeline: Pipeline,
        missing: Mapping[Key, Marked],
        progress: Callable[[int, int], None] | None,
    ) -> dict[Key, Remembered]:
        keys = list(missing)
        if not keys:
            return {}
        # Without anybody watching, all in one call: the larger the call, the better it batches.
        step = len(keys) if progress is None else _STEP
        fresh: dict[Key, Remembered] = {}
        with self.engine.turn():
            for start in range(0, len(keys), step):
                some = keys[start : start + step]
                drafts = pipeline.translate([missing[k] for k in some])
                for key, draft in zip(some, drafts, strict=True):
                    is_markup, _text = key
                    text = draft.markup if is_markup else draft.target
                    fresh[key] = Remembered(target=text, origin=Origin.MACHINE, flags=draft.flags)
                if progress:
                    progress(len(fresh), len(keys))
        return fresh


def _terms(session: Session | None, source: str, target: str) -> Glossary:
    return glossary.load(session, source, target) if session else Glossary()


def _terms_of_steps(session: Session | None, route: tuple[Package, ...]) -> tuple[Glossary, ...]:
    """For a translation by way of English, the terms of each of its steps."""
    return tuple(_terms(session, *p.pair) for p in route) if len(route) > 1 else ()
