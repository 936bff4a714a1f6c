"""Vera's visits to one page: how her answers are recorded, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from survey import rollup
from survey.answering.answers import Outcome
from survey.answering.visitors import Visitor
from survey.db import Database
from survey.models import Response
from survey.ratings import State
from tests import screens

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
VERA = Visitor(address="192.0.2.7", agent="Vera's browser")
OTHER = Visitor(address="192.0.2.8", agent="Vera's browser")


def answer(
    database: Database,
    level: int,
    nonce: str,
    *,
    minute: float = 0,
    visitor: Visitor | None = VERA,
    **options: object,
) -> Outcome:
    """Record one answer, some minutes after noon."""
    now = NOON + timedelta(minutes=minute)
    return screens.answer(database, level, nonce, now=now, visitor=visitor, **options)


def rows(database: Database) -> list[tuple[int, State]]:
    """Level and state of every answer, and the roll-up agrees."""
    with database.scope() as session:
        assert list(rollup.mismatches(session)) == []
        query = select(Response.rating, Response.state).order_by(Response.id)
        return [tuple(row) for row in session.execute(query)]
