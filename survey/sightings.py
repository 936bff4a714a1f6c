"""Counts how often the question was on a screen: in memory first, then in sums to the database.

A process that is killed loses the views of the last few seconds, and no answer.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from survey import rollup
from survey.ratings import Shown, local_day
from survey.rollup import Key
from survey.services import begin_write

FLUSH_SECONDS = 5
# Past so many the oldest views stay where they were counted.
MOST_MOVABLE = 20_000


class Sightings:
    """The views of one process that are not in the database yet; safe between threads."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._lock = threading.Lock()
        self._waiting: Counter[Key] = Counter()
        # Where the views of forms were counted, by the forms' nonces.
        self._movable: dict[str, Key] = {}

    def count(self, shown: Shown, nonce: str, *, now: datetime) -> None:
        """Note that the question stands on a screen; touches no database.

        :param nonce: of its form, by which the view can move.
        """
        with self._lock:
            self._add(shown, nonce, now)

    def move(self, before: str, shown: Shown, nonce: str, *, now: datetime) -> None:
        """Note that a form that was counted has become another one: the same view, not a second.

        So a page that is translated once it is there is one view, of the translation. Each form's
        view moves once, and only where it was counted here: nobody can take away others' views.

        :param before: the nonce of the form that stood there.
        """
        with self._lock:
            counted = self._movable.pop(before, None)
            if counted is not None:
                self._waiting[counted] -= 1
                self._add(shown, nonce, now)

    def _add(self, shown: Shown, nonce: str, now: datetime) -> None:
        cell = self._cell(shown, now)
        self._waiting[cell] += 1
        self._movable[nonce] = cell
        if len(self._movable) > MOST_MOVABLE:
            del self._movable[next(iter(self._movable))]

    def _cell(self, shown: Shown, now: datetime) -> Key:
        return (
            local_day(now, self._zone),
            shown.site_language,
            shown.shown_language,
            shown.translation,
            shown.channel,
        )

    def flush(self, scope: Callable[[], Session]) -> int:
        """Add what was counted to the database, in one transaction; gives how many views.

        When the database refuses, they wait for the next time and the error goes on.
        """
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
        taken = Counter({cell: views for cell, views in waiting.items() if views})
        if not taken:
            return 0
        try:
            with scope() as session:
                begin_write(session)
                rollup.add_views(session, taken)
                session.commit()
        except BaseException:
            with self._lock:
                self._waiting.update(taken)
            raise
        return taken.total()
