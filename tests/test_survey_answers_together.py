"""Answers stored together are stored as if each had come alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from survey import rollup
from survey.answering.answers import Outcome, UnknownWording, record_together
from survey.answering.arrivals import Arrival, arrival
from survey.answering.tokens import Submission
from survey.answering.visitors import Visitor
from survey.db import Database
from survey.models import Comment, Response, VisitorSalt
from survey.ratings import Rating, Shown, SpamReason
from tests.screens import NOW, PLAIN, TRANSLATED, ZONE
from tests.statements import asked_of

VISITORS = [None, *(Visitor(address=f"192.0.2.{n}", agent="a browser") for n in range(3))]


class Sent(NamedTuple):
    """One answer that a hypothesis makes up: its form's number, level, screen and visitor."""

    form: int
    level: int
    shown: Shown
    visitor: Visitor | None
    comment: str
    minutes: int
    spam: SpamReason

    def arriving(self, now: datetime) -> Arrival:
        """The same on its way."""
        submission = Submission(
            shown=self.shown, nonce=f"form {self.form}", issued_at=now - timedelta(seconds=30)
        )
        return arrival(
            Rating(level=self.level, comment=self.comment),
            submission,
            now=now,
            zone=ZONE,
            visitor=self.visitor,
            spam=self.spam,
            # Known, so that the same visitor has the same key in both tries.
            random_bytes=lambda number: bytes(number),
        )


SENT = st.builds(
    Sent,
    form=st.integers(1, 6),
    level=st.integers(1, 5),
    shown=st.sampled_from([PLAIN, TRANSLATED]),
    visitor=st.sampled_from(VISITORS),
    comment=st.sampled_from(["", "", "slow"]),
    minutes=st.sampled_from([0, 1, 20]),
    spam=st.sampled_from([SpamReason.NONE] * 3 + [SpamReason.NO_PROOF, SpamReason.HONEYPOT]),
)


def stored(database: Database) -> list[tuple[object, ...]]:
    """Every answer with its comment, in an order of its own; the roll-ups agree."""
    columns = [c for c in Response.__table__.columns if c.name != "id"]
    with database.scope() as session:
        assert list(rollup.mismatches(session)) == []
        query = select(*columns, Comment.text, Comment.written_at).outerjoin(Comment)
        return sorted(tuple(row) for row in session.execute(query.order_by(Response.nonce)))


def emptied(database: Database) -> None:
    """Let no answer be there."""
    with database.scope() as session:
        for table in (Comment, *rollup.ROLLUPS.values(), Response, VisitorSalt):
            session.execute(delete(table))
        session.commit()


def taken(database: Database, batches: list[list[Arrival]]) -> list[Outcome]:
    """Store each batch together."""
    with database.scope() as session:
        return [outcome for batch in batches for outcome in record_together(session, batch)]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(st.lists(SENT, min_size=1, max_size=8), max_size=3))
def test_it_makes_no_difference_which_answers_are_stored_together(
    ready: Database, batches: list[list[Sent]]
) -> None:
    """Outcomes, rows, comments and counts are those of one after the other."""
    minute, arriving = 0, []
    for batch in batches:
        arriving.append([])
        for sent in batch:
            minute += sent.minutes
            arriving[-1].append(sent.arriving(NOW + timedelta(minutes=minute)))
    emptied(ready)
    alone = taken(ready, [[answer] for batch in arriving for answer in batch])
    rows = stored(ready)
    emptied(ready)
    assert taken(ready, arriving) == alone
    assert stored(ready) == rows


def test_of_many_new_answers_as_much_is_asked_as_of_one(ready: Database) -> None:
    """Whatever their number: all is looked up at once, and their rows go together as well."""
    asked = asked_of(ready)
    numbers = []
    for first, count in ((0, 1), (1, 20)):
        new = [
            Sent(n, 3, TRANSLATED, Visitor(address=str(n), agent=""), "slow", 0, SpamReason.NONE)
            for n in range(first, first + count)
        ]
        asked.clear()
        assert taken(ready, [[sent.arriving(NOW) for sent in new]]) == [Outcome.ADDED] * count
        numbers.append(sum("visitor_salt" not in statement for statement, _ in asked))
    assert numbers[0] == numbers[1]


def test_one_answer_under_an_unknown_text_lets_none_of_them_be_stored(ready: Database) -> None:
    """Whoever stores them goes on to store each alone (see `survey.answering.answer_queue`)."""
    known = Sent(1, 3, PLAIN, None, "", 0, SpamReason.NONE).arriving(NOW)
    for strange in ({"question": "0" * 64}, {"disclaimer": "0" * 64}):
        odd = Sent(2, 3, PLAIN, None, "", 0, SpamReason.NONE).arriving(NOW)
        odd.values.update(strange)
        with pytest.raises(UnknownWording):
            taken(ready, [[known, odd]])
        assert stored(ready) == []
