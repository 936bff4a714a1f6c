"""What the service counts of its own work, for programs that watch it; about nobody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, ProcessCollector, generate_latest

from survey.ratings import Channel, SpamReason


class Metrics:
    """The counters of one process since it began; safe between threads.

    No text, no address and no key is ever in a label.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._views = Counter(
            "rayak_views",
            "How often the question came on a screen, and whether that was counted as a view",
            ["channel", "counted"],
            registry=self._registry,
        )
        self._answers = Counter(
            "rayak_answers",
            "Answers taken in, repetitions too, and why they were kept as spam, if they were",
            ["channel", "spam"],
            registry=self._registry,
        )
        self._slowed = Counter(
            "rayak_answers_slowed",
            "Answers sent back to be sent again in a moment, since many came from their network",
            ["channel"],
            registry=self._registry,
        )

    def saw_view(self, channel: Channel, *, counted: bool) -> None:
        """The question came on a screen."""
        self._views.labels(channel.value, "yes" if counted else "no").inc()

    def took_answer(self, channel: Channel, spam: SpamReason) -> None:
        """An answer was stored, or changed the one of before."""
        self._answers.labels(channel.value, spam.value).inc()

    def slowed_answer(self, channel: Channel) -> None:
        """An answer was sent back for its network's bucket was empty."""
        self._slowed.labels(channel.value).inc()

    def text(self) -> bytes:
        """All counters in Prometheus' text format."""
        return generate_latest(self._registry)
