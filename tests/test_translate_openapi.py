"""The description of the API is true: each address, and each answer's shape."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.db import Database
from tests.conftest import HELLO, upload
from translate.keys import create_key

pytestmark = pytest.mark.slow


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

    limit = api.application.config["MAX_CONTENT_LENGTH"]
    answers.append(("/detect", "post", api.post("/detect", json={"q": "a" * (limit + 1)})))
    for path, method, answer in answers:
        responses = spec["paths"][path][method]["responses"]
        schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        assert matches(answer.json, schema, spec) == [], path


@pytest.mark.parametrize("values", [{"q": ""}, {"q": []}, {"source": ""}, {"target": ""}])
def test_what_the_description_excludes_is_refused(
    api: FlaskClient, values: dict[str, object]
) -> None:
    body = api.get("/openapi.json").json["paths"]["/translate"]["post"]["requestBody"]
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        for name in values:
            schema = body["content"][kind]["schema"]["properties"][name]
            least = [s.get("minLength", s.get("minItems")) for s in schema.get("oneOf", [schema])]
            assert set(least) == {1}
    assert api.post("/translate", json={**HELLO, **values}).status_code == 400
