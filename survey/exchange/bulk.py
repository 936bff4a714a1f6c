"""Stores many answers at once, counting each in the roll-ups; what is there already stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey import rollup
from survey.exchange.export import ExportedAnswer
from survey.models import Comment, Response, WordingRow
from survey.ratings import WordingKind, digest
from survey.services import begin_write

# One transaction's worth: long enough to be quick, short enough to let visitors answer between.
AT_ONCE = 10_000
ELSEWHERE = ("question", "disclaimer", "comment")
OWN = tuple(f.name for f in fields(ExportedAnswer) if f.name not in ELSEWHERE)
OWN_VALUES = attrgetter(*OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many answers were new, and how many had been there already."""

    added: int
    known: int


def load(
    session: Session,
    answers: Iterable[ExportedAnswer],
    *,
    say: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Store answers as they are, in transactions of `AT_ONCE`; repeatable, by their nonces.

    Texts that this database does not know are registered. When it stops midway, everything up to
    the last whole transaction is stored and counted, and loading again goes on from there.

    :param say: called with how many answers have been dealt with.
    """
    texts = _Texts(session)
    added = known = 0
    answers = iter(answers)
    while batch := list(islice(answers, AT_ONCE)):
        begin_write(session)
        new = _unknown(session, batch)
        _store(session, new, texts)
        session.commit()
        added += len(new)
        known += len(batch) - len(new)
        say(added + known)
    return Loaded(added=added, known=known)


def _unknown(session: Session, batch: list[ExportedAnswer]) -> list[ExportedAnswer]:
    """The answers not yet stored; one that the batch holds twice is taken once."""
    by_nonce = {answer.nonce: answer for answer in batch}
    query = select(Response.nonce).where(Response.nonce.in_(by_nonce))
    for nonce in session.scalars(query):
        del by_nonce[nonce]
    return list(by_nonce.values())


def _store(session: Session, answers: list[ExportedAnswer], texts: _Texts) -> None:
    if not answers:
        return
    rows = []
    for answer in answers:
        values = dict(zip(OWN, OWN_VALUES(answer), strict=True))
        values["question_id"] = texts.number(WordingKind.QUESTION, answer.question, answer)
        values["disclaimer_id"] = (
            texts.number(WordingKind.DISCLAIMER, answer.disclaimer, answer)
            if answer.disclaimer
            else None
        )
        rows.append(values)
    connection = session.connection()
    connection.execute(insert(Response.__table__), rows)  # type: ignore[arg-type] # a table
    rollup.add(session, rows)
    _store_comments(session, [answer for answer in answers if answer.comment])


def _store_comments(session: Session, answers: list[ExportedAnswer]) -> None:
    if not answers:
        return
    query = select(Response.nonce, Response.id).where(
        Response.nonce.in_([a.nonce for a in answers])
    )
    ids = {row.nonce: row.id for row in session.execute(query)}
    comments = [
        {
            "response_id": ids[a.nonce],
            "text": a.comment,
            "day": a.day,
            "written_at": a.answered_at,
        }
        for a in answers
    ]
    session.execute(insert(Comment), comments)


class _Texts:
    """The numbers of questions and disclaimers, looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        query = select(WordingRow.kind, WordingRow.sha256, WordingRow.id)
        self._numbers = {(kind, sha256): number for kind, sha256, number in session.execute(query)}
        self._digests: dict[str, str] = {}

    def number(self, kind: WordingKind, text: str, answer: ExportedAnswer) -> int:
        """The text's number; an unknown one is registered as first shown with this answer."""
        sha256 = self._digests.get(text) or self._digests.setdefault(text, digest(text))
        if (kind, sha256) not in self._numbers:
            question = kind is WordingKind.QUESTION
            row = WordingRow(
                kind=kind,
                language=answer.site_language if question else answer.shown_language,
                text=text,
                sha256=sha256,
                first_shown=answer.answered_at,
            )
            self._session.add(row)
            self._session.flush()
            self._numbers[kind, sha256] = row.id
        return self._numbers[kind, sha256]


def is_empty(session: Session) -> bool:
    """Whether there is no answer at all."""
    return not session.scalar(
        select(func.count()).select_from(select(Response.id).limit(1).subquery())
    )
