"""The least that an answer costs: one insert and one count in a transaction, and a server of it.

`python -m tests.benchmarks.bare --port PORT DATABASE_URL` serves it with the server, threads and
settings of `rayak serve`, and one WSGI function: what the application is measured against.

It does less than a survey needs: no token is checked, a row has five columns and one index (ours
22 and up to seven), and one sum is kept (ours three, or five under an article). In one respect it
does more: each answer has a commit of its own, while those that come to Rayak at the same moment
share one (see `survey/answering/answer_queue.py`). Both are as durable: thanked once committed.
"""

from __future__ import annotations

import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qs

from survey.db import Database

TABLES = (
    "CREATE TABLE bare (nonce VARCHAR(64) UNIQUE, at VARCHAR(24), day VARCHAR(10), rating INT, "
    "page VARCHAR(80))",
    "CREATE TABLE bare_count (day VARCHAR(10), rating INT, answers INT, PRIMARY KEY (day, rating))",
)
INSERT = "INSERT INTO bare (nonce, at, day, rating, page) VALUES (?, ?, ?, ?, ?)"
COUNT = (
    "INSERT INTO bare_count (day, rating, answers) VALUES (?, ?, 1) "
    "ON CONFLICT (day, rating) DO UPDATE SET answers = bare_count.answers + 1"
)
DAY, MOMENT = "2026-11-25", "2026-11-25 10:00:00"
Environ = dict[str, Any]


class Bare:
    """The bare transaction on connections of the service's own kind, one a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._local = threading.local()
        self._sqlite = database.url.get_backend_name() == "sqlite"
        # The service's threads queue for SQLite's one writer (see survey/db.py); so do these.
        self._place = threading.Lock() if self._sqlite else nullcontext()
        mark = "?" if self._sqlite else "%s"
        self._insert, self._count = INSERT.replace("?", mark), COUNT.replace("?", mark)

    def make_tables(self) -> None:
        """Make the two tables; drop those of an earlier round."""
        with self._database.engine.begin() as connection:
            for table in ("bare", "bare_count"):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
            for statement in TABLES:
                connection.exec_driver_sql(statement)

    def store(self, nonce: str, rating: int) -> None:
        """One answer, committed."""
        if not hasattr(self._local, "connection"):
            self._local.connection = self._database.engine.raw_connection()
        with self._place:
            cursor = self._local.connection.cursor()
            if self._sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(self._insert, (nonce, MOMENT, DAY, rating, "/en/feedback"))
            cursor.execute(self._count, (DAY, rating))
            cursor.execute("COMMIT")
            cursor.close()


def application(bare: Bare) -> Callable[[Environ, Callable[..., object]], Iterable[bytes]]:
    """One WSGI function: read two fields, store, send the visitor on."""

    def respond(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            start_response("200 OK", [("Content-Length", "0")])
            return []
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        fields = parse_qs(body.decode())
        # The end of the token is its signature: as good a nonce as any.
        bare.store(fields["token"][0][-40:], int(fields["rating"][0]))
        start_response("303 See Other", [("Location", "/thanks"), ("Content-Length", "0")])
        return []

    return respond


def main() -> None:
    """Serve until ended."""
    from survey.commands.serve import _server
    from survey.settings import Settings

    parser = ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    server = _server(Settings.from_env(), f"127.0.0.1:{given.port}", 8)
    server.load = lambda: application(Bare(Database(given.url)))
    server.run()


if __name__ == "__main__":
    main()
