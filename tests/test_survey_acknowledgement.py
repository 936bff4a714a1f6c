"""Confirming a disclaimer: asked only where one is shown, kept with the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from survey.answering.tokens import FormTokens
from survey.app.application import create_app
from survey.db import Database
from survey.exchange.export import answers, codebook
from survey.models import Response
from survey.ratings import (
    Acknowledgement,
    Channel,
    Engine,
    Shown,
    Translation,
    digest,
    read_wording,
)
from survey.settings import Settings, SettingsError
from tests.pages import PageClient

SITE = "https://www.example.org"
ENGLISH = read_wording()["en"]


def browser(settings: Settings, sqlite: Database, asked: Acknowledgement) -> PageClient:
    """A visitor's browser on a site that asks so."""
    site = replace(settings, acknowledgement=asked, embed_origins=(SITE,))
    return PageClient(create_app(site, sqlite))


def token(settings: Settings, *, disclaimer: bool = True, nonce: str = "n1") -> str:
    """A form's token, as under an article."""
    organisation = settings.organisation_in("en")
    shown = Shown(
        page="/en/articles/one",
        article="one",
        site_language="en",
        shown_language="en",
        source_language="fr" if disclaimer else "en",
        translation=Translation.MACHINE if disclaimer else Translation.ORIGINAL,
        engine=Engine(name="argos") if disclaimer else None,
        question=digest(ENGLISH.question),
        disclaimer=digest(ENGLISH.disclaimer_text("argos", organisation)) if disclaimer else "",
    )
    return FormTokens(settings.secret_keys).issue(shown, nonce=nonce, now=datetime.now(UTC))


def stored(sqlite: Database) -> list[bool]:
    """Whether each answer was given with a confirmed disclaimer."""
    with sqlite.scope() as session:
        return list(session.scalars(select(Response.disclaimer_acknowledged)))


@pytest.mark.usefixtures("app")
def test_a_required_confirmation_that_is_missing_is_an_error_and_nothing_typed_is_lost(
    settings: Settings, sqlite: Database
) -> None:
    """422, the summary leads to the box, the disclaimer stands beside it; ticked, it is stored."""
    visitor = browser(settings, sqlite, Acknowledgement.REQUIRED)
    form = {"token": token(settings), "rating": "2", "comment": "Some words."}
    page = visitor.post("/en/feedback", data=form)
    assert [a.attrs["href"] for a in page.all(".error-summary a")] == ["#acknowledged"]
    assert page.attribute("#acknowledged", "type") == "checkbox"
    assert page.attribute("#rating-2", "checked") is not None
    assert page.text_of("textarea") == "Some words."
    assert "is not responsible" in page.text_of("#disclaimer")
    assert page.attribute("input[name=token]", "value") == form["token"]
    assert stored(sqlite) == []
    done = visitor.http.post("/en/feedback", data=form | {"acknowledged": "on"})
    assert (done.status_code, stored(sqlite)) == (303, [True])


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("asked", list(Acknowledgement))
def test_without_a_disclaimer_nothing_is_to_be_confirmed(
    settings: Settings, sqlite: Database, asked: Acknowledgement
) -> None:
    """An original, and the feedback page: no box, no error, and a tick of one's own is not kept."""
    visitor = browser(settings, sqlite, asked)
    assert visitor.get("/en/feedback").all("#acknowledged") == []
    form = {"token": token(settings, disclaimer=False), "rating": "2", "acknowledged": "on"}
    assert visitor.http.post("/en/feedback", data=form).status_code == 303
    assert stored(sqlite) == [False]


@pytest.mark.usefixtures("app")
def test_an_optional_confirmation_is_kept_as_given_and_as_changed(
    settings: Settings, sqlite: Database
) -> None:
    """Unticked is fine; the same form sent again with the tick changes the answer."""
    visitor = browser(settings, sqlite, Acknowledgement.OPTIONAL)
    form = {"token": token(settings), "rating": "2"}
    assert visitor.http.post("/en/feedback", data=form).status_code == 303
    assert stored(sqlite) == [False]
    assert visitor.http.post("/en/feedback", data=form | {"acknowledged": "on"}).status_code == 303
    assert stored(sqlite) == [True]
    with sqlite.scope() as session:
        assert [a.disclaimer_acknowledged for a in answers(session)] == [True]
    assert "disclaimer_acknowledged" in {f["name"] for f in codebook()["fields"]}


@pytest.mark.usefixtures("app")
def test_a_site_that_does_not_ask_keeps_no_confirmation(
    settings: Settings, sqlite: Database
) -> None:
    """Nobody was shown the box."""
    visitor = browser(settings, sqlite, Acknowledgement.OFF)
    form = {"token": token(settings), "rating": "2", "acknowledged": "on"}
    assert visitor.http.post("/en/feedback", data=form).status_code == 303
    assert stored(sqlite) == [False]


@pytest.mark.usefixtures("app")
def test_the_embedded_box_asks_where_it_shows_a_disclaimer(
    settings: Settings, sqlite: Database
) -> None:
    """A translated page gets the label, an original none; a missing tick names its field."""
    http = browser(settings, sqlite, Acknowledgement.REQUIRED).http

    def drawn(translator: str) -> dict[str, object]:
        query = {"page": f"{SITE}/a", "language": "fr", "source": "en", "translator": translator}
        got = http.get("/embed/feedback", query_string=query, headers={"Origin": SITE})
        return dict(got.json or {})

    assert drawn("")["texts"]["acknowledge"] == drawn("")["texts"]["confirm"] == ""
    box = drawn("google")
    assert box["texts"]["acknowledge"]
    assert box["texts"]["confirm"]
    answer = {"token": box["token"], "rating": "4", "language": "fr"}
    refused = http.post("/embed/feedback", data=answer, headers={"Origin": SITE})
    assert refused.status_code == 422
    assert refused.json == {"error": box["texts"]["confirm"], "field": "acknowledged"}
    taken = http.post(
        "/embed/feedback", data=answer | {"acknowledged": "on"}, headers={"Origin": SITE}
    )
    assert (taken.status_code, stored(sqlite)) == (200, [True])
    with sqlite.scope() as session:
        assert session.scalars(select(Response.channel)).one() is Channel.EMBED


@pytest.mark.usefixtures("app")
def test_the_privacy_page_says_that_the_confirmation_is_stored(
    settings: Settings, sqlite: Database
) -> None:
    """Only where the site asks for it."""
    said = {
        asked: "confirm that you have read it"
        in browser(settings, sqlite, asked).get("/en/privacy").text
        for asked in Acknowledgement
    }
    assert said == {
        Acknowledgement.OFF: False,
        Acknowledgement.OPTIONAL: True,
        Acknowledgement.REQUIRED: True,
    }


def test_the_setting_is_one_of_three_words() -> None:
    """Anything else is an error that names them; off by default."""
    env = {"RAYAK_SECRET_KEY": "k" * 40}
    assert Settings.from_env(env).acknowledgement is Acknowledgement.OFF
    asked = Settings.from_env(env | {"RAYAK_ACKNOWLEDGEMENT": "required"}).acknowledgement
    assert asked is Acknowledgement.REQUIRED
    with pytest.raises(SettingsError, match="off, optional, required"):
        Settings.from_env(env | {"RAYAK_ACKNOWLEDGEMENT": "yes"})
