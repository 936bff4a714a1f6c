"""The memory on the editors' pages: sentences found, corrected and removed one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from translate.articles.article_list import escaped
from translate.articles.corrections import remember
from translate.checks import Flag
from translate.errors import TranslateError
from translate.keyed_page import BEGINNING, KeyedPage, Order, Place, keyed_page
from translate.memory import read_flags
from translate.models import MemorySegment, Origin
from translate.transaction import begin_change

PAGE = 50
ANY_FLAG = "any"


class UnknownSentence(TranslateError, LookupError):
    """The memory has no sentence with this number."""


class SentenceChanged(TranslateError):
    """Somebody else corrected this sentence meanwhile; `target` is what they made of it."""

    def __init__(self, target: str) -> None:
        super().__init__("Somebody else changed this sentence meanwhile")
        self.target = target


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; empty values look for nothing. `flag` is a flag's name or `any`."""

    text: str = ""
    source: str = ""
    target: str = ""
    origin: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSentence:
    """A sentence of the memory with its number."""

    id: int
    source_language: str
    target_language: str
    source: str
    target: str
    origin: str
    engine: str
    flags: tuple[Flag, ...]
    created_at: datetime
    created_by: str


ORDERS = {
    "newest": Order(key=(MemorySegment.id,), descending=True),
    "oldest": Order(key=(MemorySegment.id,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePage:
    """A page of the memory, with its place in it."""

    sentences: tuple[ListedSentence, ...]
    page: KeyedPage


def find_sentences(
    session: Session,
    search: Search,
    place: Place = BEGINNING,
    *,
    order: str = "newest",
    size: int = PAGE,
) -> SentencePage:
    """The sentences that fit, in an order of `ORDERS`."""
    everything, conditions = select(MemorySegment), _conditions(search)
    page = keyed_page(session, everything, conditions, ORDERS[order], place, size=size)
    return SentencePage(sentences=tuple(_listed(row[0]) for row in page.rows), page=page)


def read_sentence(session: Session, number: int) -> ListedSentence:
    """The sentence with this number.

    :raise UnknownSentence: when there is none.
    """
    row = session.get(MemorySegment, number)
    if row is None:
        raise UnknownSentence(number)
    return _listed(row)


def correct_sentence(
    session: Session, number: int, target: str, was: str, *, by: str, now: datetime
) -> None:
    """Make a sentence's translation a person's: it stands beside a machine's and beats it.

    :param was: the translation that the person was shown.
    :raise UnknownSentence: when it was removed.
    :raise SentenceChanged: when it is another one by now; nothing is stored.
    """
    begin_change(session)
    row = session.get(MemorySegment, number, populate_existing=True)
    if row is None:
        session.rollback()
        raise UnknownSentence(number)
    human = session.scalar(
        select(MemorySegment.target).where(
            MemorySegment.source_language == row.source_language,
            MemorySegment.target_language == row.target_language,
            MemorySegment.sha256 == row.sha256,
            MemorySegment.origin == Origin.HUMAN,
        )
    )
    current = row.target if human is None else human
    # Of a machine's sentence the person was shown the machine's words, whoever corrected it since.
    if current != was and current != target:
        session.rollback()
        raise SentenceChanged(current)
    pair = row.source_language, row.target_language
    remember(session, *pair, row.source, target, by=by, now=now)
    session.commit()


def forget_sentence(session: Session, number: int) -> ListedSentence:
    """Remove a sentence; gives what it was.

    :raise UnknownSentence: when there is none.
    """
    begin_change(session)
    row = session.get(MemorySegment, number)
    if row is None:
        session.rollback()
        raise UnknownSentence(number)
    gone = _listed(row)
    session.delete(row)
    session.commit()
    return gone


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    exact = {
        MemorySegment.source_language: search.source,
        MemorySegment.target_language: search.target,
        MemorySegment.origin: search.origin and Origin(search.origin),
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value]
    if search.text:
        pattern = f"%{escaped(search.text)}%"
        found.append(
            or_(
                MemorySegment.source.ilike(pattern, escape="\\"),
                MemorySegment.target.ilike(pattern, escape="\\"),
            )
        )
    if search.flag == ANY_FLAG:
        found.append(MemorySegment.flags != "")
    elif search.flag:
        found.append(("," + MemorySegment.flags + ",").contains(f",{search.flag},"))
    return found


def _listed(row: MemorySegment) -> ListedSentence:
    return ListedSentence(
        id=row.id,
        source_language=row.source_language,
        target_language=row.target_language,
        source=row.source,
        target=row.target,
        origin=row.origin.value,
        engine=f"{row.engine} {row.engine_version}".strip(),
        flags=tuple(sorted(read_flags(row.flags))),
        created_at=row.created_at,
        created_by=row.created_by,
    )
