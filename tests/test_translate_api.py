"""The API answers LibreTranslate's clients, refuses bad requests clearly, and never breaks."""

from __future__ import annotations

import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.app import create_app
from survey.db import Database
from survey.settings import Settings
from translate.keys import create_key
from translate.models import Suggestion

ROOT = Path(__file__).resolve().parent.parent
HELLO = {"q": "The meeting was held in Rabat.", "source": "en", "target": "fr"}

pytestmark = pytest.mark.slow


def test_a_text_comes_back_with_the_disclaimer_in_the_target_language(api: FlaskClient) -> None:
    answer = api.post("/translate", json=HELLO)

    assert answer.status_code == 200
    assert set(answer.json) == {"translatedText", "disclaimer"}
    assert answer.json["translatedText"]
    assert answer.json["disclaimer"].startswith("Vous utilisez Argos Translate")


@pytest.mark.parametrize("how", ["json", "data", "query_string"])
def test_json_form_and_query_string_give_the_same_answer(api: FlaskClient, how: str) -> None:
    expected = api.post("/translate", json=HELLO).json

    assert api.post("/translate", **{how: HELLO}).json == expected


def test_a_list_comes_back_as_a_list_in_its_order(api: FlaskClient) -> None:
    one = [
        api.post("/translate", json={**HELLO, "q": q}).json["translatedText"]
        for q in ("The experts left.", "The Minister spoke.")
    ]

    many = api.post(
        "/translate", json={**HELLO, "q": ["The experts left.", "", "The Minister spoke."]}
    )

    assert many.json["translatedText"] == [one[0], "", one[1]]


def test_a_list_of_one_is_still_a_list(api: FlaskClient) -> None:
    answer = api.post("/translate", json={**HELLO, "q": ["Hello."], "alternatives": 1}).json

    assert isinstance(answer["translatedText"], list)
    assert isinstance(answer["alternatives"][0], list)


def test_alternatives_are_others_than_the_translation(api: FlaskClient) -> None:
    answer = api.post("/translate", json={**HELLO, "alternatives": "2"}).json

    assert 0 < len(answer["alternatives"]) <= 2
    assert answer["translatedText"] not in answer["alternatives"]


def test_each_text_of_a_list_is_detected_by_itself(api: FlaskClient) -> None:
    texts = [
        "The experts met in the port of the city.",
        "Les experts se sont réunis dans la ville.",
    ]

    answer = api.post("/translate", json={"q": texts, "source": "auto", "target": "fr"}).json

    assert [d["language"] for d in answer["detectedLanguage"]] == ["en", "fr"]
    assert all(0 <= d["confidence"] <= 100 for d in answer["detectedLanguage"])
    assert answer["translatedText"][1] == texts[1]


def test_html_is_translated_as_html(api: FlaskClient) -> None:
    text = "<p>The <b>Minister</b> said &lt;script&gt;alert(1)&lt;/script&gt;.</p><!-- note -->"

    out = api.post("/translate", json={**HELLO, "q": text, "format": "html"}).json

    assert out["translatedText"].startswith("<p>")
    assert out["translatedText"].endswith("</p><!-- note -->")
    assert "<script>" not in out["translatedText"]
    assert out["translatedText"].count("<b>") == out["translatedText"].count("</b>") == 1


def test_detail_tells_where_each_sentence_comes_from(api: FlaskClient) -> None:
    detail = api.post("/translate", json={**HELLO, "detail": True}).json["detail"]

    (segment,) = detail["segments"]
    assert segment["source"] == HELLO["q"]
    assert segment["sourceOffset"] == [0, len(HELLO["q"])]
    assert segment["origin"] in ("machine", "memory")
    assert detail["engine"] == "argos en-fr"
    assert len(detail["checksum"]) == 64
    assert detail["starter"] is True
    assert detail["pivot"] is False


def test_languages_list_themselves_and_ignore_a_body(api: FlaskClient) -> None:
    """libretranslatepy sends a form with its GET."""
    answer = api.get("/languages", data={"api_key": "x"})

    assert answer.status_code == 200
    assert answer.json[1] == {"code": "en", "name": "English", "targets": ["ar", "en", "fr"]}
    assert all(language["code"] in language["targets"] for language in answer.json)


