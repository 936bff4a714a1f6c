"""Answers a second over HTTP through the real server, beside the bare transaction behind it.

The comparison is fair: the same gunicorn, threads, database and settings of it (every commit on the
disk before it counts, writers of SQLite queueing in turn), the same visitors. These share the
machine's processors with the server, so that a machine of its own would serve more; the column of
processor time holds the server's own alone.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from survey.db import Database
from tests.benchmarks.bare import Bare
from tests.clusters import cluster
from tests.senders import Crowd, answers
from tests.servers import Service, environment, started

KEY = "a key of the benchmark that signs nothing of worth"
ANSWERS = 4_000
SECONDS = 30
# As many as the server has threads, and more than it has.
VISITORS = (8, 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Answers a second, and milliseconds of the middle and of the slowest of a hundred."""

    number: int
    seconds: float
    middle: float
    slowest: float
    # Milliseconds of the server's processor time for one answer; None where there is no server.
    processor: float | None = None

    @property
    def a_second(self) -> float:
        """Answers a second."""
        return self.number / self.seconds


def run(say: Callable[[str], None], number: int = ANSWERS) -> None:
    """The bare transaction, one WSGI function around it, and Rayak, on both databases."""
    say(f"\n## Answers over HTTP: up to {number} each, at most {SECONDS} s\n")
    say(
        "| database | what | visitors at once | answers/s | share of the WSGI function | p50 | p99 "
        "| server's processor time an answer |\n|" + "---|" * 8
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        _tables(say, path, f"sqlite:///{path / 'rayak.sqlite3'}", number)
        with cluster(durable=True) as url:
            _tables(say, path, url, number)


def _tables(say: Callable[[str], None], folder: Path, url: str, number: int) -> None:
    name = make_url(url).get_backend_name()
    database = Database(url)
    database.upgrade()
    bare = Bare(database)
    bare.make_tables()
    alone = _alone(bare, number)
    _line(say, name, "bare transaction, no server", 1, alone)
    env = environment(
        folder,
        RAYAK_DATABASE_URL=url,
        RAYAK_SECRET_KEY=KEY,
        RAYAK_LIMITS="off",
        RAYAK_MIN_ANSWER_SECONDS="0",
    )
    for visitors in VISITORS:
        bare.make_tables()
        with started(env, "-m", "tests.benchmarks.bare", url) as service:
            function = _sent(service, number, visitors)
        _line(say, name, "one WSGI function, bare transaction", visitors, function)
        with started(env) as service:
            ours = _sent(service, number, visitors)
        _line(say, name, "Rayak", visitors, ours, ours.a_second / function.a_second)
    database.close()


def _line(
    say: Callable[[str], None],
    database: str,
    what: str,
    visitors: int,
    rate: Rate,
    share: float | None = None,
) -> None:
    shown = "" if share is None else f"{share:.2f}"
    processor = "" if rate.processor is None else f"{rate.processor:.2f} ms"
    say(
        f"| {database} | {what} | {visitors} | {rate.a_second:.0f} | {shown} | "
        f"{rate.middle:.1f} ms | {rate.slowest:.1f} ms | {processor} |"
    )


def _alone(bare: Bare, number: int) -> Rate:
    """The transaction in this process, one after the other."""
    taken = []
    begin = last = time.perf_counter()
    for n in range(number):
        bare.store(f"bare-{n}", n % 5 + 1)
        now = time.perf_counter()
        taken.append(now - last)
        last = now
        if now - begin > SECONDS:
            break
    return _rate(taken, last - begin)


def _sent(service: Service, number: int, visitors: int) -> Rate:
    """Answers over HTTP, after some that warm the server up."""
    now = datetime.now(UTC)
    # Signed before the clock starts.
    first, rest = (answers([KEY], n, name=f"{visitors}-{n}", now=now) for n in (100, number))
    for waiting in (first, rest):
        crowd = Crowd(service, waiting, visitors)
        begin, worked = time.perf_counter(), service.processor_seconds()
        crowd.start()
        thanked = crowd.join(seconds=SECONDS)
        seconds = time.perf_counter() - begin
        worked = service.processor_seconds() - worked
        if len(thanked) < len(waiting) and seconds < SECONDS:
            raise RuntimeError("the server closed connections: the rate would be of fewer visitors")
    rate = _rate([a.seconds for a in thanked], seconds)
    return replace(rate, processor=worked / len(thanked) * 1_000)


def _rate(taken: list[float], seconds: float) -> Rate:
    parts = statistics.quantiles(taken, n=100)
    return Rate(
        number=len(taken), seconds=seconds, middle=parts[49] * 1_000, slowest=parts[98] * 1_000
    )
