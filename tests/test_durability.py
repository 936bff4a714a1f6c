"""What was acknowledged stays: the service is killed under load, again and again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from survey import rollup
from survey.db import Database
from survey.models import Comment, DailyCount, Response
from tests.senders import Acknowledged, Answer, Crowd, answers
from tests.servers import environment, rayak, started

KEY = "a key of the tests that signs nothing of worth"
LARGE = "RAYAK_BENCH_LARGE" in os.environ
ROUNDS = {"sqlite": 20 if LARGE else 5, "postgresql": 20 if LARGE else 2}
VISITORS = 6
# Seconds from the first thanks to the end, drawn evenly; more answers than can be sent in them.
MOMENTS = (0.0, 1.2)
MORE_THAN_ENOUGH = 4_000


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_or_doubled_by_kill_9(
    database: Database, tmp_path: Path
) -> None:
    """Each is there once as it was sent, and the roll-up agrees, however often it is killed."""
    env = environment(
        tmp_path,
        RAYAK_DATABASE_URL=database.url.render_as_string(hide_password=False),
        RAYAK_SECRET_KEY=KEY,
        RAYAK_LIMITS="off",
        RAYAK_MIN_ANSWER_SECONDS="0",
    )
    random = Random()  # noqa: S311 -- no secret; the moments are in the message of a failure
    cut_short: list[Answer] = []
    known: dict[str, Answer] = {}
    for number in range(ROUNDS[database.url.get_backend_name()]):
        moment = random.uniform(*MOMENTS)
        fresh = answers([KEY], MORE_THAN_ENOUGH, name=f"round-{number}", now=datetime.now(UTC))
        # Whoever got no thanks sends the same form again: stored before or not, it counts once.
        sent = _Sent([*cut_short, *fresh])
        thanked = _until_killed(env, sent, moment)

        known |= {a.answer.nonce: a.answer for a in thanked}
        cut_short = [a for a in sent.taken if a.nonce not in known]
        why = f"round {number}, killed after {moment:.3f} s of load, {len(thanked)} thanked"
        assert thanked, why
        assert len(cut_short) <= VISITORS, why
        _check(database, known, cut_short, why)

    done = rayak("verify", env=env)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def _until_killed(env: dict[str, str], sent: _Sent, moment: float) -> list[Acknowledged]:
    with started(env) as service:
        crowd = Crowd(service, sent, VISITORS)
        crowd.start()
        assert crowd.wait_for_the_first(seconds=200)
        time.sleep(moment)
        service.kill()
        return crowd.join(seconds=30)


def _check(database: Database, known: dict[str, Answer], cut_short: list[Answer], why: str) -> None:
    """Every known answer is there as it was sent; beside them, at most those cut short."""
    with database.scope() as session:
        query = select(Response.nonce, Response.rating, Comment.text).outerjoin(Comment)
        rows = session.execute(query).all()
        counted = session.scalar(select(func.sum(DailyCount.answers)))
        wrong = list(rollup.mismatches(session))
    stored = {row.nonce: (row.rating, row.text or "") for row in rows}
    assert len(stored) == len(rows) == counted, why
    missing = [n for n, a in known.items() if stored.get(n) != (a.rating, a.comment)]
    assert not missing, f"{why}: {missing}"
    assert stored.keys() - known.keys() <= {a.nonce for a in cut_short}, why
    assert not wrong, f"{why}: {wrong}"


class _Sent:
    """Hands answers out and remembers which were taken."""

    def __init__(self, waiting: list[Answer]) -> None:
        self._waiting = waiting
        self.taken: list[Answer] = []

    def __iter__(self) -> Iterator[Answer]:
        for answer in self._waiting:
            self.taken.append(answer)
            yield answer
