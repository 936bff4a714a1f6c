"""The API refuses bad requests clearly, and no text or request breaks it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from survey.app.application import create_app
from survey.commands.serve import translations_of
from survey.db import Database
from survey.settings import Settings
from tests.conftest import HELLO
from translate.argos import packages
from translate.models import Suggestion

pytestmark = pytest.mark.slow


BAD = {
    "no q": {"q": None},
    "empty q": {"q": ""},
    "empty list": {"q": []},
    "no source": {"source": None},
    "no target": {"target": ""},
    "unknown source": {"source": "zz"},
    "unknown target": {"target": "zz"},
    "target auto": {"target": "auto"},
    "no such pair": {"source": "de", "target": "ar"},
    "long language": {"source": "x" * 100_000},
    "language is a list": {"source": ["en"]},
    "numbers": {"q": [1, 2]},
    "nested list": {"q": [["Hello"]]},
    "null in list": {"q": ["Hello", None]},
    "object": {"q": {"a": "b"}},
    "number": {"q": 5},
    "ten thousand texts": {"q": ["a"] * 10_000},
    "a million characters": {"q": "a" * 10**6},
    "unknown format": {"format": "xml"},
    "format is a list": {"format": ["html"]},
    "format is an empty list": {"format": []},
    "alternatives in words": {"alternatives": "many"},
    "alternatives below none": {"alternatives": -1},
    "too many alternatives": {"alternatives": 1_000},
    "endless alternatives": {"alternatives": "9" * 10_000},
    "alternatives true": {"alternatives": True},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_a_bad_request_gets_400_and_says_why(api: FlaskClient, change: dict[str, object]) -> None:
    answer = api.post("/translate", json={**HELLO, **change})

    assert answer.status_code == 400
    assert set(answer.json) == {"error"}
    assert 10 < len(answer.json["error"]) < 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", None])
def test_json_under_another_name_is_told_which_header_it_needs(
    api: FlaskClient, kind: str | None
) -> None:
    """The first thing that somebody tries with curl."""
    answer = api.post("/translate", data=json.dumps(HELLO), content_type=kind)
    assert answer.status_code == 400
    assert "Content-Type: application/json" in answer.json["error"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b"[]", b'"text"', b"5", b"null", b"[" * 100_000, b'{"q": ' * 50_000],
    ids=["cut off", "no utf-8", "list", "text", "number", "null", "deep list", "deep object"],
)
def test_a_body_that_is_no_json_object_gets_400(api: FlaskClient, body: bytes) -> None:
    answer = api.post("/translate", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json["error"].startswith("Invalid JSON format")


ODD = {
    "emoji": "👋🏽🇲🇦",
    "numbers": "2026 12 7.5",
    "nul": "Hello\0 there",
    "right to left marks": "\u202eHello\u202c \u200f!",
    "endless word": "a" * 19_000,
    "mixed scripts": "Hello مرحبا 你好 привет",
    "line ends": "\r\n\r\n  \r\n",
    "zero width": "\u200b\u200d\ufeff",
    "placeholders": "Keep {0} and {1} and { 2 }",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("format_", ["text", "html"])
def test_odd_texts_are_answered(api: FlaskClient, text: str, format_: str) -> None:
    answer = api.post("/translate", json={**HELLO, "q": text, "format": format_})

    assert answer.status_code == 200
    if text.strip() and not any(c.isalpha() for c in text):
        assert answer.json["translatedText"] == text


@pytest.mark.parametrize("path", ["/translate", "/detect"])
def test_half_a_surrogate_pair_is_answered(api: FlaskClient, path: str) -> None:
    """JSON can write what no text can hold."""
    body = '{"q": "Hello \\ud800 there", "source": "en", "target": "fr"}'

    answer = api.post(path, data=body, content_type="application/json")

    assert answer.status_code == 200
    assert json.loads(answer.get_data())


HEAVY = {
    "deep blocks": "<div>" * 10_000 + "The port" + "</div>" * 10_000,
    "deep inline": "<b>" * 10_000 + "The port" + "</b>" * 10_000,
    "huge attribute": '<p title="' + "The port is open. " * 5_000 + '">The port</p>',
    "huge other attribute": '<a data-x="' + "y" * 90_000 + '">The port</a>',
    "tags without end": "<p " * 30_000,
    "brackets": "<" * 90_000,
    "ampersands": "&" * 90_000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_heavy_html_is_answered_and_is_no_hang(
    settings: Settings, sqlite: Database, starters: Path, text: str
) -> None:
    """The markup around the words is what it was; work out of proportion would take minutes."""
    app = create_app(replace(settings, packages_dir=starters, text_limit=200_000), sqlite)

    answer = app.test_client().post("/translate", json={**HELLO, "q": text, "format": "html"})

    assert answer.status_code == 200
    assert answer.json["translatedText"].count("<") == text.count("<")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("put", "/translate", 405),
        ("get", "/detect", 405),
        ("post", "/languages", 405),
        ("get", "/frontend/nothing", 404),
    ],
)
def test_wrong_methods_and_addresses_are_answered_in_json(
    api: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = getattr(api, method)(path)

    assert answer.status_code == status
    assert set(answer.json) == {"error"}


def test_a_flood_is_slowed_down_and_told_when_to_come_back(
    settings: Settings, sqlite: Database, starters: Path
) -> None:
    app = create_app(replace(settings, packages_dir=starters, limits=True), sqlite)
    client = app.test_client()

    answers = [client.post("/translate", json=HELLO) for _ in range(40)]

    refused = [a for a in answers if a.status_code == 429]
    assert answers[0].status_code == 200
    assert refused
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert "Slowdown" in refused[0].json["error"]


def test_without_packages_every_language_is_unknown(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/languages").json == []
    assert client.get("/frontend/settings").status_code == 200
    assert client.post("/translate", json=HELLO).status_code == 400
    assert client.post("/detect", json={"q": "Hello"}).status_code == 200


def test_a_full_queue_is_503_with_retry_after(
    translating: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from translate.engine import Engine
    from translate.errors import EngineBusy

    def busy(_self: Engine) -> object:
        raise EngineBusy(7)

    monkeypatch.setattr(Engine, "turn", busy)

    answer = translating.test_client().post("/translate", json={**HELLO, "q": "Something new."})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


FIELDS = st.sampled_from(["q", "source", "target", "format", "alternatives", "detail", "api_key"])


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.dictionaries(FIELDS, VALUES, max_size=3))
def test_no_request_breaks_the_service(api: FlaskClient, changes: dict[str, object]) -> None:
    answer = api.post("/translate", json={**HELLO, **changes})

    assert answer.status_code in (200, 400)
    assert answer.json


@pytest.mark.parametrize("fields", [{"q": ["a", "b"]}, {"q": ["a"]}, {"s": ["a"]}, {"s": None}])
def test_a_suggestion_that_is_no_one_text_gets_400(
    api: FlaskClient, sqlite: Database, fields: dict[str, object]
) -> None:
    answer = api.post("/suggest", json={**HELLO, "s": "Bonjour", **fields})

    assert answer.status_code == 400
    assert re.search(r"\b[qs]\b", answer.json["error"])
    with sqlite.scope() as session:
        assert session.scalars(select(Suggestion)).all() == []


@pytest.mark.parametrize(
    ("texts", "status", "words"),
    [
        (1_000, 200, ""),
        (1_500, 400, "request (1500) exceeds batch limit (1000)"),
        (3_000, 413, "the form has more than 2000 fields"),
    ],
)
def test_a_form_may_hold_as_many_texts_as_json(
    api: FlaskClient, texts: int, status: int, words: str
) -> None:
    fields = {"q": ["2026"] * texts, "source": "en", "target": "fr"}
    answer = api.post("/translate", data=fields, content_type="multipart/form-data")

    assert answer.status_code == status
    assert words in answer.json.get("error", "")


def test_a_form_may_be_as_long_as_json(
    settings: Settings, sqlite: Database, starters: Path
) -> None:
    app = create_app(replace(settings, packages_dir=starters, text_limit=900_000), sqlite)
    fields = {**HELLO, "q": "2026 " * 150_000}
    assert app.test_client().post("/translate", data=fields).status_code == 200


def test_when_all_places_are_taken_the_next_gets_503_and_readers_their_pages(
    settings: Settings, sqlite: Database, starters: Path
) -> None:
    app = create_app(replace(settings, packages_dir=starters), sqlite, translations=2)
    engine = app.extensions["translation"].engine
    client = app.test_client()

    for _ in range(2):
        engine.turns.take()
    busy = client.post("/translate", json={**HELLO, "q": "A sentence nobody remembers."})
    pages = [client.get(path).status_code for path in ("/health", "/languages", "/en/")]

    assert busy.status_code == 503
    assert 1 <= int(busy.headers["Retry-After"]) <= 60
    assert pages == [200, 200, 200]


@pytest.mark.parametrize("threads", [2, 3, 16, 256])
def test_translations_never_take_every_thread_of_the_server(threads: int) -> None:
    assert 0 < translations_of(threads) < threads


def test_a_program_that_mistyped_the_address_gets_json(api: FlaskClient) -> None:
    answer = api.post("/translat", json=HELLO)
    assert answer.status_code == 404
    assert set(answer.json) == {"error"}


def test_of_a_list_the_text_without_a_way_is_named(
    settings: Settings, sqlite: Database, starters: Path, tmp_path: Path
) -> None:
    """Where there is no package from French."""
    folder = shutil.copytree(starters, tmp_path / "packages")
    packages.remove(folder, "fr", "en")
    api = create_app(replace(settings, packages_dir=folder), sqlite).test_client()
    texts = ["Hello everybody in the room", "Bonjour à tous les amis de la maison"]

    answer = api.post("/translate", json={"q": texts, "source": "auto", "target": "ar"})

    assert answer.status_code == 400
    assert answer.json["error"].startswith("Text 2 of q: Arabic (ar) is not available")
