"""Our own pages, translated in the reader's browser: the form that takes the place of the first."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from justhtml import JustHTML
from sqlalchemy import select

import survey
from survey.answering.tokens import FormTokens
from survey.app.application import create_app
from survey.db import Database
from survey.models import Response, WordingRow
from survey.ratings import Acknowledgement, Translation
from survey.settings import Settings
from tests.pages import Page, PageClient, token_of
from tests.screens import TRANSLATED
from tests.test_survey_sightings import flushed, stored

EARLIER = timedelta(minutes=1)


def again(client: PageClient, made: str, path: str = "/en/feedback/again", **said: str) -> Page:
    """The form that the script asks for; `made` is the token of the page."""
    response = client.http.post(path, data={"made": made, "again": made} | said)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    document = JustHTML(response.get_data(as_text=True), sanitize=False)
    return Page(response=response, document=document)


def issued(settings: Settings, age: timedelta = EARLIER) -> str:
    """The token of an article's page in Arabic, machine-translated from English by the site."""
    now = datetime.now(UTC) - age
    return FormTokens(settings.secret_keys).issue(TRANSLATED, nonce="n1", now=now)


def test_the_script_is_small_and_on_every_page_with_the_form(client: PageClient) -> None:
    """A kilobyte, and only there."""
    source = (Path(survey.__file__).parent / "static" / "translated.js").read_bytes()
    assert len(gzip.compress(source, 9)) < 1_300
    assert client.get("/fr/feedback").attribute("script", "src") == "/static/translated.js"
    assert client.get("/fr/feedback/thanks").all("script") == []


@pytest.mark.parametrize(("translator", "name"), [("google", "Google"), ("browser", "متصفحك")])
def test_an_answer_on_a_translated_page_is_stored_as_such(
    client: PageClient, sqlite: Database, translator: str, name: str
) -> None:
    """In the language of the translation, under its disclaimer, about the same page."""
    made = token_of(client.get("/en/feedback"))
    form = again(client, made, translator=translator, language="ar-MA")
    assert form.attribute("form", "dir") == "rtl"
    assert name in form.text_of("#disclaimer")
    sent = client.http.post(
        form.attribute("form", "action"), data={"token": token_of(form), "rating": "2"}
    )
    assert (sent.status_code, sent.location) == (303, "/ar/feedback/thanks")
    with sqlite.scope() as session:
        answer = session.scalars(select(Response)).one()
        assert answer.translation is Translation.THIRD_PARTY
        assert (answer.engine, answer.page) == (translator, "/en/feedback")
        assert (answer.shown_language, answer.source_language) == ("ar", "en")
        shown = session.get_one(WordingRow, answer.disclaimer_id)
        assert (shown.text, shown.language) == (form.text_of("#disclaimer"), "ar")
        assert session.get_one(WordingRow, answer.question_id).language == "ar"


def test_a_translation_of_our_translation_keeps_the_article_and_its_source(
    client: PageClient, settings: Settings, sqlite: Database
) -> None:
    """Into a language that the site has no box in: it stays as it was, and says who translated."""
    form = again(client, issued(settings), translator="google", language="es")
    assert (form.attribute("form", "lang"), form.attribute("form", "dir")) == ("ar", "rtl")
    assert len(form.all("h3")) == 1
    client.http.post("/ar/feedback", data={"token": token_of(form), "rating": "4"})
    with sqlite.scope() as session:
        answer = session.scalars(select(Response)).one()
        assert (answer.article, answer.revision) == (TRANSLATED.article, TRANSLATED.revision)
        assert (answer.shown_language, answer.source_language) == ("es", "en")
        assert (answer.engine, answer.engine_version) == ("google", "")


@pytest.mark.parametrize("said", [{}, {"translator": ""}, {"translator": "somebody"}])
def test_a_page_that_is_shown_as_it_was_has_its_first_form_again(
    client: PageClient, settings: Settings, said: dict[str, str]
) -> None:
    """Without a translator that is known, nothing but the token is another one."""
    form = again(client, issued(settings), language="es", **said)
    assert form.all("#disclaimer") == []
    read = FormTokens(settings.secret_keys).read(token_of(form), now=datetime.now(UTC))
    assert read.shown == TRANSLATED


def test_the_view_goes_with_the_translation_and_comes_back(app: Flask, sqlite: Database) -> None:
    """One view, where the reader looked last."""
    client = PageClient(app)
    made = token_of(client.get("/en/feedback"))
    token_of(client.get("/en/feedback"))
    google = token_of(again(client, made, translator="google", language="fr"))
    browser = again(client, made, translator="browser", language="fr", again=google)
    again(client, made, again=token_of(browser))
    again(client, made, again=token_of(browser), translator="google", language="fr")
    flushed(app, sqlite)
    assert {key[2]: views for key, views in stored(sqlite).items() if views} == {
        Translation.ORIGINAL: 2
    }


def test_a_page_that_was_open_overnight_has_a_form_of_today(
    client: PageClient, settings: Settings
) -> None:
    """What it said still holds; what nobody signed is refused."""
    old = issued(settings, age=timedelta(hours=30))
    read = FormTokens(settings.secret_keys).read
    form = again(client, old, translator="google", language="fr")
    assert read(token_of(form), now=datetime.now(UTC)).shown.article == TRANSLATED.article
    for made in ("", "x", old + "x"):
        refused = client.http.post("/en/feedback/again", data={"made": made, "again": old})
        assert refused.status_code == 422
    assert client.http.post("/de/feedback/again", data={"made": old}).status_code == 404


def test_the_note_of_the_readers_translator_can_be_confirmed_too(
    app: Flask, settings: Settings, sqlite: Database
) -> None:
    """As that of the site's own translations."""
    site = replace(settings, acknowledgement=Acknowledgement.REQUIRED)
    client = PageClient(create_app(site, sqlite))
    made = token_of(client.get("/en/feedback"))
    assert again(client, made).all("#acknowledged") == []
    form = again(client, made, translator="google", language="en")
    assert form.attribute("#acknowledged", "type") == "checkbox"
    page = client.post("/en/feedback", data={"token": token_of(form), "rating": "4"})
    assert page.attribute("input[name=token]", "value") == token_of(form)
    assert page.text_of("#disclaimer") == form.text_of("#disclaimer")
