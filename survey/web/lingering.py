"""Reads what a refused request still sends, so that its sender gets to read why it was refused.

Many clients send all of a request before they look at the answer. A server that closes before has
the connection reset under them: they report a broken pipe instead of the answer. This is what
nginx calls a lingering close.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PIECE = 64 * 1024
# Whoever sends more than this made a mistake that no message has to explain.
_MOST_BYTES = 256 * 1024 * 1024
_MOST_SECONDS = 30.0
_MOST_SECONDS_OF_SILENCE = 5.0
# Each keeps a thread of the server busy, and a trickle of bytes must not take them all.
_MOST_AT_ONCE = 2


class Lingering:
    """WSGI middleware: after the answer, the rest of the request's body is read and forgotten."""

    def __init__(
        self, app: WSGIApplication, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """:param monotonic: seconds of a clock that is never put back."""
        self._app = app
        self._monotonic = monotonic
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and linger when the server closes the answer, which then is on its way."""
        answer = self._app(environ, start_response)
        # Of another server nobody knows where the body ends: reading on could wait for ever.
        if not environ.get("wsgi.input_terminated"):
            return answer
        return ClosingIterator(answer, lambda: self._read_rest(environ))

    def _read_rest(self, environ: WSGIEnvironment) -> None:
        """Read to the end, within limits; then the server closes as it sees fit."""
        if int(environ.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
            return
        if self._places.acquire(blocking=False):
            try:
                self._forget(environ)
            finally:
                self._places.release()

    def _forget(self, environ: WSGIEnvironment) -> None:
        body, connection = environ["wsgi.input"], environ.get("gunicorn.socket")
        waited = connection.gettimeout() if connection else None
        end, rest = self._monotonic() + _MOST_SECONDS, _MOST_BYTES
        # The answer is sent: silence, a reset or a malformed chunk only mean that this is the end.
        with suppress(Exception):
            while rest > 0 and self._monotonic() < end:
                if connection:
                    connection.settimeout(_MOST_SECONDS_OF_SILENCE)
                piece = len(body.read(min(_PIECE, rest)))
                if not piece:
                    break
                rest -= piece
        if connection:
            with suppress(OSError):
                connection.settimeout(waited)
