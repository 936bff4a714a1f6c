"""Counts how often the question was on a screen: in memory first, then in sums to the database.

A process that is killed loses the views of the last few seconds, and no answer.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from sqlalchemy.orm import Session

from survey import rollup
from survey.answering.wording_ids import question_numbers
from survey.models import DailyView, MonthlyArticleView
from survey.ratings import Channel, Shown, Translation, local_day
from survey.rollup import Key
from survey.services import begin_write

FLUSH_SECONDS = 5
# Past so many the oldest views stay where they were counted.
MOST_MOVABLE = 20_000


class Cell(NamedTuple):
    """What names a sum of views: the columns of `DailyView`, the question still by its digest.

    The last one is the article, by which they are summed by months as well.
    """

    day: date
    question: str
    site_language: str
    shown_language: str
    source_language: str
    translation: Translation
    engine: str
    engine_version: str
    channel: Channel
    article: str


class Sightings:
    """The views of one process that are not in the database yet; safe between threads."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._lock = threading.Lock()
        self._waiting: Counter[Cell] = Counter()
        # Where the views of forms were counted, by the forms' nonces.
        self._movable: dict[str, Cell] = {}

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

    def _cell(self, shown: Shown, now: datetime) -> Cell:
        engine = shown.translator
        return Cell(
            day=local_day(now, self._zone),
            question=shown.question,
            site_language=shown.site_language,
            shown_language=shown.shown_language,
            source_language=shown.source_language,
            translation=shown.translation,
            engine=engine.name,
            engine_version=engine.version,
            channel=shown.channel,
            article=shown.article,
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
                _store(session, taken)
                session.commit()
        except BaseException:
            with self._lock:
                self._waiting.update(taken)
            raise
        return taken.total()


def _store(session: Session, views: Mapping[Cell, int]) -> None:
    """Add views to both sums; under 0 those of a question that the database does not know."""
    numbers = question_numbers(session, {cell.question for cell in views})
    by_screen: Counter[Key] = Counter()
    by_article: Counter[Key] = Counter()
    for cell, number in views.items():
        day, digest, *screen, article = cell
        question = numbers.get(digest, 0)
        by_screen[(day, question, *screen)] += number
        if article:
            text = cell.shown_language, cell.translation
            by_article[(rollup.month_of(day), article, question, *text)] += number
    rollup.add_views(session, DailyView, by_screen)
    rollup.add_views(session, MonthlyArticleView, by_article)
