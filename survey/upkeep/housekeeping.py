"""The chores of a running service, each done every so often by a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from survey.db import Database
from survey.ratings import local_day
from survey.upkeep.retention import purge

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Something to do every `seconds`; `at_end` also once more when the service stops."""

    name: str
    seconds: float
    do: Callable[[], object]
    at_end: bool = False


class Housekeeping:
    """Runs the chores of one process; a chore that fails is logged and tried again."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = tuple(chores)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; each chore is done at once for the first time."""
        for chore in self._chores:
            thread = threading.Thread(
                target=self._repeat, args=(chore,), name=f"chore {chore.name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End: wait for chores under way, then do what is to be done at the end."""
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self._threads.clear()
        for chore in self._chores:
            if chore.at_end:
                _attempt(chore)

    def _repeat(self, chore: Chore) -> None:
        while not self._over.is_set():
            _attempt(chore)
            self._over.wait(chore.seconds)


def _attempt(chore: Chore) -> None:
    try:
        chore.do()
    except Exception:
        # A database that is away for a while must not end the thread; the next time may work.
        log.exception("chore %s failed", chore.name)


class DailyPurge:
    """Deletes what has expired at the first call and then once in each day of the site."""

    def __init__(
        self, database: Database, *, now: Callable[[], datetime], zone: tzinfo, comment_days: int
    ) -> None:
        self._database = database
        self._now = now
        self._zone = zone
        self._comment_days = comment_days
        self._done: date | None = None

    def __call__(self) -> None:
        """Purge, unless today has been done."""
        now = self._now()
        today = local_day(now, self._zone)
        if today == self._done:
            return
        with self._database.scope() as session:
            purge(session, now=now, zone=self._zone, comment_days=self._comment_days)
        self._database.forget()
        self._done = today
