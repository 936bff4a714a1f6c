"""One moment for everything that a report reads."""

from __future__ import annotations

from sqlalchemy.orm import Session


def begin_snapshot(session: Session) -> None:
    """Let everything that is read from here on be of one moment, whatever arrives meanwhile.

    SQLite's read transaction is a snapshot by itself.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