def test_detect_gives_a_list_best_first(api: FlaskClient) -> None:
    answer = api.post("/detect", data={"q": "اجتمع الخبراء في الرباط"}).json

    assert answer[0] == {"confidence": 100.0, "language": "ar"}


def test_frontend_settings_have_the_keys_clients_read(api: FlaskClient) -> None:
    answer = api.get("/frontend/settings").json

    assert answer["charLimit"] == 20_000
    assert answer["language"]["source"]["code"] == "auto"
    assert answer["keyRequired"] is False


def test_a_suggestion_is_kept_for_editors(api: FlaskClient, sqlite: Database) -> None:
    answer = api.post("/suggest", data={**HELLO, "s": "La réunion a eu lieu \0à Rabat."})

    assert answer.json == {"success": True}
    with sqlite.scope() as session:
        row = session.scalars(select(Suggestion)).one()
        assert (row.source, row.suggestion) == (HELLO["q"], "La réunion a eu lieu à Rabat.")


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
def test_heavy_html_is_answered_in_time(
    settings: Settings, sqlite: Database, starters: Path, text: str
) -> None:
    """Never a hang, and the markup around the words is what it was."""
    app = create_app(replace(settings, packages_dir=starters, text_limit=200_000), sqlite)
    began = time.perf_counter()

    answer = app.test_client().post("/translate", json={**HELLO, "q": text, "format": "html"})

    assert answer.status_code == 200
    assert answer.json["translatedText"].count("<") == text.count("<")
    assert time.perf_counter() - began < 20


def test_an_attribute_of_several_sentences_is_translated_by_sentences(api: FlaskClient) -> None:
    ask = {**HELLO, "format": "html"}
    one = "The meeting was held in Rabat."
    two = "The experts left."
    known = [
        api.post("/translate", json={**ask, "q": q}).json["translatedText"] for q in (one, two)
    ]

    answer = api.post("/translate", json={**ask, "q": f'<img alt="{one}  {two}">'})

    assert answer.json["translatedText"] == f'<img alt="{escape(known[0])}  {escape(known[1])}">'


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


def test_any_page_may_call_without_credentials(api: FlaskClient) -> None:
    answer = api.post("/translate", json=HELLO)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert api.options("/translate").headers["Access-Control-Allow-Headers"]


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


