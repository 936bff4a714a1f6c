"""The survey's pages as a visitor's browser sees them, in three languages."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.answering.limits import ANSWERS
from survey.answering.tokens import FormTokens
from survey.db import Database
from survey.models import Comment, Response
from survey.ratings import COMMENT_LIMIT, read_wording
from survey.settings import Settings
from tests.feedback_form import send, stored
from tests.pages import PageClient, token_of
from tests.screens import TRANSLATED

LANGUAGES = ("en", "fr", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_asks_the_question_in_the_pages_language(
    client: PageClient, language: str
) -> None:
    """Question, title and both ends of the scale stand in the language of the page."""
    wording = read_wording()[language]
    page = client.get(f"/{language}/feedback")

    assert page.text_of("h1") == wording.heading
    # French has a narrow space before its question mark; the page's text is read with plain ones.
    assert page.text_of("legend") == " ".join(wording.question.split())
    assert page.text_of("#scale-low") == wording.low_label
    assert page.text_of("#scale-high") == wording.high_label
    assert [r.attrs["value"] for r in page.all("input[type=radio]")] == list("12345")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_stored_and_the_visitor_thanked(
    client: PageClient, sqlite: Database, language: str
) -> None:
    """POST, then 303 to a page that can be reloaded without sending again."""
    response = send(client, language, rating="4", comment="Merci")

    assert response.status_code == 303
    assert response.location == f"/{language}/feedback/thanks"
    client.get(response.location)
    assert stored(sqlite) == [(4, language)]


@pytest.mark.parametrize("rating", [None, "", "0", "6", "5; DROP", "1000000000", "\x00", "٥"])
def test_a_bad_rating_is_explained_and_what_was_typed_is_kept(
    client: PageClient, sqlite: Database, rating: str | None
) -> None:
    """422, an error summary linked to the radio group, the comment still there, nothing stored."""
    fields = {"comment": "a long thought"} | ({} if rating is None else {"rating": rating})
    token = token_of(client.get("/en/feedback"))
    page = client.post("/en/feedback", data={"token": token, **fields})

    assert page.attribute(".error-summary a", "href") == "#rating-1"
    assert page.text_of("#rating-error") == page.text_of(".error-summary a")
    assert page.text_of("textarea") == "a long thought"
    assert "Error" in page.text_of("title")
    assert stored(sqlite) == []


def test_a_form_that_was_corrected_after_an_error_is_taken(
    client: PageClient, sqlite: Database
) -> None:
    """The page with the error has a token that works."""
    page = client.post("/fr/feedback", data={"token": token_of(client.get("/fr/feedback"))})
    response = client.http.post("/fr/feedback", data={"token": token_of(page), "rating": "2"})
    assert response.status_code == 303
    assert stored(sqlite) == [(2, "fr")]


def test_a_rating_sent_twice_in_one_form_is_not_guessed_at(
    client: PageClient, sqlite: Database
) -> None:
    """Two values for one field are an error."""
    token = token_of(client.get("/en/feedback"))
    client.post("/en/feedback", data={"token": token, "rating": ["1", "5"]})
    assert stored(sqlite) == []


def test_of_a_comment_sent_twice_nothing_is_lost(client: PageClient, sqlite: Database) -> None:
    """Both texts are kept, and given back where something else is wrong."""
    comments = {"comment": ["Good hours.", "Bad signs."]}
    token = token_of(client.get("/en/feedback"))
    page = client.post("/en/feedback", data={"token": token, "rating": ["1", "5"], **comments})
    assert page.one("textarea").to_text().split("\n") == comments["comment"]
    assert page.all("input[checked]") == []
    client.http.post("/en/feedback", data={"token": token, "rating": "4", **comments})
    with sqlite.scope() as session:
        assert session.scalars(select(Comment.text)).one() == "Good hours.\nBad signs."


ODD = {
    "no field": {},
    "another level": {"rating": "4.0"},
    "a level in other digits": {"rating": "٣"},
    "a level with a line end": {"rating": "3\n\n3"},
    "a file for a level": {"rating": b"3"},
    "two tokens": {"rating": "3", "token": []},
    "a token of fifty kilobytes": {"rating": "3", "token": "x" * 50_000},
    "a file for a token": {"rating": "3", "token": b"x"},
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_odd_form_is_explained_in_words_and_stores_nothing(
    client: PageClient, sqlite: Database, odd: str, language: str
) -> None:
    """Missing, repeated, too long or of another type: 422, and the form with what was typed."""
    token = token_of(client.get(f"/{language}/feedback"))
    form = {"token": token, "comment": "What I typed.", **ODD[odd]}
    for name, value in form.items():
        if isinstance(value, list):
            form[name] = [token, token]
        if isinstance(value, bytes):
            form[name] = (io.BytesIO(value), f"{name}.txt")
    page = client.post(f"/{language}/feedback", data=form)
    assert page.attribute(".error-summary a", "href") == "#rating-1"
    assert page.text_of("textarea") == "What I typed."
    assert token_of(page)
    assert stored(sqlite) == []


def test_a_form_sent_as_json_is_explained_too(client: PageClient, sqlite: Database) -> None:
    """Nothing in it is a field."""
    token = token_of(client.get("/en/feedback"))
    client.post("/en/feedback", json={"token": token, "rating": 3})
    assert stored(sqlite) == []


def test_a_comment_over_the_limit_is_explained_at_its_field(
    client: PageClient, sqlite: Database
) -> None:
    """The message says how long it is; the level and the text stay."""
    text = "x" * (COMMENT_LIMIT + 1)
    data = {"token": token_of(client.get("/en/feedback")), "rating": "3", "comment": text}
    page = client.post("/en/feedback", data=data)

    assert page.attribute(".error-summary a", "href") == "#comment"
    assert str(COMMENT_LIMIT + 1) in page.text_of("#comment-error")
    assert "checked" in page.one("#rating-3").attrs
    assert page.text_of("textarea") == text
    assert stored(sqlite) == []


def test_a_comment_far_over_the_limit_is_explained_and_kept(
    client: PageClient, sqlite: Database
) -> None:
    """Four times the limit in letters of four bytes: 422, and not one of them is lost."""
    text = "\U0001f600" * 4 * COMMENT_LIMIT
    data = {"token": token_of(client.get("/ar/feedback")), "rating": "3", "comment": text}
    page = client.post("/ar/feedback", data=data)
    assert "8000" in page.text_of("#comment-error")
    assert page.text_of("textarea") == text
    assert stored(sqlite) == []


@pytest.mark.parametrize("path", ["/ar/feedback", "/ar/feedback/again"])
def test_an_answer_larger_than_any_honest_one_is_too_much(
    client: PageClient, sqlite: Database, path: str
) -> None:
    """413 in the page's language, before anything is read of it."""
    data = {"token": "t", "rating": "3", "comment": "%F0%9F%98%80" * 400_000}
    page = client.post(path, data=data, status=413)
    assert "ارجع وأرسل نصًّا أقصر." in page.text
    assert stored(sqlite) == []


