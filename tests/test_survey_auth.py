"""Who gets into the admin pages, and who does not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask, session

from survey.accounts.accounts import AccountError, authenticate
from survey.accounts.roles import Role
from survey.accounts.users import add_user, set_password, user_named
from survey.app.application import create_app
from survey.db import Database
from survey.models import AdminUser
from survey.settings import Settings
from tests.conftest import PASSWORDS, sign_in
from tests.pages import PageClient


def test_a_visitor_is_refused_every_admin_page(app: Flask) -> None:
    """Whatever is registered under /admin leads to the login page; nothing is left unguarded."""
    client = PageClient(app)
    rules = [r for r in app.url_map.iter_rules() if r.rule.startswith("/admin")]
    assert len(rules) >= 5
    for rule in rules:
        if rule.endpoint in ("admin.login", "admin.login_form"):
            continue
        adapter = app.url_map.bind("localhost")
        path = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
        for method in (rule.methods or set()) & {"GET", "POST"}:
            response = client.http.open(path, method=method)
            assert response.status_code == 303, f"{method} {path}"
            assert response.location.startswith("/admin/login"), f"{method} {path}"


@pytest.mark.parametrize("name", list(PASSWORDS))
def test_the_cast_can_sign_in_and_read_the_report(app: Flask, cast: None, name: str) -> None:
    """Viewer, editor and admin all see the report."""
    sign_in(PageClient(app), name).get("/admin/reports")


def test_a_wrong_password_and_an_unknown_name_look_the_same(app: Flask, cast: None) -> None:
    """The page does not tell who has an account."""
    client = PageClient(app)
    token = client.get("/admin/login").attribute("main input[name=csrf_token]", "value")
    pages = [
        client.post("/admin/login", data={"name": n, "password": "wrong", "csrf_token": token})
        for n in ("Amina", "Nobody")
    ]
    texts = {page.text_of(".error-summary") for page in pages}
    assert len(texts) == 1


def test_signing_in_takes_a_form_of_our_own(app: Flask, cast: None) -> None:
    """Without the CSRF token nothing happens."""
    client = PageClient(app)
    name, password = "Amina", PASSWORDS["Amina"][1]
    client.http.post("/admin/login", data={"name": name, "password": password})
    assert client.http.get("/admin/reports").status_code == 303


def test_empty_fields_are_each_named(app: Flask) -> None:
    """The error summary links to both fields."""
    client = PageClient(app)
    token = client.get("/admin/login").attribute("main input[name=csrf_token]", "value")
    page = client.post("/admin/login", data={"csrf_token": token})
    assert [a.attrs["href"] for a in page.all(".error-summary a")] == ["#name", "#password"]


@pytest.mark.parametrize("name", ["a\0b", "x" * 81, "a\nb"])
def test_a_name_that_can_be_nobodys_is_refused_at_the_door(app: Flask, name: str) -> None:
    """Control characters and endless names reach neither the throttle nor the database."""
    client = PageClient(app)
    token = client.get("/admin/login").attribute("main input[name=csrf_token]", "value")
    data = {"name": name, "password": "a password", "csrf_token": token}
    page = client.post("/admin/login", data=data)
    assert [a.attrs["href"] for a in page.all(".error-summary a")] == ["#name"]


def test_guessing_is_slowed_down_for_the_guesser_only(
    settings: Settings, sqlite: Database, cast: None
) -> None:
    """After eight tries at one account from one network: wait; another account still gets in."""
    app = create_app(replace(settings, limits=True), sqlite)
    client = PageClient(app)
    token = client.get("/admin/login").attribute("main input[name=csrf_token]", "value")
    data = {"name": "Amina", "password": "guess", "csrf_token": token}
    for _ in range(8):
        client.post("/admin/login", data=data)
    # Another spelling of the name is no other account.
    for spelling in ("Amina", "amina", " Amina", "Amina\t"):
        page = client.post("/admin/login", data=data | {"name": spelling}, status=429)
        assert int(page.response.headers["Retry-After"]) <= 31
    sign_in(PageClient(app), "Elias").get("/admin/reports")


def test_signing_out_ends_the_session_everywhere(app: Flask, amina: PageClient) -> None:
    """Also for whoever had copied the cookie."""
    cookie = amina.http.get_cookie("rayak-admin")
    assert cookie is not None
    token = amina.get("/admin/reports").attribute(".sign-out input", "value")
    amina.http.post("/admin/logout", data={"csrf_token": token})
    assert amina.http.get("/admin/reports").status_code == 303
    thief = app.test_client()
    thief.set_cookie("rayak-admin", cookie.value)
    assert thief.get("/admin/reports").status_code == 303


def test_a_new_password_ends_every_session(amina: PageClient, sqlite: Database) -> None:
    """Whoever had stolen the cookie is out."""
    with sqlite.scope() as session:
        user, now = user_named(session, "Amina"), datetime.now(UTC)
        set_password(session, user.id, "another long password", actor="tests", now=now)
    assert amina.http.get("/admin/reports").status_code == 303


def test_after_signing_in_one_lands_where_one_wanted_to_go(app: Flask, cast: None) -> None:
    """Only on our own admin pages: another site's address is ignored."""
    for wanted, expected in [
        ("/admin/reports?lang=fr", "/admin/reports?lang=fr"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("/admin/\\evil.example", "/admin/"),
    ]:
        client = PageClient(app)
        page = client.get("/admin/login", query_string={"next": wanted})
        token = page.attribute("main input[name=csrf_token]", "value")
        response = client.http.post(
            "/admin/login",
            query_string={"next": wanted},
            data={"name": "Vera", "password": PASSWORDS["Vera"][1], "csrf_token": token},
        )
        assert response.location == expected


def test_admin_pages_are_not_kept_by_browsers_and_the_cookie_is_guarded(amina: PageClient) -> None:
    """no-store, HttpOnly, SameSite."""
    page = amina.get("/admin/reports?lang=ar")
    assert page.response.headers["Cache-Control"] == "no-store"
    cookie = page.response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_passwords_are_stored_as_argon2id_only(sqlite: Database, cast: None) -> None:
    """The hash names its algorithm."""
    with sqlite.scope() as session:
        for user in session.query(AdminUser):
            assert user.password_hash.startswith("$argon2id$")
            assert PASSWORDS[user.name][1] not in user.password_hash


@pytest.mark.parametrize("password", ["short", "x" * 300])
def test_a_password_that_is_too_short_or_too_long_is_refused(
    sqlite: Database, password: str
) -> None:
    """The message says which lengths are taken."""
    with sqlite.scope() as session, pytest.raises(AccountError, match="12 to 256"):
        add_user(session, "Zed", password, Role.VIEWER, actor="tests", now=datetime.now(UTC))


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    """What is checked for it was made with the same settings as any password's hash."""
    accounts = "from survey.accounts import accounts"
    check = "print(accounts._hasher.check_needs_rehash(accounts._NOBODY))"
    # In a process of its own: the settings of the tests are quicker ones.
    command = [sys.executable, "-c", f"{accounts}; {check}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_authentication_knows_nobody_without_an_account(sqlite: Database) -> None:
    """An empty table lets no one in."""
    with sqlite.scope() as session:
        assert authenticate(session, "admin", "") is None


def test_on_visitors_pages_the_cookie_of_whoever_signed_in_is_not_read(
    app: Flask, amina: PageClient
) -> None:
    """Nor can a page there set one: what it shows depends on nobody."""
    cookie = amina.http.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    headers = {"Cookie": f"{cookie.key}={cookie.value}"}
    with app.test_request_context("/admin/", headers=headers):
        assert dict(session)
    with app.test_request_context("/en/feedback", headers=headers):
        assert not dict(session)
        with pytest.raises(RuntimeError):
            session["visitor"] = "known"
