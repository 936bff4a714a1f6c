"""Questions and disclaimers that admins change: shown first, checked, versioned, audited."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from reports.service import build_report
from survey.app.application import create_app
from survey.db import Database
from survey.models import AuditEvent, Response, WordingRow
from survey.queries import Filters
from survey.ratings import WordingKind, digest
from survey.settings import Settings
from survey.wording_changes import (
    NothingChanged,
    change_texts,
    current_wordings,
    versions,
)
from survey.wordings import SECONDS, WordingStore
from tests.conftest import sign_in
from tests.pages import PageClient, token_of
from tests.wording_desk import (
    BUILT_IN,
    NEW,
    NOW,
    QUESTION,
    edit,
    fields,
    organisation,
    save,
    send,
)


def test_a_change_is_previewed_confirmed_and_then_on_every_page(
    amina: PageClient, client: PageClient, sqlite: Database
) -> None:
    """Nothing before the confirmation; afterwards the question is asked, and the log says who."""
    form = edit(amina, text_en=NEW)
    page = send(amina, form, "preview")
    assert [box.attrs["dir"] for box in page.all(".box-preview")] == ["ltr", "ltr", "rtl"]
    assert NEW in page.text
    assert "The series splits here" in page.text
    assert client.get("/en/feedback").text_of("legend") == BUILT_IN["en"].question
    refused = send(amina, fields(page), "save", status=422)
    assert [a.attrs["href"] for a in refused.all(".error-summary a")] == ["#confirmed"]
    assert fields(refused)["text-en"] == NEW
    assert save(amina, fields(refused)) == 303
    assert client.get("/en/feedback").text_of("legend") == NEW
    assert client.get("/fr/feedback").text_of("legend") == " ".join(BUILT_IN["fr"].question.split())
    assert "Amina" in amina.get("/admin/wordings").text
    with sqlite.scope() as session:
        events = session.execute(select(AuditEvent.actor, AuditEvent.action, AuditEvent.target))
        assert ("Amina", "question changed", "en") in list(events)


def test_an_answer_keeps_the_question_that_was_on_its_screen(
    amina: PageClient, client: PageClient, sqlite: Database
) -> None:
    """A form made before a change is taken after it, shows the old text again, and stores it."""
    token = token_of(client.get("/en/feedback"))
    assert save(amina, edit(amina, text_en=NEW)) == 303
    again = client.post("/en/feedback", data={"token": token})
    assert again.text_of("legend") == BUILT_IN["en"].question
    assert token_of(again) == token
    sent = client.http.post("/en/feedback", data={"token": token, "rating": "3"})
    fresh = {"token": token_of(client.get("/en/feedback")), "rating": "5"}
    assert (sent.status_code, client.http.post("/en/feedback", data=fresh).status_code) == (
        303,
        303,
    )
    with sqlite.scope() as session:
        query = select(WordingRow.text, Response.rating).join_from(
            Response, WordingRow, WordingRow.id == Response.question_id
        )
        assert {tuple(row) for row in session.execute(query)} == {
            (BUILT_IN["en"].question, 3),
            (NEW, 5),
        }
        counts = {v.text: v.answers for v in versions(session, WordingKind.QUESTION, ["en"])}
        report = build_report(session, Filters())
    assert counts == {NEW: 1, BUILT_IN["en"].question: 1}
    assert report.versions_left_out
    assert report.figures is not None
    assert report.figures.counts.levels == (0, 0, 0, 0, 1)


def test_another_process_follows_within_seconds(
    settings: Settings, sqlite: Database, amina: PageClient
) -> None:
    """A second worker on the same database asks the new question without a restart."""
    moments = iter((0.0, 0.0, 0.0, SECONDS + 1, SECONDS + 1, SECONDS + 1))
    other = WordingStore(BUILT_IN, sqlite.session, lambda: next(moments))
    assert other.now()["en"].question == BUILT_IN["en"].question
    assert save(amina, edit(amina, text_en=NEW)) == 303
    assert other.now()["en"].question == NEW
    assert PageClient(create_app(settings, sqlite)).get("/en/feedback").text_of("legend") == NEW


def test_a_disclaimer_is_changed_for_one_provider_and_language(
    amina: PageClient, sqlite: Database
) -> None:
    """The others stay; the preview fills the placeholders in."""
    words = "Traduit par {provider}, sans garantie de {organisation}."
    form = edit(amina, "disclaimer", text_google_fr=words)
    page = send(amina, form, "preview")
    assert "Traduit par Google Traduction, sans garantie de Institut Méridien." in page.text
    assert [d.attrs["dir"] for d in page.all(".disclaimer")].count("rtl") == 3
    assert save(amina, fields(page)) == 303
    with sqlite.scope() as session:
        now = current_wordings(session, BUILT_IN)
    assert now["fr"].disclaimer_template("google") == words
    assert now["fr"].disclaimer_template("argos") == BUILT_IN["fr"].disclaimer
    assert replace(now["fr"], disclaimers={}) == BUILT_IN["fr"]
    assert now["en"] == BUILT_IN["en"]


def test_two_admins_do_not_overwrite_each_other(amina: PageClient) -> None:
    """The second is told, keeps what was typed, and can go on from there."""
    mine, theirs = edit(amina, text_en=NEW), edit(amina, text_fr="Que pensez-vous de ce site ?")
    assert save(amina, theirs) == 303
    page = send(amina, mine | {"confirmed": "on"}, "save", status=422)
    assert "Somebody else" in page.text_of(".error-summary")
    assert page.text_of("#text-en") == NEW
    assert save(amina, fields(page)) == 303


def test_nothing_changed_is_said_and_not_stored(amina: PageClient, sqlite: Database) -> None:
    """The same texts, even with other spaces, are no version."""
    spaced = "  " + BUILT_IN["en"].question.replace(" ", "  ")
    page = send(amina, edit(amina, text_en=spaced), "preview", status=422)
    assert "Nothing is changed" in page.text_of(".error-summary")
    with sqlite.scope() as session, pytest.raises(NothingChanged):
        change_texts(
            session,
            {QUESTION: BUILT_IN["en"].question},
            seen=0,
            built_in=BUILT_IN,
            organisation=organisation,
            actor="Amina",
            now=NOW,
        )


def test_the_built_in_text_comes_back_with_its_series(
    amina: PageClient, client: PageClient, sqlite: Database
) -> None:
    """Back letter for letter: the earlier version goes on, and the report counts it again."""

    def answer(level: str) -> None:
        form = {"token": token_of(client.get("/en/feedback")), "rating": level}
        assert client.http.post("/en/feedback", data=form).status_code == 303

    answer("1")
    assert save(amina, edit(amina, text_en=NEW)) == 303
    answer("5")
    page = send(amina, edit(amina), "builtin")
    assert save(amina, fields(page)) == 303
    assert "built-in text" in amina.get("/admin/wordings").text
    answer("2")
    with sqlite.scope() as session:
        report = build_report(session, Filters())
        kept = versions(session, WordingKind.QUESTION, ["en"])
        last = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first()
    assert report.figures is not None
    assert report.figures.counts.levels == (1, 1, 0, 0, 0)
    assert [(v.text, v.answers) for v in kept] == [(BUILT_IN["en"].question, 2), (NEW, 1)]
    assert last == "question back to built-in"


def test_only_admins_see_and_change_wordings(app: Flask, cast: None) -> None:
    """A visitor is sent to the login page, Elias and Vera are refused, also when they post."""
    assert PageClient(app).http.get("/admin/wordings").status_code == 303
    for name in ("Elias", "Vera"):
        browser = sign_in(PageClient(app), name)
        assert "/admin/wordings" not in {
            a.attrs["href"] for a in browser.get("/admin/reports").all("nav a")
        }
        for path in ("/admin/wordings", "/admin/wordings/question"):
            browser.get(path, status=403)
        token = browser.get("/admin/reports").attribute("form.sign-out input", "value")
        sent = {"csrf_token": token, "action": "save", "confirmed": "on", "text-en": NEW}
        browser.post("/admin/wordings/question", data=sent, status=403)


def test_every_version_is_listed_with_its_date_and_checksum(amina: PageClient) -> None:
    """By the checksum's beginning `rayak report --question` knows it; all of it is there too."""
    page = amina.get("/admin/wordings/question")
    marks = page.all("td[data-label=Checksum] code")
    sha256 = digest(BUILT_IN["en"].question)
    assert (marks[1].to_text(), marks[1].attrs["title"]) == (sha256[:8], sha256)
    assert len(page.all("tbody time")) == 2 * len(marks) == 6


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_pages_are_pages_in_every_language(amina: PageClient, language: str) -> None:
    """List, both forms and both previews pass the page checks; an unknown kind is no page."""
    for path in ("", "/question", "/disclaimer"):
        amina.get(f"/admin/wordings{path}?lang={language}")
    send(amina, edit(amina, text_ar="ما رأيك في هذا الموقع؟"), "preview")
    send(amina, edit(amina, "disclaimer", text_argos_ar="{provider} {organisation}"), "preview")
    amina.get("/admin/wordings/anything", status=404)
