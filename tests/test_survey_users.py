"""Accounts: made, given roles and passwords, removed; somebody can always manage the service."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask

from survey.accounts.accounts import authenticate
from survey.accounts.roles import Role
from survey.accounts.users import LastAdmin, add_user, change_role, list_users, remove_user
from survey.db import Database
from tests.conftest import PASSWORDS, sign_in
from tests.desks import actions, csrf, send
from tests.pages import PageClient

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def number(database: Database, name: str) -> int:
    with database.scope() as session:
        return next(u.id for u in list_users(session) if u.name == name)


def test_two_administrators_who_demote_each_other_leave_one(database: Database) -> None:
    """At the same moment, on both databases."""
    with database.scope() as session:
        for name in ("Amina", "Aya"):
            add_user(session, name, "a long password", Role.ADMIN, actor="t", now=NOW)
        ids = [u.id for u in list_users(session)]
    refused: list[LastAdmin] = []

    def demote(user_id: int) -> None:
        with database.scope() as session:
            try:
                change_role(session, user_id, Role.VIEWER, actor="t", now=NOW)
            except LastAdmin as error:
                refused.append(error)

    threads = [threading.Thread(target=demote, args=[i]) for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.scope() as session:
        roles = sorted(u.role for u in list_users(session))
    assert roles == [Role.ADMIN, Role.VIEWER]
    assert len(refused) == 1
    with database.scope() as session:
        last = next(u.id for u in list_users(session) if u.role is Role.ADMIN)
        with pytest.raises(LastAdmin):
            remove_user(session, last, actor="t", now=NOW)


def test_an_account_is_made_with_a_password_shown_once(amina: PageClient, sqlite: Database) -> None:
    data = {"csrf_token": csrf(amina, "/admin/users"), "name": " Noor ", "role": "editor"}
    page = amina.post("/admin/users", status=201, data=data)
    password = page.text_of("code.secret")
    assert password not in amina.get("/admin/users").text
    with sqlite.scope() as session:
        noor = authenticate(session, "Noor", password)
    assert noor is not None
    assert noor.role is Role.EDITOR
    again = amina.post("/admin/users", data=data)
    assert again.attribute(".error-summary a", "href") == "#name"
    assert again.attribute("#name", "value") == "Noor"
    assert actions(sqlite) == ["account made"]


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        ({"name": "", "role": "viewer"}, "name"),
        ({"name": "x" * 81, "role": "viewer"}, "name"),
        ({"name": "Command Line", "role": "viewer"}, "name"),
        ({"name": "Noor", "role": "root"}, "role"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    amina: PageClient, sent: dict[str, str], target: str
) -> None:
    page = amina.post("/admin/users", data={"csrf_token": csrf(amina, "/admin/users"), **sent})
    assert [a.attrs["href"] for a in page.all(".error-summary a")] == [f"#{target}"]


def test_another_role_ends_the_accounts_sessions(
    app: Flask, amina: PageClient, sqlite: Database
) -> None:
    elias = sign_in(PageClient(app), "Elias")
    send(amina, f"/admin/users/{number(sqlite, 'Elias')}/role", role="viewer")
    assert elias.http.get("/admin/reports").status_code == 303
    sign_in(elias, "Elias").get("/admin/articles", status=403)


def test_a_new_password_ends_the_accounts_sessions(
    app: Flask, amina: PageClient, sqlite: Database
) -> None:
    """The old one stops working; whoever changes their own stays signed in on this browser."""
    elias = sign_in(PageClient(app), "Elias")
    data = {"csrf_token": csrf(amina)}
    path = f"/admin/users/{number(sqlite, 'Elias')}/password"
    password = amina.post(path, status=200, data=data).text_of("code.secret")
    assert elias.http.get("/admin/reports").status_code == 303
    with sqlite.scope() as session:
        assert authenticate(session, "Elias", PASSWORDS["Elias"][1]) is None
        assert authenticate(session, "Elias", password)
    own = f"/admin/users/{number(sqlite, 'Amina')}/password"
    amina.post(own, status=200, data=data | {"csrf_token": csrf(amina)})
    amina.get("/admin/users")


def test_the_last_administrator_stays(amina: PageClient, sqlite: Database) -> None:
    me = f"/admin/users/{number(sqlite, 'Amina')}"
    data = {"csrf_token": csrf(amina), "role": "viewer"}
    for path in ("role", "remove"):
        page = amina.post(f"{me}/{path}", data=data)
        assert "last administrator" in page.text_of(".error-summary")
    assert actions(sqlite) == []


def test_an_account_is_removed_after_asking(
    app: Flask, amina: PageClient, sqlite: Database
) -> None:
    vera = sign_in(PageClient(app), "Vera")
    path = f"/admin/users/{number(sqlite, 'Vera')}/remove"
    assert "Vera" in amina.get(path).text
    send(amina, path)
    assert vera.http.get("/admin/reports").status_code == 303
    amina.get(path, status=404)


@pytest.mark.parametrize(
    ("old", "new", "again", "target"),
    [
        ("wrong", "quite a long password", "quite a long password", "old"),
        (PASSWORDS["Vera"][1], "short", "short", "new"),
        (PASSWORDS["Vera"][1], "quite a long password", "another", "again"),
    ],
)
def test_ones_own_password_is_changed_only_rightly(
    app: Flask, cast: None, old: str, new: str, again: str, target: str
) -> None:
    vera = sign_in(PageClient(app), "Vera")
    data = {"csrf_token": csrf(vera, "/admin/password"), "old": old, "new": new, "again": again}
    page = vera.post("/admin/password", data=data)
    assert page.attribute(".error-summary a", "href") == f"#{target}"
    assert new not in page.text


def test_everybody_changes_their_own_password(app: Flask, cast: None, sqlite: Database) -> None:
    """Other browsers are signed out, this one is not."""
    vera, other = (sign_in(PageClient(app), "Vera") for _ in range(2))
    new = "quite a long password"
    data = {"csrf_token": csrf(vera, "/admin/password"), "old": PASSWORDS["Vera"][1]}
    answer = vera.http.post("/admin/password", data=data | {"new": new, "again": new})
    assert answer.status_code == 303
    vera.get("/admin/password")
    assert other.http.get("/admin/password").status_code == 303
    with sqlite.scope() as session:
        assert authenticate(session, "Vera", new)


@pytest.mark.parametrize("name", ["Vera", "Elias"])
def test_accounts_are_for_administrators(
    app: Flask, cast: None, sqlite: Database, name: str
) -> None:
    browser = sign_in(PageClient(app), name)
    token = csrf(browser, "/admin/password")
    me = f"/admin/users/{number(sqlite, name)}"
    for path in ("/admin/users", me, f"{me}/remove"):
        browser.get(path, status=403)
    for path in ("/admin/users", f"{me}/role", f"{me}/password", f"{me}/remove"):
        data = {"csrf_token": token, "role": "admin", "name": "x"}
        assert browser.http.post(path, data=data).status_code == 403
