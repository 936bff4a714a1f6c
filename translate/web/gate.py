"""Who may call the API how often: keys with quotas, everybody else by address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Request
from sqlalchemy.orm import Session

from translate.errors import QuotaExceeded, UnknownKey
from translate.keys import Key, find_key, has_keys, take
from translate.web.wire import ApiError, read_key


class Gate:
    """Lets a request in or refuses it, before any work is done for it."""

    def __init__(
        self,
        session: Callable[[], Session],
        wait: Callable[[str | None], float],
        key_wait: Callable[[int, int], float],
    ) -> None:
        """:param wait: given an address, 0.0 or the seconds to wait.
        :param key_wait: the same, given a key's id and its requests a minute.
        """
        self._session = session
        self._wait = wait
        self._key_wait = key_wait

    def key_of(self, request: Request, values: Mapping[str, Any]) -> Key | None:
        """The key a request came with, if it came with one.

        :raise ApiError: 403 when keys are in use and this is none of them.
        """
        text = read_key(request, values)
        if not text:
            return None
        session = self._session()
        try:
            return find_key(session, text)
        except UnknownKey as error:
            if has_keys(session):
                raise ApiError(HTTPStatus.FORBIDDEN, str(error)) from error
            return None

    def let_in(self, request: Request, values: Mapping[str, Any], characters: int) -> None:
        """Count a request against its key or its address.

        :raise ApiError: 403 for an unknown key, 429 for too many requests or characters.
        """
        key = self.key_of(request, values)
        if key is None:
            seconds = self._wait(request.remote_addr)
        elif key.requests_per_minute is not None:
            seconds = self._key_wait(key.id, key.requests_per_minute)
        else:
            seconds = 0.0
        if seconds:
            after = int(seconds) + 1
            message = f"Slowdown: too many requests; try again in {after} seconds"
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, message, retry_after=after)
        if key is not None:
            self._meter(key, characters)

    def _meter(self, key: Key, characters: int) -> None:
        now = datetime.now(UTC)
        try:
            take(self._session(), key, characters, now=now)
        except QuotaExceeded as error:
            midnight = 86_400 - (now.hour * 3_600 + now.minute * 60 + now.second)
            raise ApiError(
                HTTPStatus.TOO_MANY_REQUESTS, str(error), retry_after=midnight
            ) from error
