"""Answers that come at the same moment share a commit, and none pays for another's fault."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from survey import rollup
from survey.answering.answer_queue import AnswerQueue
from survey.answering.answers import NotStored, Outcome, UnknownWording
from survey.answering.arrivals import Arrival, arrival
from survey.answering.tokens import Submission
from survey.answering.visitors import Visitor
from survey.db import Database
from survey.models import Response
from survey.ratings import Rating, Shown
from tests.screens import NOW, PLAIN, TRANSLATED, ZONE


def arriving(nonce: str, level: int = 3, shown: Shown = PLAIN, **options: object) -> Arrival:
    """An answer on its way."""
    submission = Submission(shown=shown, nonce=nonce, issued_at=NOW - timedelta(seconds=30))
    return arrival(Rating(level=level), submission, now=NOW, zone=ZONE, **options)


def send_together(
    database: Database, answers: list[Arrival], moment: str = "begin"
) -> list[Outcome | Exception]:
    """Each from a thread of its own; the first is held at this moment until all others wait."""
    queue = AnswerQueue()
    results: dict[int, Outcome | Exception] = {}
    holding, free = threading.Event(), threading.Event()

    def hold(*_: object) -> None:
        # The first one to lead waits here, so that the others gather behind it.
        if not holding.is_set():
            holding.set()
            free.wait()

    def send(number: int) -> None:
        with database.scope() as session:
            try:
                results[number] = queue.record(lambda: session, answers[number])
            except Exception as error:
                results[number] = error

    event.listen(database.engine, moment, hold)
    threads = [threading.Thread(target=send, args=(n,)) for n in range(len(answers))]
    threads[0].start()
    holding.wait()
    for number, thread in enumerate(threads[1:], 1):
        thread.start()
        # In this order, so that the outcomes are known.
        while len(queue._waiting) < number:
            time.sleep(0.001)
    free.set()
    for thread in threads:
        thread.join()
    event.remove(database.engine, moment, hold)
    return [results[n] for n in range(len(answers))]


def stored(database: Database) -> int:
    """How many answers there are; the roll-up agrees."""
    with database.scope() as session:
        assert list(rollup.mismatches(session)) == []
        return session.scalar(select(func.count()).select_from(Response)) or 0


def test_those_that_wait_together_share_one_commit(ready: Database) -> None:
    """Ten answers: the first alone, the nine behind it at once."""
    commits: list[object] = []
    event.listen(ready.engine, "commit", commits.append)
    answers = [arriving(f"n{n}", n % 5 + 1, (PLAIN, TRANSLATED)[n % 2]) for n in range(10)]
    assert send_together(ready, answers) == [Outcome.ADDED] * 10
    assert len(commits) == 2
    assert stored(ready) == 10


def test_one_form_sent_many_times_at_once_is_one_answer(ready: Database) -> None:
    """Also within one transaction, and the last level chosen is the one that counts."""
    levels = [1, 2, 2, 5]
    outcomes = send_together(ready, [arriving("same", level) for level in levels])
    assert outcomes == [Outcome.ADDED, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.CHANGED]
    assert stored(ready) == 1
    with ready.scope() as session:
        assert session.scalars(select(Response.rating)).one() == 5


def test_one_visitors_forms_in_one_transaction_are_one_answer(ready: Database) -> None:
    """A repetition is recognised beside the answer that it repeats."""
    vera = Visitor(address="192.0.2.7", agent="Vera's browser")
    outcomes = send_together(ready, [arriving(f"n{n}", n + 1, visitor=vera) for n in range(4)])
    assert outcomes == [Outcome.ADDED] + [Outcome.CHANGED] * 3
    assert stored(ready) == 1


def test_a_form_with_an_unknown_text_is_refused_and_the_others_are_stored(
    ready: Database,
) -> None:
    """What is wrong with one answer is told to its own sender alone."""
    wrong = replace(PLAIN, question="0" * 64)
    answers = [arriving("a"), arriving("b"), arriving("c", shown=wrong), arriving("d")]
    first, second, third, fourth = send_together(ready, answers)
    assert first is second is fourth is Outcome.ADDED
    assert isinstance(third, UnknownWording)
    assert stored(ready) == 3


def test_when_the_database_is_gone_everyone_is_told(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is thanked, and those that wait together wait for the database once."""
    monkeypatch.setattr("survey.db.BUSY_TIMEOUT_SECONDS", 0.05)
    impatient = Database(sqlite.url.render_as_string(hide_password=False))
    refusals: list[object] = []
    event.listen(impatient.engine, "handle_error", lambda _context: refusals.append(1))
    with sqlite.engine.connect().execution_options(writes=True) as holder:
        holder.exec_driver_sql("SELECT 1")
        answers = [arriving(f"n{number}") for number in range(4)]
        results = send_together(impatient, answers, "handle_error")
    assert [type(result) for result in results] == [NotStored] * 4
    assert len(refusals) == 2
    impatient.close()
