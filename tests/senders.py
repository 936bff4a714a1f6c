"""Sends answers to a running service over kept connections, as many visitors at once would."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from survey.answering.tokens import FormTokens
from survey.ratings import SCALE, Shown, Translation, digest, read_wording
from tests.servers import Service

HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One form as a visitor sends it; `nonce` is what its token makes it known by."""

    nonce: str
    rating: int
    comment: str
    token: str

    def body(self) -> bytes:
        """The form's fields."""
        fields = {"rating": self.rating, "comment": self.comment, "token": self.token}
        return urlencode(fields).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """An answer that the service said it had, and the seconds until it said so."""

    answer: Answer
    seconds: float


class Refused(AssertionError):
    """The service answered something other than thanks."""


def answers(keys: Sequence[str], number: int, *, name: str, now: datetime) -> list[Answer]:
    """Forms signed with the site's own keys: under articles and not, with comments and without."""
    issue = FormTokens(keys).issue
    question = digest(read_wording()["en"].question)
    made = []
    for n in range(number):
        article = f"news-{n % 7}" if n % 2 else ""
        shown = Shown(
            page=f"/en/articles/{article}" if article else "/en/feedback",
            article=article,
            site_language="en",
            shown_language="en",
            source_language="en",
            translation=Translation.ORIGINAL,
            question=question,
        )
        nonce = f"{name}-{n}"
        made.append(
            Answer(
                nonce=nonce,
                rating=SCALE[n % 5],
                comment=f"Comment {nonce}" if n % 10 == 0 else "",
                token=issue(shown, nonce=nonce, now=now),
            )
        )
    return made


class Crowd:
    """Visitors who send at the same time, each over a connection that is kept."""

    def __init__(self, service: Service, waiting: Iterable[Answer], visitors: int) -> None:
        self._service = service
        self._waiting = iter(waiting)
        self._lock = threading.Lock()
        self._over, self._first = threading.Event(), threading.Event()
        self._acknowledged: list[Acknowledged] = []
        self._error: Exception | None = None
        self._threads = [threading.Thread(target=self._visitor) for _ in range(visitors)]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def wait_for_the_first(self, seconds: float) -> bool:
        """Whether the service has begun to thank within this time."""
        return self._first.wait(seconds)

    def join(self, seconds: float) -> list[Acknowledged]:
        """What was acknowledged until all was sent, the service was gone or the time was over.

        :raise Refused: when the service answered something other than thanks.
        """
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(timeout=max(0.0, end - time.monotonic()))
        self._over.set()
        for thread in self._threads:
            thread.join()
        if self._error:
            raise self._error
        return self._acknowledged

    def _visitor(self) -> None:
        connection = HTTPConnection(self._service.host, self._service.port, timeout=30)
        while not self._over.is_set():
            with self._lock:
                answer = next(self._waiting, None)
            if answer is None:
                break
            begin = time.perf_counter()
            try:
                connection.request("POST", "/en/feedback", body=answer.body(), headers=HEADERS)
                response = connection.getresponse()
                response.read()
            except (OSError, HTTPException):
                # The service is gone; whether it stored this one, nobody has been told.
                break
            if response.status != 303:
                self._error = Refused(f"{response.status} to {answer.nonce}")
                break
            seconds = time.perf_counter() - begin
            self._acknowledged.append(Acknowledged(answer=answer, seconds=seconds))
            self._first.set()
        connection.close()
