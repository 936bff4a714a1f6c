"""What is known of the sentences of one request: the database's memory, then the process's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from translate import memory
from translate.argos.package_folder import Package
from translate.documents import Key
from translate.glossary import Glossary
from translate.memory import Recent, Remembered
from translate.results import engine_name, engine_version
from translate.sentences.decoding import Decoding
from translate.transaction import begin_change

# Part of the memory's key: raised when the way of a sentence changes what it becomes.
_METHOD = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceMemory:
    """Both memories, asked and filled under the key of all that decides a translation.

    `terms` are those of the whole way, `legs` those of each step of one by way of English. Without
    a `session` only the process remembers.
    """

    session: Session | None
    recent: Recent
    source: str
    target: str
    route: tuple[Package, ...]
    decoding: Decoding
    terms: Glossary
    legs: tuple[Glossary, ...]

    def find(self, wanted: Mapping[Key, object]) -> dict[Key, Remembered]:
        """The known ones of these sentences; the session is rolled back."""
        found: dict[Key, Remembered] = {}
        for is_markup in (False, True):
            texts = [text for markup, text in wanted if markup is is_markup]
            if not texts:
                continue
            context = self._context(is_markup)
            stored: dict[str, Remembered] = {}
            if self.session:
                # A person's plain sentence holds no tags, so it cannot stand for one that does.
                stored = memory.find(
                    self.session, self.source, self.target, context, texts, people=not is_markup
                )
            rest = [t for t in texts if t not in stored]
            both = {**self.recent.find(context, rest), **stored}
            found |= {(is_markup, text): known for text, known in both.items()}
        if self.session:
            # The models take seconds; no transaction stays open meanwhile.
            self.session.rollback()
        return found

    def keep(self, fresh: Mapping[Key, Remembered], *, stored_at: datetime | None) -> None:
        """Remember translations in the process and, with a time, in the database: committed."""
        for is_markup in (False, True):
            some = {text: known for (markup, text), known in fresh.items() if markup is is_markup}
            if not some:
                continue
            self.recent.keep(self._context(is_markup), some)
            if self.session and stored_at:
                self._store(self.session, self._context(is_markup), some, stored_at)

    def _store(
        self, session: Session, context: str, fresh: Mapping[str, Remembered], now: datetime
    ) -> None:
        begin_change(session)
        memory.store(
            session,
            self.source,
            self.target,
            context,
            fresh,
            engine=engine_name(self.route),
            engine_version=engine_version(self.route),
            now=now,
        )
        session.commit()

    def _context(self, is_markup: bool) -> str:
        """Digest of all that decides a translation besides the sentence."""
        packages = [p.checksum for p in self.route]
        terms = [self.terms.digest, *(leg.digest for leg in self.legs)]
        parts = [_METHOD, is_markup, packages, astuple(self.decoding), terms]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
