"""The transactions of this room that write."""

from __future__ import annotations

from sqlalchemy.orm import Session


def begin_write(session: Session) -> None:
    """Begin a transaction that writes; what was read before is read again inside it.

    The option tells an engine for SQLite to take the lock now and wait for it, where a reader that
    turns writer would fail at once.
    """
    session.rollback()
    session.connection(execution_options={"writes": True})
