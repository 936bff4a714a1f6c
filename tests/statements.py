"""What a database is asked, and the way it takes to the answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.db import Database

Asked = tuple[str, Any]


def asked_of(database: Database) -> list[Asked]:
    """Every statement from now on, with its values, as it comes."""
    found: list[Asked] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, *_: found.append((statement, values)),
    )
    return found


def plan(session: Session, asked: Asked) -> list[str]:
    """The steps in which SQLite answers a statement (EXPLAIN QUERY PLAN)."""
    statement, values = asked
    steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return [step.detail for step in steps]
