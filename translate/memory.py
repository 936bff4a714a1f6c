"""What was translated before, by sentence: found in one query, stored in one write."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from translate.checks import Flag
from translate.models import MemorySegment, Origin

# SQLite takes 32,766 values in one statement; more sentences than this take a second query.
_MOST_VALUES = 10_000
_ROWS_A_STATEMENT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A sentence's translation with where it comes from."""

    target: str
    origin: Origin
    flags: frozenset[Flag] = frozenset()


def find(
    session: Session,
    source: str,
    target: str,
    context: str,
    sentences: Sequence[str],
    *,
    people: bool = True,
) -> dict[str, Remembered]:
    """The remembered translations of sentences; a human's beats an imported beats a machine's.

    A machine's counts only when it was made in the same context: packages, options, glossary.

    :param people: also look for what people translated or imported.
    """
    contexts = ("", context) if people else (context,)
    by_hash = {_digest(s): s for s in sentences}
    hashes = list(by_hash)
    found: dict[str, Remembered] = {}
    for start in range(0, len(hashes), _MOST_VALUES):
        rows = session.execute(
            select(
                MemorySegment.sha256,
                MemorySegment.target,
                MemorySegment.origin,
                MemorySegment.flags,
            ).where(
                MemorySegment.source_language == source,
                MemorySegment.target_language == target,
                MemorySegment.sha256.in_(hashes[start : start + _MOST_VALUES]),
                MemorySegment.context.in_(contexts),
            )
        )
        for sha256, text, origin, flags in rows:
            sentence = by_hash[sha256]
            known = found.get(sentence)
            if known is None or _RANK[origin] < _RANK[known.origin]:
                found[sentence] = Remembered(target=text, origin=origin, flags=read_flags(flags))
    return found


def targets(
    session: Session, source: str, target: str, sentences: Sequence[str]
) -> dict[str, list[str]]:
    """Every remembered translation of sentences, whoever made it and in whatever context."""
    by_hash = {_digest(s): s for s in sentences}
    hashes = list(by_hash)
    found: dict[str, list[str]] = {}
    for start in range(0, len(hashes), _MOST_VALUES):
        rows = session.execute(
            select(MemorySegment.sha256, MemorySegment.target).where(
                MemorySegment.source_language == source,
                MemorySegment.target_language == target,
                MemorySegment.sha256.in_(hashes[start : start + _MOST_VALUES]),
            )
        )
        for sha256, text in rows:
            found.setdefault(by_hash[sha256], []).append(text)
    return found


def store(
    session: Session,
    source: str,
    target: str,
    context: str,
    translated: Mapping[str, Remembered],
    *,
    engine: str,
    engine_version: str,
    now: datetime,
) -> None:
    """Keep a machine's sentences; what is there already stays. Commits nothing."""
    rows = [
        {
            "source_language": source,
            "target_language": target,
            "sha256": _digest(sentence),
            "origin": Origin.MACHINE,
            "context": context,
            "source": sentence,
            "target": known.target,
            "engine": engine,
            "engine_version": engine_version,
            "flags": write_flags(known.flags),
            "created_at": now,
            "created_by": "",
        }
        for sentence, known in translated.items()
    ]
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        session.execute(_insert(session), rows[start : start + _ROWS_A_STATEMENT])


def read_flags(stored: str) -> frozenset[Flag]:
    """The flags of a stored list; names of a newer version are passed over."""
    known = {f.value for f in Flag}
    return frozenset(Flag(name) for name in stored.split(",") if name in known)


def write_flags(flags: Iterable[Flag]) -> str:
    """Flags as they are stored: names by commas, sorted."""
    return ",".join(sorted(flags))


class Recent:
    """The last translations of this process, for texts that are not stored; bounded in size."""

    def __init__(self, characters: int = 4_000_000) -> None:
        """Keep at most so many characters of sources and targets."""
        self._limit = characters
        self._size = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Remembered] = OrderedDict()

    def find(self, context: str, sentences: Iterable[str]) -> dict[str, Remembered]:
        """What is still known of these sentences in this context."""
        found = {}
        with self._lock:
            for sentence in sentences:
                known = self._kept.get((context, sentence))
                if known:
                    self._kept.move_to_end((context, sentence))
                    found[sentence] = known
        return found

    def keep(self, context: str, translated: Mapping[str, Remembered]) -> None:
        """Remember translations, forgetting the least recently used ones for them."""
        with self._lock:
            for sentence, known in translated.items():
                old = self._kept.pop((context, sentence), None)
                self._size -= _weight(sentence, old)
                self._kept[context, sentence] = known
                self._size += _weight(sentence, known)
            while self._size > self._limit and self._kept:
                (_, sentence), gone = self._kept.popitem(last=False)
                self._size -= _weight(sentence, gone)


_RANK = {Origin.HUMAN: 0, Origin.IMPORTED: 1, Origin.MACHINE: 2}


def _weight(sentence: str, known: Remembered | None) -> int:
    return len(sentence) + len(known.target) + 200 if known else 0


def _digest(sentence: str) -> str:
    return hashlib.sha256(sentence.encode("utf-8", "surrogatepass")).hexdigest()


def _insert(session: Session) -> Any:
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(MemorySegment).on_conflict_do_nothing()
