"""The wordings as pages read them: they follow the database, and stand still within a request."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from survey.ratings import Wording
from survey.wording_changes import current_wordings, state_number

log = logging.getLogger(__name__)

# How long another process may go on asking the old question after a change.
SECONDS = 2.0


class WordingStore:
    """The built-in wordings with what admins have put in their place.

    One small question to the database every `SECONDS`; the texts are read again only when they
    have changed. Without the database the last texts hold, at first the built-in ones.
    """

    def __init__(
        self,
        built_in: Mapping[str, Wording],
        sessions: Callable[[], Session],
        monotonic: Callable[[], float],
    ) -> None:
        self.built_in = dict(built_in)
        self._sessions = sessions
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._held: Mapping[str, Wording] = self.built_in
        self._number = 0
        self._look_at = monotonic()

    def now(self) -> Mapping[str, Wording]:
        """The wordings that hold; what is given does not change."""
        with self._lock:
            if self._monotonic() >= self._look_at:
                self._look_at = self._monotonic() + SECONDS
                self._look()
            return self._held

    def look_again(self) -> None:
        """Read the database at the next call, after a change in this process."""
        with self._lock:
            self._look_at = self._monotonic()

    def _look(self) -> None:
        try:
            with self._sessions() as session:
                number = state_number(session)
                if number != self._number:
                    self._held = current_wordings(session, self.built_in)
                    self._number = number
        except SQLAlchemyError as error:
            log.warning("the wordings could not be read again: %s", error)


class Wordings(Mapping[str, Wording]):
    """Wordings by language, read through `now` at each use, which may hold them still."""

    def __init__(self, now: Callable[[], Mapping[str, Wording]]) -> None:
        self._now = now

    def __getitem__(self, language: str) -> Wording:
        return self._now()[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())
