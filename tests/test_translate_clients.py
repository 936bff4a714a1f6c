"""The clients of LibreTranslate work unchanged against the running service."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.conftest import HELLO

pytestmark = pytest.mark.slow


def test_the_clients_of_libretranslate_work_unchanged(
    translating: Flask, serve: Callable[[Flask], str]
) -> None:
    """libretranslatepy and deep-translator against a running server."""
    from deep_translator import LibreTranslator
    from libretranslatepy import LibreTranslateAPI

    url = serve(translating)

    client = LibreTranslateAPI(url)
    assert client.translate(HELLO["q"], "en", "fr")
    assert client.detect("Les experts se sont réunis dans la ville.")[0]["language"] == "fr"
    assert {language["code"] for language in client.languages()} == {"ar", "en", "fr"}
    other = LibreTranslator(source="en", target="fr", custom_url=url, api_key="none")
    assert other.translate(HELLO["q"]) == client.translate(HELLO["q"], "en", "fr")


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """A server of its own on a free port, for clients that speak HTTP."""
    import threading

    from werkzeug.serving import make_server

    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()
