"""How a write begins, and the writes that keep the wordings and the roll-ups in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from survey import rollup
from survey.models import WordingRow
from survey.ratings import Wording, WordingKind, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """A question or disclaimer that may be on a screen."""

    kind: WordingKind
    language: str
    text: str


def shown_texts(wordings: Iterable[Wording], organisation: Callable[[str], str]) -> list[ShownText]:
    """Every text a visitor may be shown, in every language and for every provider.

    :param organisation: the institution's name in a language.
    """
    texts = []
    for w in wordings:
        texts.append(ShownText(kind=WordingKind.QUESTION, language=w.language, text=w.question))
        texts += [
            ShownText(
                kind=WordingKind.DISCLAIMER,
                language=w.language,
                text=w.disclaimer_text(provider, organisation(w.language)),
            )
            for provider in w.providers
        ]
    return texts


def register_wordings(session: Session, texts: Iterable[ShownText], *, now: datetime) -> int:
    """Store each text that is not stored yet as a version of its own; gives how many were new.

    A question that was there before another one, and is asked again, is current from `now` on.
    """
    begin_write(session)
    texts = list(texts)
    new = add_shown_texts(session, texts, now=now)
    for t in texts:
        if t.kind is WordingKind.QUESTION:
            _ask_again(session, t, now)
    session.commit()
    return new


def add_shown_texts(session: Session, texts: Iterable[ShownText], *, now: datetime) -> int:
    """The same within a transaction of the caller's, who commits."""
    new = 0
    for t in texts:
        if _wording_id(session, t.kind, digest(t.text)) is None:
            session.add(
                WordingRow(
                    kind=t.kind,
                    language=t.language,
                    text=t.text,
                    sha256=digest(t.text),
                    first_shown=now,
                )
            )
            session.flush()
            new += 1
    return new


def begin_write(session: Session) -> None:
    """Start a write transaction; what was read before is read again inside it.

    SQLite takes its write lock here and waits for it, instead of failing in the middle.
    """
    session.rollback()
    session.connection(execution_options={"writes": True})


def _ask_again(session: Session, shown: ShownText, now: datetime) -> None:
    query = select(WordingRow).filter_by(kind=shown.kind, sha256=digest(shown.text))
    row = session.scalars(query).one()
    later = select(WordingRow.id).where(
        WordingRow.kind == row.kind,
        WordingRow.language == row.language,
        WordingRow.current_since > row.current_since,
    )
    if session.scalar(later.limit(1)) is not None:
        row.current_since = now


def _wording_id(session: Session, kind: WordingKind, sha256: str) -> int | None:
    return session.scalar(select(WordingRow.id).filter_by(kind=kind, sha256=sha256))


def mend_rollup(session: Session, months: Iterable[date]) -> None:
    """Write the roll-ups of these months anew from the answers, each in a transaction of its own.

    Visitors' answers wait while one is written, and find room before the next.
    """
    for month in months:
        begin_write(session)
        if session.get_bind().dialect.name == "postgresql":
            # An answer between the recount and its writing would be lost from the counts.
            tables = ", ".join(("response", *rollup.ROLLUPS))
            session.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))
        rollup.rebuild(session, month)
        session.commit()
