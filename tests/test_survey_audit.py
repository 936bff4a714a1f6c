"""The audit log: every step of admins stands in it, found by filters, as page and as file."""

from __future__ import annotations

import ast
import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from survey.accounts.accounts import audit
from survey.accounts.audit_log import AuditSearch, csv_of_events, page_of_events
from survey.cli import rayak
from survey.db import Database
from survey.keyed_page import Place
from survey.models import AuditEvent
from survey.web.audit_words import ACTIONS, describe, named
from tests.conftest import ROOT, STARTER, sign_in
from tests.pages import PageClient
from translate.argos.package_folder import Package

# What keeps the direction of a name among words of another.
APART = str.maketrans("", "", "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}")
RABAT = ZoneInfo("Africa/Casablanca")
NOON = datetime(2026, 4, 10, 12, tzinfo=UTC)


def put(database: Database, number: int, **changes: object) -> None:
    """Store events, one an hour."""
    with database.scope() as session:
        for n in range(number):
            values = {"actor": "Elias", "action": "signed in", "target": f"t{n}"} | changes
            audit(session, now=NOON + timedelta(hours=n), **values)  # type: ignore[arg-type] # texts


def test_events_come_newest_first_and_every_page_leads_on(database: Database) -> None:
    """Turning the pages there and back shows each event once, in order."""
    put(database, 7)
    with database.scope() as session:
        first = page_of_events(session, AuditSearch(), UTC, size=3)
        second = page_of_events(session, AuditSearch(), UTC, Place(before=first.older), size=3)
        last = page_of_events(session, AuditSearch(), UTC, Place(before=second.older), size=3)
        back = page_of_events(session, AuditSearch(), UTC, Place(after=second.newer), size=3)
    shown = [e.target for page in (first, second, last) for e in page.events]
    assert shown == ["t6", "t5", "t4", "t3", "t2", "t1", "t0"]
    assert (first.newer, last.older) == (None, None)
    assert back.events == first.events


def test_events_are_found_by_actor_action_and_the_sites_days(database: Database) -> None:
    """A day begins at the site's midnight, and both days are included."""
    put(database, 1, actor="Amina", action="question changed")
    put(database, 1)
    with database.scope() as session:
        late = datetime(2026, 4, 10, 23, 30, tzinfo=UTC)
        audit(session, actor="Vera", action="signed in", target="late", now=late)

        def found(**search: object) -> set[str]:
            made = AuditSearch(**search)  # type: ignore[arg-type] # each of its own type
            return {e.actor for e in page_of_events(session, made, RABAT).events}

        assert found() == {"Amina", "Elias", "Vera"}
        assert found(actor="Amina") == {"Amina"}
        assert found(action="signed in") == {"Elias", "Vera"}
        assert found(action="signed in", actor="Amina") == set()
        # 23:30 UTC is past midnight in Rabat.
        assert found(last=date(2026, 4, 10)) == {"Amina", "Elias"}
        assert found(first=date(2026, 4, 11), last=date(2026, 4, 11)) == {"Vera"}
        assert found(first=date(2026, 4, 12)) == set()


