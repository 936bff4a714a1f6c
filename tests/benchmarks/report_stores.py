"""Databases filled for the benchmark of reports: kept when a folder for them is named.

Filling ten million answers takes minutes. With RAYAK_BENCH_FOLDER each is filled once, and a run
that was cut off, or a second one, goes on to the measuring.
"""

from __future__ import annotations

import json
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.engine import make_url

from survey.db import Database
from tests.benchmarks.crowd import FILLERS
from tests.clusters import cluster

T = TypeVar("T")
FOLDER = "RAYAK_BENCH_FOLDER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What filling a database took: seconds, and the most MiB of the process that did it."""

    seconds: float
    memory: float


class Stores:
    """The databases of one run, by kind (`sqlite`, `postgresql`), way of filling and size."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._cluster = ""

    def filled(self, kind: str, how: str, size: int) -> tuple[str, Filled]:
        """The address of a filled database, and what filling it took, now or earlier."""
        name = f"{how}_{size}"
        note = self._folder / f"{kind}-{name}.json"
        if note.exists():
            return self._address(kind, name), Filled(**json.loads(note.read_text()))
        filled = elsewhere(_fill, self._emptied(kind, name), how, size)
        note.write_text(json.dumps(asdict(filled)))
        return self._address(kind, name), filled

    def _address(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self._folder / name}.sqlite3"
        if not self._cluster:
            data = self._folder / "postgresql"
            self._cluster = self._stack.enter_context(cluster(durable=True, data=data))
        return make_url(self._cluster).set(database=name).render_as_string(hide_password=False)

    def _emptied(self, kind: str, name: str) -> str:
        """The address without what an earlier run may have left half filled."""
        address = self._address(kind, name)
        if kind == "sqlite":
            for path in self._folder.glob(f"{name}.sqlite3*"):
                path.unlink()
            return address
        admin = Database(self._cluster)
        with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.close()
        return address


@contextmanager
def stores() -> Iterator[Stores]:
    """Databases in the folder of RAYAK_BENCH_FOLDER, or in one that goes when the run ends."""
    with ExitStack() as stack:
        named = os.environ.get(FOLDER)
        folder = Path(named or stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        folder.mkdir(parents=True, exist_ok=True)
        if not named:
            # The server of PostgreSQL may run as another account, and must get to its data.
            folder.chmod(0o711)
        yield Stores(folder, stack)


def elsewhere(do: Callable[..., T], *arguments: object) -> T:
    """The result of a call in a process of its own, whose memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(do, *arguments).result()


def most_memory() -> float:
    """The most MiB that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _fill(url: str, how: str, size: int) -> Filled:
    database = Database(url)
    database.upgrade()
    seconds = FILLERS[how](database, size)
    if database.url.get_backend_name() == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            # Its own service does so a minute later; SQLite has none, and gets none here.
            c.execute(text("VACUUM ANALYZE"))
    database.close()
    return Filled(seconds=seconds, memory=most_memory())
