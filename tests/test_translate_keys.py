"""API keys are shown once, stored hashed, counted exactly, and refused when used up or revoked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from survey.db import Database
from translate.errors import ApiKeyError, QuotaExceeded, UnknownKey
from translate.keys import create_key, find_key, has_keys, list_keys, revoke_key, take, usage
from translate.models import ApiKey

NOW = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
SECRET = "s" * 43
HELLO = {"q": "Bonjour", "source": "fr", "target": "fr"}


def test_only_the_hash_of_a_key_is_stored(database: Database) -> None:
    with database.scope() as session:
        key, text = create_key(session, " Press  office ", SECRET, now=NOW)

        row = session.scalars(select(ApiKey)).one()
        assert SECRET in text
        assert SECRET not in repr([getattr(row, c.name) for c in ApiKey.__table__.columns])
        assert find_key(session, text) == key
        assert [k.name for k in list_keys(session)] == ["Press office"]


@pytest.mark.parametrize(
    "wrong", ["", "rayak_", SECRET, "rayak_" + "t" * 43, "\ud800", "x" * 10**6]
)
def test_any_other_text_is_no_key(database: Database, wrong: str) -> None:
    with database.scope() as session:
        create_key(session, "a", SECRET, now=NOW)

        with pytest.raises(UnknownKey):
            find_key(session, wrong)


def test_a_revoked_key_is_none_and_keeps_its_name(database: Database) -> None:
    with database.scope() as session:
        _, text = create_key(session, "a", SECRET, now=NOW)
        assert has_keys(session)

        revoke_key(session, "a", now=NOW)

        assert not has_keys(session)
        assert list_keys(session)[0].revoked_at == NOW
        with pytest.raises(UnknownKey):
            find_key(session, text)
        with pytest.raises(UnknownKey, match="no key a in use"):
            revoke_key(session, "a", now=NOW)
        with pytest.raises(ApiKeyError, match="named a already"):
            create_key(session, "a", "u" * 43, now=NOW)


@pytest.mark.parametrize(
    ("name", "limit"),
    [("", None), (" ", None), ("x" * 81, None), ("x", 0), ("x", -1), ("x", 2**31)],
)
def test_a_key_needs_a_name_and_sound_limits(
    database: Database, name: str, limit: int | None
) -> None:
    with database.scope() as session, pytest.raises(ApiKeyError):
        create_key(session, name, SECRET, characters_per_day=limit, now=NOW)


def test_the_quota_is_exact_and_starts_anew_at_midnight(database: Database) -> None:
    with database.scope() as session:
        key, _ = create_key(session, "a", SECRET, characters_per_day=100, now=NOW)
        take(session, key, 60, now=NOW)
        take(session, key, 40, now=NOW)

        with pytest.raises(QuotaExceeded, match="0 are left and the request has 1"):
            take(session, key, 1, now=NOW)
        take(session, key, 0, now=NOW)
        take(session, key, 100, now=NOW + timedelta(hours=1))

        days = [(u.day, u.requests, u.characters) for u in usage(session, since=date(2026, 11, 1))]
        assert days == [(date(2026, 11, 26), 1, 100), (date(2026, 11, 25), 3, 100)]


def test_many_at_once_are_all_counted(database: Database) -> None:
    with database.scope() as session:
        key, _ = create_key(session, "a", SECRET, characters_per_day=1_000, now=NOW)

    def ask(_number: int) -> bool:
        with database.scope() as session:
            try:
                take(session, key, 100, now=NOW)
            except QuotaExceeded:
                return False
        return True

    with ThreadPoolExecutor(4) as pool:
        granted = list(pool.map(ask, range(20)))

    assert sum(granted) == 10
    with database.scope() as session:
        assert usage(session, since=NOW.date(), key_id=key.id)[0].characters == 1_000


def test_the_api_counts_by_key_and_shows_the_count(app: Flask, sqlite: Database) -> None:
    with sqlite.scope() as session:
        _, text = create_key(session, "a", SECRET, characters_per_day=20, now=NOW)
    client = app.test_client()
    bearer = {"Authorization": f"Bearer {text}"}

    assert client.post("/detect", json={"q": "Bonjour", "api_key": text}).status_code == 200
    assert client.post("/translate", json={**HELLO, "api_key": text}).status_code == 200
    assert client.post("/translate", json=HELLO, headers=bearer).status_code == 200
    refused = client.post("/translate", json=HELLO, headers=bearer)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    answer = client.get("/usage", headers=bearer).json
    assert (answer["name"], answer["charactersPerDay"]) == ("a", 20)
    assert [(d["requests"], d["characters"]) for d in answer["days"]] == [(3, 14)]
    assert client.get("/frontend/settings").json["apiKeys"] is True


def test_a_wrong_key_is_refused_while_keys_are_in_use(app: Flask, sqlite: Database) -> None:
    """Before that, clients that must send a key may send any."""
    client = app.test_client()
    assert client.post("/detect", json={"q": "a", "api_key": "any"}).status_code == 200
    assert client.post("/detect", json={"q": "a", "api_key": None}).status_code == 200
    with sqlite.scope() as session:
        create_key(session, "a", SECRET, now=NOW)

    for wrong in ("any", "rayak_"):
        answer = client.post("/detect", json={"q": "a", "api_key": wrong})
        assert (answer.status_code, answer.json) == (403, {"error": "Invalid API key"})
    assert client.post("/detect", json={"q": "a"}).status_code == 200
    assert client.get("/usage").status_code == 403


def test_requests_a_minute_are_limited_by_key(settings: object, sqlite: Database) -> None:
    from dataclasses import replace

    from survey.app.application import create_app

    with sqlite.scope() as session:
        _, text = create_key(session, "a", SECRET, requests_per_minute=3, now=NOW)
    client = create_app(replace(settings, limits=True), sqlite).test_client()

    codes = [client.post("/detect", json={"q": "a", "api_key": text}).status_code for _ in range(5)]

    assert codes == [200, 200, 200, 429, 429]
