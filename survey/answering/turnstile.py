"""Counts no more views of one network than it can have: nobody inflates the denominator."""

from __future__ import annotations

from collections.abc import Callable

from survey.answering.limits import VIEWS, Buckets, of_network
from survey.metrics import Metrics
from survey.ratings import Channel


class Turnstile:
    """Decides which views count. Those that do not are seen all the same, and noted in the metrics.

    A program that asks for the question again and again would else lower the response rate.
    """

    def __init__(self, buckets: Buckets, metrics: Metrics, monotonic: Callable[[], float]) -> None:
        """:param monotonic: seconds of a clock that is never put back."""
        self._buckets = buckets
        self._metrics = metrics
        self._monotonic = monotonic

    def counts(self, address: str | None, channel: Channel) -> bool:
        """Whether one more view from this address counts."""
        wait = self._buckets.take_each(of_network("view", address, VIEWS), at=self._monotonic())
        self._metrics.saw_view(channel, counted=not wait)
        return not wait
