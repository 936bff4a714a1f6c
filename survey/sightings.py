"""Counts how often the question was on a screen: in memory first, then in sums to the database.

A process that is killed loses the views of the last few seconds, and no answer.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, tzinfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey import rollup
from survey.models import DailyView
from survey.ratings import Shown, local_day
from survey.rollup import Key
from survey.services import begin_write

FLUSH_SECONDS = 5


class Sightings:
    """The views of one process that are not in the database yet; safe between threads."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._lock = threading.Lock()
        self._waiting: Counter[Key] = Counter()

    def count(self, shown: Shown, *, now: datetime) -> None:
        """Note that the question stands on a screen; touches no database."""
        with self._lock:
            self._waiting[self._cell(shown, now)] += 1

    def move(self, before: Shown, counted_at: datetime, after: Shown, *, now: datetime) -> None:
        """Note that a screen that was counted has become another one: the same view, not a second.

        So a page that is translated once it is there is one view, of the translation.
        """
        with self._lock:
            self._waiting[self._cell(before, counted_at)] -= 1
            self._waiting[self._cell(after, now)] += 1

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

        No sum stays below zero, however often somebody moves one view. When the database refuses,
        they wait for the next time and the error goes on.
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
                if min(taken.values()) < 0:
                    session.execute(update(DailyView).where(DailyView.views < 0).values(views=0))
                session.commit()
        except BaseException:
            with self._lock:
                self._waiting.update(taken)
            raise
        return taken.total()
