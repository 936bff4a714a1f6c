"""What the running service writes into its log: nothing of who came."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.servers import environment, rayak, serving

pytestmark = pytest.mark.slow

STRANGER = "198.51.100.77"


def raw(address: str, sent: bytes) -> bytes:
    """What the server answers to these bytes."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(sent)
        return connection.recv(10_000)


def test_no_address_and_no_header_of_a_visitor_is_in_the_log(tmp_path: Path) -> None:
    """Neither of a reader's, nor of a program's that does not even speak HTTP."""
    env = environment(tmp_path, RAYAK_SECRET_KEY="k" * 40)
    assert rayak("db", "upgrade", env=env).returncode == 0
    path = tmp_path / "log"
    with path.open("wb") as log, serving(env, log) as address:
        request = urllib.request.Request(  # noqa: S310 -- loopback
            f"{address}/fr/feedback",
            data=b"rating=3",
            headers={"X-Forwarded-For": STRANGER, "User-Agent": "a browser"},
        )
        with pytest.raises(urllib.error.HTTPError, match="422"):
            urllib.request.urlopen(request, timeout=20)  # noqa: S310 -- loopback
        for bad in (
            b"HELO there\r\n\r\n",
            f"GET / HTTP/1.1\r\nForwarded {STRANGER}\r\n\r\n".encode(),
        ):
            assert raw(address, bad).startswith(b"HTTP/1.1 400")
    logged = path.read_text()
    assert logged.count("A request that is no HTTP was refused") == 2
    for word in (STRANGER, "127.0.0.1", "HELO", "a browser"):
        assert word not in logged
