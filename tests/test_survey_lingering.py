"""Whoever sends too much gets to read why it was refused, through the real server."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest
from werkzeug.wsgi import ClosingIterator

from survey.app.flask_app import LARGEST_REQUEST
from survey.web.lingering import Lingering
from tests.servers import environment, rayak, serving

KEY = "a key of the tests that signs nothing of worth"
TOO_MUCH = LARGEST_REQUEST + 1024**2
# More than the buffers of both sockets hold, so that an unread body does stop its sender.
PIECE = 64 * 1024
JSON = {"Content-Type": "application/json"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service without packages and with nothing but its tables."""
    env = environment(
        tmp_path_factory.mktemp("lingering"), RAYAK_LIMITS="off", RAYAK_SECRET_KEY=KEY
    )
    assert rayak("db", "upgrade", env=env).returncode == 0
    with serving(env) as found:
        yield found


def sent(url: str, body: bytes, **headers: str) -> tuple[int, str, str]:
    """Status, type and text of the answer, by urllib: it sends all before it reads anything."""
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 -- loopback
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 -- loopback
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


@pytest.mark.parametrize("path", ["/translate", "/detect", "/translate_file", "/suggest"])
def test_a_program_that_sends_too_much_reads_the_limit(address: str, path: str) -> None:
    status, kind, text = sent(f"{address}{path}", bytes(TOO_MUCH), **JSON)
    assert (status, kind) == (413, "application/json")
    limit = f"the body exceeds the limit of {LARGEST_REQUEST} bytes"
    assert json.loads(text) == {"error": f"Invalid request: {limit}"}


@pytest.mark.parametrize(("path", "status"), [("/ar/feedback", 413), ("/", 405), ("/nowhere", 404)])
def test_a_reader_who_sends_too_much_gets_a_page(address: str, path: str, status: int) -> None:
    found, kind, text = sent(f"{address}{path}", bytes(TOO_MUCH))
    assert (found, kind) == (status, "text/html; charset=utf-8")
    assert "<h1" in text


def test_far_too_much_is_explained_too(address: str) -> None:
    assert sent(f"{address}/translate", bytes(6 * LARGEST_REQUEST), **JSON)[0] == 413


def test_a_length_that_was_not_announced_is_refused_at_the_limit(address: str) -> None:
    """The part up to the limit is not taken for the whole."""
    pieces = (b" " * PIECE for _ in range(TOO_MUCH // PIECE))
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", "/translate", pieces, JSON, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, "exceeds" in answer.read().decode()) == (413, True)
    connection.close()


def test_the_connection_can_be_used_again(address: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    for _ in range(2):
        connection.request("POST", "/translate", bytes(TOO_MUCH), JSON)
        assert json.loads(connection.getresponse().read())["error"]
        connection.request("GET", "/health")
        assert json.loads(connection.getresponse().read()) == {"status": "ok"}
    connection.close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("expect", ["Expect: 100-continue", "Expect:"])
def test_curl_shows_the_answer(address: str, tmp_path: Path, expect: str) -> None:
    """With and without asking first whether it may send."""
    body = tmp_path / "body"
    body.write_bytes(bytes(TOO_MUCH))
    command = ["curl", "-sS", "-H", expect, "-w", " %{http_code}", "--data-binary", f"@{body}"]
    done = subprocess.run([*command, f"{address}/translate"], capture_output=True, check=True)
    assert b'"error"' in done.stdout
    assert done.stdout.endswith(b" 413")


class Trickle:
    """A body whose next piece comes when the test says so."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def read(self, _: int) -> bytes:
        self.asked.set()
        self.go_on.wait()
        return b""


def test_trickles_of_bytes_never_take_all_threads_of_the_server() -> None:
    """Two at a time are read to their end; who comes meanwhile is let go at once."""
    lingering = Lingering(lambda _, __: [b"too much"])

    def closed(body: Trickle) -> threading.Thread:
        environ = {"wsgi.input": body, "wsgi.input_terminated": True}
        answer = lingering(environ, lambda *_: lambda _: None)
        thread = threading.Thread(target=cast("ClosingIterator", answer).close, daemon=True)
        thread.start()
        return thread

    slow = [Trickle(), Trickle()]
    threads = [closed(body) for body in slow]
    for body in slow:
        body.asked.wait()
    third = Trickle()
    closed(third).join()
    for body in slow:
        body.go_on.set()
    for thread in threads:
        thread.join()
    fourth = Trickle()
    fourth.go_on.set()
    closed(fourth).join()

    assert (third.asked.is_set(), fourth.asked.is_set()) == (False, True)


def test_a_client_that_falls_silent_is_let_go(address: str) -> None:
    """It announced more than it sends; the connection closes after its answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.putrequest("POST", "/nowhere")
    connection.putheader("Content-Length", str(TOO_MUCH))
    connection.endheaders(b"a little")
    answer = connection.getresponse()
    assert (answer.status, answer.read()[:15]) == (404, b"<!doctype html>")
    assert connection.sock is None or connection.sock.recv(1) == b""
    connection.close()