def test_the_file_runs_no_formula_and_holds_every_event(database: Database) -> None:
    """With its mark for spreadsheets; a name that begins like a formula has an apostrophe."""
    put(database, 2, actor="=HYPERLINK(1)", target="+1")
    with database.scope() as session:
        data = b"".join(csv_of_events(session, AuditSearch(), UTC))
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert data.startswith(b"\xef\xbb\xbf")
    assert [r["actor"] for r in rows] == ["'=HYPERLINK(1)"] * 2
    assert {r["target"] for r in rows} == {"'+1"}
    assert rows[0]["at"] == "2026-04-10T13:00:00+00:00"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_shows_steps_in_the_readers_language(
    amina: PageClient, sqlite: Database, language: str
) -> None:
    """Known steps are worded, unknown ones shown as they are; filters lead on and to the file."""
    put(sqlite, 60, action="answer counted -> spam", target="response 1")
    put(sqlite, 1, action="something new", target="<b>bold</b>")
    page = amina.get(f"/admin/audit?lang={language}&actor=Elias")
    assert "something new" in page.text
    assert "<b>bold</b>" in page.text
    assert "counted -> spam" not in page.text
    assert "Amina" not in page.text_of("tbody")
    assert "61" in page.text_of("caption")
    older = page.attribute("a[rel=next]", "href")
    assert "actor=Elias" in older
    second = amina.get(older)
    assert len(second.all("tbody tr")) == 11
    back = amina.get(second.attribute("a[rel=prev]", "href"))
    assert back.text_of("tbody") == page.text_of("tbody")
    turned = amina.get(f"/admin/audit?lang={language}&actor=Elias&order=oldest")
    assert len(amina.get(turned.attribute("a[rel=next]", "href")).all("tbody tr")) == 11
    assert "t0" not in second.text_of("tbody tr:first-child")
    assert "bold" not in turned.text_of("tbody tr:first-child")
    assert "response" not in turned.text_of("tbody")
    address = next(a.attrs["href"] for a in page.all("main a") if ".csv" in a.attrs["href"])
    with amina.http.get(address) as response:
        assert response.mimetype == "text/csv"
        assert len(response.get_data(as_text=True).splitlines()) == 62


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01", "to=9999-12-31"],
)
def test_a_period_that_is_none_is_an_error_beside_its_field(amina: PageClient, query: str) -> None:
    """422 with a summary; the file says it in plain text; what was typed stays."""
    page = amina.get(f"/admin/audit?{query}", status=422)
    name, _, typed = query.split("&")[-1].partition("=")
    assert [a.attrs["href"] for a in page.all(".error-summary a")] == [f"#{name}"]
    assert page.attribute(f"#{name}", "value") == typed
    assert amina.http.get(f"/admin/audit.csv?{query}").status_code == 422


@pytest.mark.parametrize("query", ["actor=%00%E2%80%AE", "action=nobody", "before=-1", "after=x"])
def test_strange_filters_find_nothing_or_everything_and_never_fail(
    amina: PageClient, query: str
) -> None:
    """Control characters, unknown names, numbers that are none."""
    amina.get(f"/admin/audit?{query}")


def test_only_admins_see_the_log(app: Flask, cast: None) -> None:
    """A visitor is sent to the login page, editors and viewers are refused, the file included."""
    visitor = PageClient(app).http
    assert {visitor.get(p).status_code for p in ("/admin/audit", "/admin/audit.csv")} == {303}
    for name in ("Elias", "Vera"):
        browser = sign_in(PageClient(app), name)
        browser.get("/admin/audit", status=403)
        browser.get("/admin/audit.csv", status=403)


def test_signing_in_and_out_is_noted(amina: PageClient, sqlite: Database) -> None:
    """With the name, without an address."""
    token = amina.get("/admin/audit").attribute("form.sign-out input", "value")
    assert amina.http.post("/admin/logout", data={"csrf_token": token}).status_code == 303
    with sqlite.scope() as session:
        rows = session.execute(
            select(AuditEvent.actor, AuditEvent.action, AuditEvent.target)
            .where(AuditEvent.actor == "Amina")
            .order_by(AuditEvent.id)
        )
        assert [tuple(row) for row in rows] == [
            ("Amina", "signed in", "Amina"),
            ("Amina", "signed out", "Amina"),
        ]


