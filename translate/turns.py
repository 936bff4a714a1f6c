"""The bounded queue in front of the models: who finds it full is told at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from translate.errors import EngineBusy

_RETRY_AFTER_SECONDS = 5


class Turns:
    """Places for so many requests at once, the waiting ones included."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._taken = 0
        self._here = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A place, held for the whole of one request; a thread that has one needs no second.

        :raise EngineBusy: at once, when all are taken.
        """
        if getattr(self._here, "has_turn", False):
            yield
            return
        self.take()
        self._here.has_turn = True
        try:
            yield
        finally:
            self._here.has_turn = False
            self.leave()

    def take(self) -> None:
        """Take a place until `leave`.

        :raise EngineBusy: when all are taken.
        """
        with self._lock:
            if self._taken >= self._most:
                raise EngineBusy(_RETRY_AFTER_SECONDS)
            self._taken += 1

    def leave(self) -> None:
        """Give a place back."""
        with self._lock:
            self._taken -= 1