def matches(value: object, schema: dict[str, object], whole: dict[str, object]) -> list[str]:
    """What of a value is not as its schema says; the few words of JSON Schema that we use."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return matches(value, whole["components"]["schemas"][name], whole)
    if "oneOf" in schema:
        fitting = [s for s in schema["oneOf"] if not matches(value, s, whole)]
        return [] if fitting else [f"{value!r} is none of {schema['oneOf']}"]
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    python = {
        "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
        "integer": int, "number": (int, float),
    }  # fmt: skip
    if not any(isinstance(value, python[kind]) for kind in kinds):
        return [f"{value!r} is no {kinds}"]
    wrong = []
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{value!r} is none of {schema['enum']}")
    if isinstance(value, list):
        wrong += [w for v in value for w in matches(v, schema["items"], whole)]
    if isinstance(value, dict) and "properties" in schema:
        wrong += [f"lacks {name}" for name in set(schema["required"]) - set(value)]
        wrong += [f"{name} is not described" for name in set(value) - set(schema["properties"])]
        for name in set(value) & set(schema["properties"]):
            wrong += matches(value[name], schema["properties"][name], whole)
    return wrong


def test_the_description_names_every_address_and_no_other(
    api: FlaskClient, translating: Flask
) -> None:
    described = {
        (re.sub(r"{(\w+)}", r"<\1>", path), method.upper())
        for path, methods in api.get("/openapi.json").json["paths"].items()
        for method in methods
    }

    served = {
        (rule.rule, method)
        for rule in translating.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("api.")
    }
    assert described == served


def test_answers_are_as_described(api: FlaskClient, sqlite: Database) -> None:
    """Every address, plain and with everything asked for, success and refusal."""
    spec = api.get("/openapi.json").json
    everything = {"source": "auto", "detail": True, "alternatives": 1}
    many = {**HELLO, "q": ["The experts left.", "Hello"]}
    with sqlite.scope() as session:
        _, key = create_key(session, "a", "s" * 43, now=datetime.now(UTC))
    answers = [
        ("/translate", "post", api.post("/translate", json=HELLO)),
        ("/translate", "post", api.post("/translate", json={**HELLO, **everything})),
        ("/translate", "post", api.post("/translate", json={**many, **everything})),
        ("/translate", "post", api.post("/translate", json={**many, "format": "html"})),
        ("/translate", "post", api.post("/translate", json={})),
        ("/translate", "post", api.post("/translate", json={**HELLO, "api_key": "wrong"})),
        ("/detect", "post", api.post("/detect", json={"q": "Hello"})),
        ("/detect", "post", api.post("/detect", json={"q": ["Hello", "2026"]})),
        ("/languages", "get", api.get("/languages")),
        ("/suggest", "post", api.post("/suggest", json={**HELLO, "s": "Bonjour"})),
        ("/suggest", "post", api.post("/suggest", json=HELLO)),
        ("/translate_file", "post", upload(api, "a.txt", b"Hello")),
        ("/translate_file", "post", upload(api, "b.html", b"<p>Hello</p>", detail="true")),
        ("/translate_file", "post", upload(api, "a.exe", b"Hello")),
        ("/frontend/settings", "get", api.get("/frontend/settings")),
        ("/usage", "get", api.get(f"/usage?api_key={key}")),
        ("/usage", "get", api.get("/usage")),
        ("/download_file/{name}", "get", api.get("/download_file/none")),
    ]

    for path, method, answer in answers:
        responses = spec["paths"][path][method]["responses"]
        schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        assert matches(answer.json, schema, spec) == [], path


def upload(api: FlaskClient, name: str, data: bytes, **fields: str) -> TestResponse:
    form = {"source": "en", "target": "fr", **fields, "file": (io.BytesIO(data), name)}
    return api.post("/translate_file", data=form, content_type="multipart/form-data")


def fetched(api: FlaskClient, answer: TestResponse) -> str:
    path = answer.json["translatedFileUrl"].removeprefix("http://localhost")
    with api.get(path) as file:
        return file.get_data(as_text=True)


def test_a_document_goes_in_and_comes_out_translated(api: FlaskClient) -> None:
    news = b"The meeting was held in Rabat.\n\n2026\n"
    answer = upload(api, "The News.txt", news, disclaimer="false")

    address = answer.json["translatedFileUrl"]
    path = address.removeprefix("http://localhost")
    assert re.fullmatch(r"/download_file/[0-9a-f]{32}\.The_News_fr\.txt", path)
    file = api.get(path)
    assert file.status_code == 200
    assert file.mimetype == "application/octet-stream"
    assert file.headers["Content-Disposition"] == "attachment; filename=The_News_fr.txt"
    text = file.get_data(as_text=True)
    file.close()
    assert text.endswith("\n\n2026\n")
    expected = api.post("/translate", json=HELLO).json["translatedText"]
    assert text.split("\n")[0] == expected


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.srt", "a.vtt", "a.po"])
def test_a_document_carries_the_disclaimer_unless_it_is_left_out(
    api: FlaskClient, name: str
) -> None:
    data = b'msgid ""\nmsgstr ""\n\nmsgid "Hello"\nmsgstr ""\n' if name == "a.po" else b"Hello"
    disclaimer = api.post("/translate", json=HELLO).json["disclaimer"]

    with_it = upload(api, name, data)
    without = upload(api, name, data, disclaimer="false")

    assert with_it.json["disclaimer"] == without.json["disclaimer"] == disclaimer
    assert disclaimer in fetched(api, with_it)
    assert disclaimer not in fetched(api, without)


def test_a_document_comes_with_the_flags_of_its_sentences(api: FlaskClient) -> None:
    text = "<p>The meeting was held in <b>Rabat</b>.</p><p>Это русский текст про погоду</p>"

    plain = upload(api, "a.html", text.encode()).json
    detail = upload(api, "a.html", text.encode(), detail="true").json

    segments = detail["detail"]["segments"]
    assert "detail" not in plain
    assert segments[0]["source"] == "The meeting was held in Rabat."
    assert {flag for s in segments for flag in s["flags"]} == set(detail["flags"])
    assert detail["flags"] == plain["flags"] == detail["detail"]["flags"]
    assert detail["flags"]
    assert detail["detail"]["starter"] is True


def test_a_full_folder_is_503_with_retry_after_and_a_key_finds_room(
    api: FlaskClient, sqlite: Database, settings: Settings
) -> None:
    """Half a gibibyte that others have not fetched; the file is sparse, only its size counts."""
    with sqlite.scope() as session:
        _, key = create_key(session, "a", "s" * 43, now=datetime.now(UTC))
    folder = settings.data_dir / "files" / "anybody"
    folder.mkdir(parents=True)
    with (folder / f"{'0' * 32}.a_fr.txt").open("wb") as file:
        file.truncate(512 * 1024**2)

    refused = upload(api, "b.txt", b"2026")
    allowed = upload(api, "b.txt", b"2026", api_key=key)

    assert refused.status_code == 503
    assert 0 < int(refused.headers["Retry-After"]) <= 1_801
    assert "fetched" in refused.json["error"]
    assert allowed.status_code == 200


@pytest.mark.parametrize("fields", [{"q": ["a", "b"]}, {"q": ["a"]}, {"s": ["a"]}, {"s": None}])
def test_a_suggestion_that_is_no_one_text_gets_400(
    api: FlaskClient, sqlite: Database, fields: dict[str, object]
) -> None:
    answer = api.post("/suggest", json={**HELLO, "s": "Bonjour", **fields})

    assert answer.status_code == 400
    assert re.search(r"\b[qs]\b", answer.json["error"])
    with sqlite.scope() as session:
        assert session.scalars(select(Suggestion)).all() == []


def test_the_language_of_a_text_file_is_detected(api: FlaskClient) -> None:
    answer = upload(api, "a.md", b"# The experts met in the city of Rabat", source="auto")

    assert answer.status_code == 200


FILES = {
    "empty": ("a.txt", b"", {}),
    "wrong extension": ("a.exe", b"x", {}),
    "no docx": ("a.docx", b"rubbish", {}),
    "docx with auto": ("a.docx", b"PK\3\4", {"source": "auto"}),
    "not utf-8": ("a.txt", b"\xff\xfe", {}),
    "nul": ("a.txt", b"a\0b", {}),
    "too much text": ("a.txt", b"Word. " * 40_000, {}),
    "unknown language": ("a.txt", b"x", {"target": "zz"}),
    "no such pair": ("a.txt", b"x", {"source": "de", "target": "ar"}),
    "no target": ("a.txt", b"x", {"target": ""}),
}


@pytest.mark.parametrize(("name", "data", "fields"), FILES.values(), ids=FILES.keys())
def test_a_bad_document_gets_400_and_says_why(
    api: FlaskClient, name: str, data: bytes, fields: dict[str, str]
) -> None:
    answer = upload(api, name, data, **fields)

    assert answer.status_code == 400
    assert 10 < len(answer.json["error"]) < 300


def test_a_request_without_file_gets_400(api: FlaskClient) -> None:
    answer = api.post("/translate_file", data={"source": "en", "target": "fr"})

    assert answer.status_code == 400
    assert "file" in answer.json["error"]


@pytest.mark.parametrize(
    "name",
    ["x", "..%2F..%2Fetc%2Fpasswd", "0" * 32, "0" * 32 + ".a_fr.txt", "0" * 32 + ".%2e%2e", "%00"],
)
def test_no_other_file_can_be_fetched(api: FlaskClient, name: str) -> None:
    answer = api.get(f"/download_file/{name}")

    assert answer.status_code == 404
    assert set(answer.json) == {"error"}


def test_a_document_is_thrown_away_after_half_an_hour(api: FlaskClient, settings: Settings) -> None:
    path = upload(api, "a.txt", b"2026").json["translatedFileUrl"].removeprefix("http://localhost")
    (stored,) = (settings.data_dir / "files").rglob("*.txt")
    os.utime(stored, (1, 1))

    assert api.get(path).status_code == 404
    upload(api, "b.txt", b"2026")
    assert not stored.exists()


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
