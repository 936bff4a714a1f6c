"""Lets answers that arrive at the same moment share a transaction: one commit serves them all.

A commit waits for the disk, so without this it would be what limits how many answers a second are
taken. Nobody is thanked before the commit that holds the answer.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey.answering.answers import (
    NotStored,
    Outcome,
    is_worth_another_try,
    record,
    record_together,
)
from survey.answering.arrivals import Arrival

log = logging.getLogger(__name__)

# Enough for every thread of a server; the answer that came first must not wait for too many.
MOST_TOGETHER = 64


class _Waiting:
    """An answer in the queue; `woken` when it has its result, or is the next to lead."""

    def __init__(self, answer: Arrival) -> None:
        self.answer = answer
        self.result: Outcome | Exception | None = None
        self.woken = threading.Event()


class AnswerQueue:
    """The answers of one process; the thread of the first one waiting stores those behind it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._led = False

    def record(self, session: Callable[[], Session], answer: Arrival) -> Outcome:
        """As `answers.record`, perhaps together with others and by another's session.

        :param session: makes one, or gives the one there is; only called by who stores the answers.
        """
        mine = _Waiting(answer)
        with self._lock:
            self._waiting.append(mine)
            if not self._led:
                self._led = True
                mine.woken.set()
        mine.woken.wait()
        if mine.result is None:
            self._lead(session)
        if isinstance(mine.result, Outcome):
            return mine.result
        raise mine.result or RuntimeError("an answer was left without a result")

    def _lead(self, session: Callable[[], Session]) -> None:
        """Store what waits now, and leave what has come meanwhile to the next."""
        with self._lock:
            together = [
                self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))
            ]
        try:
            _store(session(), together)
        finally:
            with self._lock:
                self._led = bool(self._waiting)
                successor = self._waiting[0] if self._waiting else None
            for one in together:
                one.result = one.result or RuntimeError("the thread that stored this was ended")
                one.woken.set()
            if successor is not None:
                successor.woken.set()


def _store(session: Session, together: list[_Waiting]) -> None:
    """Give each its result; where one may be what the others fail by, each is stored alone."""
    if len(together) > 1:
        try:
            outcomes = record_together(session, [one.answer for one in together])
        except Exception as error:
            if isinstance(error, OperationalError) and not is_worth_another_try(error):
                # Alone, each would wait for the database as long once more, one after the other.
                for one in together:
                    one.result = NotStored(str(error.orig))
                return
            log.debug("stored one by one, since together: %s", error)
        else:
            for one, outcome in zip(together, outcomes, strict=True):
                one.result = outcome
            return
    for one in together:
        try:
            one.result = record(session, one.answer)
        except Exception as error:
            one.result = error
