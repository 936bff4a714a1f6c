"""The survey's pages as a visitor's browser sees them, in three languages."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.db import Database
from survey.limits import ANSWERS
from survey.models import Base, Comment, Response
from survey.privacy import COLUMNS, PURPOSES
from survey.ratings import COMMENT_LIMIT, Shown, State, Translation, digest, read_wording
from survey.settings import Settings
from survey.tokens import FormTokens
from tests.pages import PageClient, token_of
from tests.screens import PLAIN

LANGUAGES = ("en", "fr", "ar")


def stored(database: Database) -> list[tuple[int, str]]:
    """Level and site language of every stored answer."""
    with database.scope() as session:
        query = select(Response.rating, Response.site_language).order_by(Response.id)
        return [tuple(row) for row in session.execute(query)]


def send(client: PageClient, language: str = "en", **fields: object) -> object:
    """Send the feedback form as it stands on the page, with these fields."""
    token = token_of(client.get(f"/{language}/feedback"))
    return client.http.post(f"/{language}/feedback", data={"token": token, **fields})


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


def test_a_quick_correction_is_no_robots_answer(
    settings: Settings, app: Flask, sqlite: Database
) -> None:
    """The form with the error is as old as the first: choosing a level at once is taken."""
    from survey.app import create_app

    client = PageClient(create_app(replace(settings, min_answer_seconds=30), sqlite))
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    token = FormTokens(settings.secret_keys).issue(PLAIN, nonce="n", now=a_minute_ago)
    page = client.post("/en/feedback", data={"token": token})
    assert token_of(page) == token
    client.http.post("/en/feedback", data={"token": token, "rating": "4"})
    with sqlite.scope() as session:
        assert session.scalars(select(Response.state)).one() is State.COUNTED


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
    "a token of a megabyte": {"rating": "3", "token": "x" * 10**6},
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


def test_a_comment_of_a_megabyte_is_explained_and_kept(
    client: PageClient, sqlite: Database
) -> None:
    """Far over the limit is still over the limit: 422, and not a letter is lost."""
    data = {"token": token_of(client.get("/ar/feedback")), "rating": "3", "comment": "x" * 10**6}
    page = client.post("/ar/feedback", data=data)
    assert "1000000" in page.text_of("#comment-error")
    assert len(page.text_of("textarea")) == 10**6
    assert stored(sqlite) == []


def test_an_answer_of_many_megabytes_is_too_much(client: PageClient, sqlite: Database) -> None:
    """413 in the page's language, not an error of ours."""
    data = {"token": "t", "rating": "3", "comment": "x" * 5 * 10**6}
    client.post("/ar/feedback", data=data, status=413)
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


def test_an_expired_token_is_replaced_by_one_for_the_same_screen(
    client: PageClient, sqlite: Database, settings: Settings
) -> None:
    """After a night with the page open the answer is still about the article that was shown."""
    shown = Shown(
        page="/fr/articles/a-visit",
        article="a-visit",
        site_language="fr",
        shown_language="fr",
        source_language="en",
        translation=Translation.MACHINE,
        question=digest(read_wording()["fr"].question),
    )
    yesterday = datetime.now(UTC) - timedelta(hours=30)
    old = FormTokens(settings.secret_keys).issue(shown, nonce="n", now=yesterday)
    page = client.post("/fr/feedback", data={"token": old, "rating": "2"})
    response = client.http.post("/fr/feedback", data={"token": token_of(page), "rating": "2"})

    assert response.location == "/fr/feedback/thanks?article=a-visit"
    with sqlite.scope() as session:
        assert session.scalars(select(Response.article)).one() == "a-visit"


def test_a_replayed_token_adds_nothing(client: PageClient, sqlite: Database) -> None:
    """A hundred copies of one request are one answer."""
    data = {"token": token_of(client.get("/en/feedback")), "rating": "1"}
    for _ in range(5):
        assert client.http.post("/en/feedback", data=data).status_code == 303
    assert stored(sqlite) == [(1, "en")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [404, 405])
def test_error_pages_are_in_the_readers_language(
    client: PageClient, language: str, status: int
) -> None:
    """What is missing or refused is said in the language of the address."""
    if status == 404:
        client.get(f"/{language}/no-such-page", status=404)
    else:
        page = client.post(f"/{language}/privacy", status=405)
        assert "GET" in page.response.headers["Allow"]


def test_an_unknown_language_is_a_missing_page(client: PageClient) -> None:
    """Not an error of ours, and not another language."""
    client.get("/xx/feedback", status=404, headers={"Accept-Language": "ar"})


def test_an_unexpected_error_is_a_page_without_details(app: Flask) -> None:
    """500 in the reader's language; what failed stays in the log."""

    @app.get("/fr/broken")
    def broken() -> str:
        raise LookupError("the secret detail")

    page = PageClient(app).get("/fr/broken", status=500)
    assert "secret detail" not in page.text


def test_a_flood_is_slowed_down_and_keeps_what_was_typed(
    settings: Settings, app: Flask, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with Retry-After, on the form itself."""
    # One more in an hour: on a busy machine a second is over before sixty answers are sent.
    slow = replace(ANSWERS, per_second=1 / 3600)
    monkeypatch.setattr("survey.views.ANSWERS", slow)
    from survey.app import create_app

    client = PageClient(create_app(replace(settings, limits=True), sqlite))
    token = token_of(client.get("/en/feedback"))
    data = {"token": token, "rating": "5", "comment": "still here"}
    statuses = [client.http.post("/en/feedback", data=data).status_code for _ in range(60)]
    assert set(statuses) == {303}
    page = client.post("/en/feedback", data=data, status=429)
    assert page.text_of("textarea") == "still here"
    assert 3_000 < int(page.response.headers["Retry-After"]) <= 3_601


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_page_lists_every_column_about_visitors(
    client: PageClient, language: str
) -> None:
    """The page is made from the schema: a new column without an explanation fails here."""
    names = {code.to_text() for code in client.get(f"/{language}/privacy").all("dt code")}
    assert names == {c.name for model in PURPOSES for c in model.__table__.columns}
    assert names == set(COLUMNS)


def test_every_table_is_either_about_visitors_or_known_not_to_be() -> None:
    """A new table cannot stay off the privacy page unnoticed."""
    about_staff = {"admin_user", "audit_event", "kept_report", "report_delivery"}
    about_staff |= {"verification", "wording_change"}
    explained = {model.__tablename__ for model in PURPOSES}
    assert explained | about_staff == set(Base.metadata.tables)


def test_the_front_page_chooses_by_query_and_browser(client: PageClient) -> None:
    """`?lang=` wins over the browser's wishes; without either it is the site's first language."""

    def sent_to(path: str, wishes: str = "") -> str:
        headers = {"Accept-Language": wishes} if wishes else {}
        return str(client.http.get(path, headers=headers).location)

    assert sent_to("/", "fr-CH, fr;q=0.9, en;q=0.8") == "/fr/"
    assert sent_to("/?lang=ar", "fr") == "/ar/"
    assert sent_to("/?lang=xx", "de") == "/en/"


def test_health_and_readiness(client: PageClient) -> None:
    """The process lives; without translation packages it is not ready and says why."""
    assert client.http.get("/health").json == {"status": "ok"}
    response = client.http.get("/ready")
    assert response.status_code == 503
    assert "packages" in response.json["problems"]


def test_nothing_is_counted_for_looking(client: PageClient, sqlite: Database) -> None:
    """A GET changes nothing."""
    client.get("/en/feedback?rating=5")
    with sqlite.scope() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0
