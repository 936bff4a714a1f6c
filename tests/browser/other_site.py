"""A website of the institution beside Rayak: one page with the box, under a strict policy."""

from __future__ import annotations

import http.server
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.conftest import PASSWORD
from tests.servers import environment, free_port, rayak, serving

PAGE = Path(__file__).with_name("pages") / "wordpress.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSite:
    """The website's own address, Rayak's, the folder of Rayak's data, and pages by their paths.

    On every other path stands the same page, as WordPress would make it.
    """

    address: str
    rayak: str
    folder: Path
    pages: dict[str, bytes] = field(default_factory=dict)

    def stored(self, columns: str, table: str = "response") -> list[tuple[object, ...]]:
        """These columns of each row."""
        with sqlite3.connect(self.folder / "rayak.sqlite3") as connection:
            return connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()  # noqa: S608 -- the tests' own words


@contextmanager
def other_site(folder: Path, **variables: str) -> Iterator[OtherSite]:
    """Both servers, for as long as the block; `variables` are further settings of Rayak."""
    port = free_port()
    own = f"http://127.0.0.1:{port}"
    env = environment(
        folder,
        RAYAK_EMBED_ORIGINS=own,
        RAYAK_LIMITS="off",
        RAYAK_MIN_ANSWER_SECONDS="0",
        **variables,
    )
    assert rayak("setup", "--no-samples", env=env, stdin=PASSWORD.encode()).returncode == 0
    with serving(env) as rayak_address:
        content = PAGE.read_text(encoding="utf-8").replace("{host}", rayak_address).encode()
        site = OtherSite(address=own, rayak=rayak_address, folder=folder)

        class Site(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(site.pages.get(self.path, content))

            def log_message(self, *_: object) -> None:
                """Nothing: the tests' output stays readable."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Site)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield site
        server.shutdown()
        thread.join()
        server.server_close()
