"""The transactions of this room that write."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

# The name of one lock among PostgreSQL's advisory ones; any number that nothing else uses.
_CHANGES = 0x7472616E736C6174


def begin_write(session: Session) -> None:
    """Begin a transaction that writes; what was read before is read again inside it.

    The option tells an engine for SQLite to take the lock now and wait for it, where a reader that
    turns writer would fail at once.
    """
    session.rollback()
    session.connection(execution_options={"writes": True})


def begin_change(session: Session) -> None:
    """Begin a transaction that changes articles, translations, memory or glossary.

    On PostgreSQL, too, it waits for the one before: of two people who save at the same moment the
    second must find what the first one stored.
    """
    begin_write(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_CHANGES)))
