"""A form's token is good once, for its own screen and a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from survey.answering.tokens import FormTokens
from survey.db import Database
from survey.models import Response
from survey.ratings import Shown, State, Translation, digest, read_wording
from survey.settings import Settings
from tests.feedback_form import stored
from tests.pages import PageClient, token_of
from tests.screens import PLAIN


def test_a_quick_correction_is_no_robots_answer(
    settings: Settings, app: Flask, sqlite: Database
) -> None:
    """The form with the error is as old as the first: choosing a level at once is taken."""
    from survey.app.application import create_app

    client = PageClient(create_app(replace(settings, min_answer_seconds=30), sqlite))
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    token = FormTokens(settings.secret_keys).issue(PLAIN, nonce="n", now=a_minute_ago)
    page = client.post("/en/feedback", data={"token": token})
    assert token_of(page) == token
    client.http.post("/en/feedback", data={"token": token, "rating": "4"})
    with sqlite.scope() as session:
        assert session.scalars(select(Response.state)).one() is State.COUNTED


@pytest.mark.parametrize("token", ["", "forged", "a.b.c", "\x00", "é" * 300, "x" * 9000])
def test_a_forged_token_leads_to_a_fresh_form_with_what_was_typed(
    client: PageClient, sqlite: Database, token: str
) -> None:
    """Nothing is stored, nothing is lost, and sending again works."""
    data = {"token": token, "rating": "2", "comment": "kept"}
    page = client.post("/en/feedback", data=data)

    assert "checked" in page.one("#rating-2").attrs
    assert page.text_of("textarea") == "kept"
    assert stored(sqlite) == []
    again = {"token": token_of(page), "rating": "2", "comment": "kept"}
    assert client.http.post("/en/feedback", data=again).status_code == 303


@pytest.mark.parametrize("ago", [timedelta(hours=30), timedelta(hours=-1)])
def test_a_token_of_another_time_is_replaced_by_one_for_the_same_screen(
    client: PageClient, sqlite: Database, settings: Settings, ago: timedelta
) -> None:
    """After a night with the page open, or the server's clock set back by an hour meanwhile.

    The answer is still about the article that was shown.
    """
    shown = Shown(
        page="/fr/articles/a-visit",
        article="a-visit",
        site_language="fr",
        shown_language="fr",
        source_language="en",
        translation=Translation.MACHINE,
        question=digest(read_wording()["fr"].question),
    )
    then = datetime.now(UTC) - ago
    old = FormTokens(settings.secret_keys).issue(shown, nonce="n", now=then)
    page = client.post("/fr/feedback", data={"token": old, "rating": "2"})
    response = client.http.post("/fr/feedback", data={"token": token_of(page), "rating": "2"})

    assert response.location == "/fr/feedback/thanks?article=a-visit"
    with sqlite.scope() as session:
        assert session.scalars(select(Response.article)).one() == "a-visit"


@pytest.mark.parametrize("ago", [timedelta(hours=30), timedelta(hours=-1)])
def test_a_form_of_another_time_that_is_sent_again_at_once_counts(
    settings: Settings, app: Flask, sqlite: Database, ago: timedelta
) -> None:
    """Its reader has had a day for it, or it was there before the clock was set back."""
    from survey.app.application import create_app

    client = PageClient(create_app(replace(settings, min_answer_seconds=2), sqlite))
    then = datetime.now(UTC) - ago
    old = FormTokens(settings.secret_keys).issue(PLAIN, nonce="n", now=then)
    page = client.post("/en/feedback", data={"token": old, "rating": "2"})
    client.http.post("/en/feedback", data={"token": token_of(page), "rating": "2"})
    with sqlite.scope() as session:
        assert session.scalars(select(Response.state)).one() is State.COUNTED


def test_a_clock_set_back_by_a_minute_makes_no_spam(
    settings: Settings, app: Flask, sqlite: Database
) -> None:
    """The form's age is not known, and its reader is a person until something else is known."""
    from survey.app.application import create_app

    client = PageClient(create_app(replace(settings, min_answer_seconds=2), sqlite))
    soon = datetime.now(UTC) + timedelta(minutes=1)
    token = FormTokens(settings.secret_keys).issue(PLAIN, nonce="n", now=soon)
    sent = client.http.post("/en/feedback", data={"token": token, "rating": "2"})
    assert sent.status_code == 303
    with sqlite.scope() as session:
        assert session.scalars(select(Response.state)).one() is State.COUNTED


def test_a_replayed_token_adds_nothing(client: PageClient, sqlite: Database) -> None:
    """A hundred copies of one request are one answer."""
    data = {"token": token_of(client.get("/en/feedback")), "rating": "1"}
    for _ in range(5):
        assert client.http.post("/en/feedback", data=data).status_code == 303
    assert stored(sqlite) == [(1, "en")]


def test_a_page_in_a_language_that_the_site_gave_up_still_sends_its_answer(
    settings: Settings, app: Flask, sqlite: Database
) -> None:
    """It was open while the operators changed the settings; all else in that language is gone."""
    from survey.app.application import create_app

    client = create_app(replace(settings, languages=("ar", "fr")), sqlite).test_client()
    token = FormTokens(settings.secret_keys).issue(PLAIN, nonce="n", now=datetime.now(UTC))
    french = {"Accept-Language": "fr"}

    forged = client.post("/en/feedback", data={"token": "forged", "rating": "4"}, headers=french)
    assert forged.status_code == client.get("/en/feedback").status_code == 404
    nothing = client.post("/en/feedback", data={"token": token}, headers=french)
    assert nothing.status_code == 422
    assert '<html lang="fr" dir="ltr"' in nothing.text
    assert read_wording()["fr"].heading in nothing.text
    thanks = client.post("/en/feedback", data={"token": token, "rating": "4"}, headers=french)
    assert (thanks.status_code, thanks.location) == (303, "/fr/feedback/thanks")
    with sqlite.scope() as session:
        assert session.scalars(select(Response.rating)).all() == [4]