def test_control_characters_and_wrong_bytes_in_a_comment_are_harmless(
    client: PageClient, sqlite: Database
) -> None:
    """NUL, escape and bidi overrides are taken out; invalid UTF-8 does not break the form."""
    token = token_of(client.get("/en/feedback"))
    body = f"token={token}&rating=3&comment=".encode() + b"ok%00%1B%E2%80%AE<b>%FF%FE"
    response = client.http.post(
        "/en/feedback", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 303
    with sqlite.scope() as session:
        assert session.scalars(select(Comment.text)).one() == "ok<b>%FF%FE"


def test_a_flood_is_slowed_down_and_keeps_what_was_typed(
    settings: Settings, app: Flask, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with Retry-After, on the form itself."""
    # One more in an hour: on a busy machine a second is over before sixty answers are sent.
    slow = replace(ANSWERS, per_second=1 / 3600)
    monkeypatch.setattr("survey.web.views.ANSWERS", slow)
    from survey.app.application import create_app

    client = PageClient(create_app(replace(settings, limits=True), sqlite))
    token = token_of(client.get("/en/feedback"))
    data = {"token": token, "rating": "5", "comment": "still here"}
    statuses = [client.http.post("/en/feedback", data=data).status_code for _ in range(60)]
    assert set(statuses) == {303}
    page = client.post("/en/feedback", data=data, status=429)
    assert page.text_of("textarea") == "still here"
    assert 3_000 < int(page.response.headers["Retry-After"]) <= 3_601


def test_a_form_of_yesterday_that_a_flood_slows_down_stays_about_its_article(
    settings: Settings, app: Flask, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too old and too soon at once: the answer that is sent again is about what was shown."""
    monkeypatch.setattr("survey.web.views.ANSWERS", replace(ANSWERS, burst=0, per_second=1 / 3600))
    from survey.app.application import create_app

    client = PageClient(create_app(replace(settings, limits=True), sqlite))
    yesterday = datetime.now(UTC) - timedelta(hours=30)
    token = FormTokens(settings.secret_keys).issue(TRANSLATED, nonce="n", now=yesterday)
    page = client.post("/ar/feedback", data={"token": token, "rating": "5"}, status=429)
    assert token_of(page) == token


def test_a_read_only_database_says_so_and_keeps_what_was_typed(
    client: PageClient, sqlite: Database
) -> None:
    """503 with the typed answer, and once it can be written again the same form works."""
    token = token_of(client.get("/en/feedback"))
    data = {"token": token, "rating": "5", "comment": "still here"}
    with sqlite.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    try:
        page = client.post("/en/feedback", data=data, status=503)
        assert page.text_of("textarea") == "still here"
        assert "Retry-After" in page.response.headers
    finally:
        with sqlite.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=OFF")
    assert client.http.post("/en/feedback", data=data).status_code == 303
    assert stored(sqlite) == [(5, "en")]


def test_nothing_is_counted_for_looking(client: PageClient, sqlite: Database) -> None:
    """A GET changes nothing."""
    client.get("/en/feedback?rating=5")
    with sqlite.scope() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0