def test_what_commands_change_is_noted_as_the_command_lines(
    app: Flask, sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts, keys, packages, glossary and articles; each known step has words of its own."""
    monkeypatch.setenv("RAYAK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RAYAK_SECRET_KEY", "k" * 40)
    table = tmp_path / "terms.csv"
    table.write_text(
        "source_language,target_language,term,target,clitics,case,note\nen,fr,Rayak,,no,yes,\n"
    )
    article = tmp_path / "page.txt"
    article.write_text("A New Library Opens\n\nThe library opened on Monday. It is large.\n")
    package = next(STARTER.glob("translate-en_fr-*.argosmodel"))

    def run(*words: str, typed: str = "") -> None:
        done = CliRunner().invoke(rayak, words, input=typed)
        assert done.exit_code == 0, done.output

    run("admin", "create", "--name", "Nadia", "--password-stdin", typed="nadia has a password\n")
    run("keys", "create", "client")
    run("keys", "revoke", "client")
    run("packages", "install", str(package))
    run("packages", "remove", "en", "fr")
    run("glossary", "import", str(table))
    run("glossary", "remove", "en", "fr", "Rayak")
    run("articles", "import", str(article), "--language", "en")
    run("articles", "remove", "a-new-library-opens")
    with sqlite.scope() as session:
        query = select(AuditEvent.action).where(AuditEvent.actor == "command line")
        done = list(session.scalars(query.order_by(AuditEvent.id)))
    assert done == [
        "account made",
        "key made",
        "key revoked",
        "package installed",
        "package removed",
        "glossary imported",
        "glossary term removed",
        "article imported",
        "article removed",
    ]
    assert set(done) <= set(ACTIONS)


def test_every_step_that_is_noted_has_words_of_its_own() -> None:
    """Whoever reads the log in Arabic reads all of it in Arabic."""
    noted = set()
    for room in ("survey", "translate"):
        for path in (ROOT / room).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(call, ast.Call):
                    noted |= actions_in(call)
    assert len(noted) > 20
    assert noted <= set(ACTIONS)


def actions_in(call: ast.Call) -> set[str]:
    """The action that a call notes, where it is written out: `office.audit("key made", ...)`."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    named = [keyword.value for keyword in call.keywords if keyword.arg == "action"]
    first = call.args[:2] if name in ("audit", "audited_event", "note", "_done") else []
    values = (getattr(value, "value", None) for value in [*first, *named])
    return {value for value in values if isinstance(value, str)}


def test_a_command_before_the_set_up_leaves_no_database_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packages can be installed first; there is no log yet, and none is made by accident."""
    monkeypatch.setenv("RAYAK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RAYAK_SECRET_KEY", "k" * 40)
    package = next(STARTER.glob("translate-en_fr-*.argosmodel"))
    done = CliRunner().invoke(rayak, ["packages", "install", str(package)])
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "rayak.sqlite3").exists()


def test_a_step_without_words_is_shown_as_it_is(app: Flask) -> None:
    """Another part's new step, or an answer's state of a later version."""
    with app.test_request_context("/admin/audit"):
        assert describe("answer counted -> unheard") == "answer counted -> unheard"
        assert describe("anything") == "anything"
        assert named("anything", "en-fr: text", {}).translate(APART) == "en-fr: text"


@pytest.mark.parametrize(
    ("action", "target", "words"),
    [
        ("answer counted -> spam", "response 12", "réponse 12"),
        ("suggestion accepted", "suggestion 3", "suggestion 3"),
        ("account made", "Noor (editor)", "Noor (rédacteur)"),
        (
            "account role changed",
            "Noor (viewer -> admin)",
            "Noor : administrateur et non plus observateur",
        ),
        ("account removed", "fr", "fr"),
        ("key made", "response 12", "response 12"),
        ("translation published", "a-visit (ar)", "Une visite (Arabe)"),
        ("translation published", "gone (ar)", "gone (Arabe)"),
        ("article corrected", "a-visit", "Une visite"),
        ("articles imported", "A Visit, Another", "A Visit, Another"),
        ("glossary imported", "2 added, 1 changed", "termes ajoutés : 2, modifiés : 1"),
        ("glossary term removed", "ICC (en *)", "ICC (Anglais vers toutes les langues)"),
        ("memory corrected", "en-fr: A visit.", "Anglais vers français – A visit."),
        ("package removed", "argos en-fr 1.9", "Anglais vers français 1.9"),
        ("question changed", "ar", "Arabe"),
        ("disclaimer changed", "fr google", "Français – Traduit par Google"),
        ("disclaimer changed", "x9", "x9"),
    ],
)
def test_what_a_step_was_done_to_is_named_in_the_readers_language(
    app: Flask, action: str, target: str, words: str
) -> None:
    """A name that happens to look like something else stays a name."""
    with app.test_request_context("/admin/audit?lang=fr"):
        found = named(action, target, {"a-visit": "Une visite"})
    assert " ".join(found.translate(APART).split()) == words


def test_a_package_is_named_by_its_languages(app: Flask) -> None:
    """As commands write it into the log, with what a starter is."""
    package = Package(
        from_code="en",
        from_name="English",
        to_code="ar",
        to_name="Arabic",
        version="0.6",
        checksum="c" * 64,
        path=ROOT,
        size=1,
    )
    with app.test_request_context("/admin/audit?lang=fr"):
        words = named("package installed", package.label, {})
    assert words == "Anglais vers arabe 0.6 (paquet d’essai)"
