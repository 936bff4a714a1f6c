"""Amina makes API keys, sees them once and what was used with them, and revokes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from survey.db import Database
from tests.conftest import sign_in
from tests.desks import actions, csrf, send
from tests.pages import PageClient
from translate.errors import UnknownKey
from translate.keys import find_key, take


def test_a_key_is_shown_once_used_and_revoked(amina: PageClient, sqlite: Database) -> None:
    data = {"csrf_token": csrf(amina, "/admin/keys"), "name": "press", "characters_per_day": "500"}
    page = amina.post("/admin/keys", status=201, data=data)
    secret = page.text_of("code.secret")
    assert page.response.headers["Cache-Control"] == "no-store"
    assert secret not in amina.get("/admin/keys").text
    with sqlite.scope() as session:
        key = find_key(session, secret)
        take(session, key, 321, now=datetime.now(UTC))
    assert key.characters_per_day == 500
    usage = amina.get("/admin/keys").all("tbody tr")[-1].to_text()
    assert "press" in usage
    assert "321" in usage
    asked = amina.get("/admin/keys").attribute("tbody td a", "href")
    assert "press" in amina.get(asked).text_of("main")
    send(amina, asked)
    with sqlite.scope() as session, pytest.raises(UnknownKey):
        find_key(session, secret)
    assert "Revoked" in amina.get("/admin/keys").all("tbody tr")[0].to_text()
    send(amina, f"/admin/keys/{key.id}/revoke")
    assert actions(sqlite) == ["key made", "key revoked"]


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a", "characters_per_day": "0"}, "characters_per_day"),
        ({"name": "a", "requests_per_minute": "many"}, "requests_per_minute"),
        ({"name": "a", "requests_per_minute": "9" * 30}, "requests_per_minute"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_field(
    amina: PageClient, sent: dict[str, str], target: str
) -> None:
    data = {"csrf_token": csrf(amina, "/admin/keys"), **sent}
    page = amina.post("/admin/keys", data=data)
    assert [a.attrs["href"] for a in page.all(".error-summary a")] == [f"#{target}"]
    assert page.attribute("#name", "value") == sent["name"].strip()


def test_a_name_is_given_once(amina: PageClient) -> None:
    data = {"csrf_token": csrf(amina, "/admin/keys"), "name": "press"}
    amina.post("/admin/keys", status=201, data=data)
    assert "of this name" in amina.post("/admin/keys", data=data).text_of(".error-summary")


@pytest.mark.parametrize("name", ["Vera", "Elias"])
def test_keys_are_for_administrators(app: Flask, cast: None, name: str) -> None:
    browser = sign_in(PageClient(app), name)
    token = csrf(browser, "/admin/reports")
    browser.get("/admin/keys", status=403)
    for path in ("", "/1/revoke"):
        data = {"csrf_token": token, "name": "x"}
        assert browser.http.post(f"/admin/keys{path}", data=data).status_code == 403
