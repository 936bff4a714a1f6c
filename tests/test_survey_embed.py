"""The box on other websites: exact origins, no cookie, what the page said is what is stored."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.answering.tokens import FormTokens
from survey.app.application import create_app
from survey.db import Database
from survey.models import Comment, Response, WordingRow
from survey.ratings import COMMENT_LIMIT, Channel, SpamReason, Translation, read_wording
from survey.settings import Settings, SettingsError
from survey.web.sent_answer import LARGEST
from tests.embedding import SITE, ask, send
from tests.screens import PLAIN

STATIC = Path(__file__).resolve().parent.parent / "survey" / "static"


@pytest.fixture
def browser(app: object, settings: Settings, sqlite: Database) -> FlaskClient:
    """A browser on a page of an allowed site; `app` registered the wordings."""
    return create_app(replace(settings, embed_origins=(SITE,)), sqlite).test_client()


def test_the_script_is_small(browser: FlaskClient) -> None:
    """Under six kilobytes gzipped, as promised to whoever pays for the page's weight.

    Together with the script that is fetched only while proofs of work are asked for.
    """
    with browser.get("/embed.js") as response, browser.get("/embed/proof.js") as proof:
        assert response.mimetype == "text/javascript"
        assert sum(len(gzip.compress(r.data, 9)) for r in (response, proof)) < 6 * 1024
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("script", ["embed.js", "proof.js", "feedback.js", "translated.js"])
def test_the_script_uses_nothing_that_a_strict_policy_forbids(script: str) -> None:
    """No eval, no inline handler or style, no cookie, no markup from strings."""
    source = (STATIC / script).read_text(encoding="utf-8")
    for word in ("eval(", "Function(", "innerHTML", "document.cookie", ".style.", "onclick"):
        assert word not in source


def test_an_answer_from_a_translated_page_is_stored_as_such(
    browser: FlaskClient, sqlite: Database
) -> None:
    """Page, languages, translator and the disclaimer that was shown."""
    drawn = ask(browser, language="ar", source="en", translator="google").json
    assert (drawn["language"], drawn["direction"]) == ("ar", "rtl")
    assert "Google" in drawn["disclaimer"]

    response = send(browser, token=drawn["token"], rating="2", comment="", language="ar")

    assert response.status_code == 200
    with sqlite.scope() as session:
        row = session.scalars(select(Response)).one()
        shown = session.get_one(WordingRow, row.disclaimer_id)
    assert row.page == f"{SITE}/news/1"
    assert (row.translation, row.engine) == (Translation.THIRD_PARTY, "google")
    assert (row.source_language, row.shown_language) == ("en", "ar")
    assert row.channel is Channel.EMBED
    assert shown.text == drawn["disclaimer"]


def test_an_original_page_shows_no_disclaimer(browser: FlaskClient) -> None:
    """Nobody translated it, so nobody disclaims."""
    assert ask(browser, language="fr-MA").json["disclaimer"] == ""
    assert ask(browser, language="fr-MA").json["texts"]["question"] == read_wording()["fr"].question


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_box_says_what_becomes_of_what_is_written_in_it(
    browser: FlaskClient, language: str
) -> None:
    """That a comment should tell nothing of oneself, and where to read what is stored."""
    drawn = ask(browser, language=language).json
    assert "2000" in drawn["texts"]["hint"]
    assert browser.get(drawn["privacy"]).status_code == 200
    assert drawn["privacy"] == f"/{language}/privacy"
    assert drawn["texts"]["privacy"]


def test_a_page_in_another_language_gets_the_sites_first(browser: FlaskClient) -> None:
    """German has no wording yet; the box still asks."""
    for language in ("de", "", "no such tag", "x" * 500):
        assert ask(browser, language=language).json["language"] == "en"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "https://example.org",
        "https://www.example.org.evil.example",
        "http://www.example.org",
        "https://www.example.org:8443",
        "null",
    ],
)
def test_any_other_origin_is_refused_with_the_reason(browser: FlaskClient, origin: str) -> None:
    """Exact match: no suffix, no other scheme, no other port."""
    token = ask(browser).json["token"]
    again = {"page": f"{SITE}/news/1", "language": "en", "again": token}
    for response in (
        ask(browser, origin),
        send(browser, origin, token=token, rating="3"),
        browser.post("/embed/feedback/again", data=again, headers={"Origin": origin}),
    ):
        assert response.status_code == 403
        assert "RAYAK_EMBED_ORIGINS" in response.json["error"]
        assert set(response.json) == {"error"}


def test_only_listed_websites_read_what_is_not_a_refusal(browser: FlaskClient) -> None:
    """Any page may read why it was refused; nothing else is shared with it."""
    stranger = "https://evil.example"
    for origin, leave in ((SITE, SITE), (stranger, None)):
        with browser.get("/embed/proof.js", headers={"Origin": origin}) as script:
            assert script.headers.get("Access-Control-Allow-Origin") == leave
    assert ask(browser).headers["Access-Control-Allow-Origin"] == SITE
    assert ask(browser, stranger).headers["Access-Control-Allow-Origin"] == stranger


def test_the_box_is_asked_for_again_with_its_token_in_a_body(browser: FlaskClient) -> None:
    """Proxies write addresses into their logs, and a token there would be anybody's to use."""
    query = {"page": f"{SITE}/news/1", "language": "fr", "translator": "google"}
    token = ask(browser).json["token"]
    headers = {"Origin": SITE}
    again = browser.post("/embed/feedback/again", data=query | {"again": token}, headers=headers)
    assert again.json["language"] == "fr"
    assert again.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "https://evil.example/",
        "https://user:pw@www.example.org/",
        "javascript:alert(1)",
        "https://www.example.org/" + "x" * 10_000,
        "https://[broken",
        "//www.example.org/",
    ],
)
def test_a_strange_page_address_is_refused(browser: FlaskClient, page: str) -> None:
    """With credentials, of another origin, or too long to be kept."""
    assert ask(browser, page=page).status_code == 403


def test_query_and_fragment_of_a_page_are_not_kept(browser: FlaskClient, sqlite: Database) -> None:
    """They may tell who reads."""
    token = ask(browser, page=f"{SITE}/a?user=7&session=x#mail=me").json["token"]
    send(browser, token=token, rating="3")
    with sqlite.scope() as session:
        assert session.scalars(select(Response.page)).one() == f"{SITE}/a"


def test_what_is_wrong_with_an_answer_is_said_in_the_pages_language(browser: FlaskClient) -> None:
    """422 with a sentence for the reader."""
    token = ask(browser, language="fr").json["token"]
    for form in ({"token": token}, {"token": token, "rating": "9"}, {"token": "x", "rating": "3"}):
        response = send(browser, language="fr", **form)
        assert response.status_code == 422
        assert any(word in response.json["error"] for word in ("Choisissez", "formulaire"))


def test_odd_answers_are_refused_in_words_and_store_nothing(
    browser: FlaskClient, sqlite: Database
) -> None:
    """Repeated, too long, of another type; for each a sentence and the field it is about."""
    token = ask(browser).json["token"]
    odd = [
        {"rating": ["1", "5"]},
        {"rating": "3", "token": [token, token]},
        {"rating": "3", "token": "x" * 50_000},
        {"rating": "3", "comment": "x" * 2001},
        {"rating": "five"},
    ]
    for form in odd:
        response = send(browser, **{"token": token, "language": "fr", **form})
        assert response.status_code == 422
        assert response.json["error"]
        assert response.json["field"] in ("rating-1", "comment")
    response = browser.post(
        "/embed/feedback", json={"token": token, "rating": 3}, headers={"Origin": SITE}
    )
    assert response.status_code == 422
    with sqlite.scope() as session:
        assert session.scalars(select(Response)).all() == []


def test_of_a_comment_sent_twice_nothing_is_lost(browser: FlaskClient, sqlite: Database) -> None:
    """Both texts are one comment."""
    token = ask(browser).json["token"]
    send(browser, token=token, rating="4", comment=["Good hours.", "Bad signs."])
    with sqlite.scope() as session:
        assert session.scalars(select(Comment.text)).one() == "Good hours.\nBad signs."


def test_a_trap_that_comes_twice_is_a_trap(browser: FlaskClient, sqlite: Database) -> None:
    """Filled in one of the two times."""
    token = ask(browser).json["token"]
    assert send(browser, token=token, rating="4", subject=["", "buy"]).status_code == 200
    with sqlite.scope() as session:
        assert session.scalars(select(Response.spam_reason)).one() is SpamReason.HONEYPOT


@pytest.fixture
def trapping(app: object, settings: Settings, sqlite: Database) -> FlaskClient:
    """The same browser, on a site with the time trap of two seconds."""
    trapped = replace(settings, embed_origins=(SITE,), min_answer_seconds=2)
    return create_app(trapped, sqlite).test_client()


def issued(settings: Settings, ago: timedelta) -> str:
    """The token of a box that was drawn so long ago."""
    shown = replace(PLAIN, page=f"{SITE}/news/1", channel=Channel.EMBED)
    tokens = FormTokens(settings.secret_keys)
    return tokens.issue(shown, nonce=f"{ago}", now=datetime.now(UTC) - ago)


def judged(database: Database) -> list[SpamReason]:
    """Why each answer is spam, or that it is none."""
    with database.scope() as session:
        return list(session.scalars(select(Response.spam_reason).order_by(Response.id)))


@pytest.mark.parametrize("ago", [timedelta(days=3), timedelta(hours=-1)])
def test_an_answer_of_another_time_counts_at_once(
    trapping: FlaskClient, settings: Settings, sqlite: Database, ago: timedelta
) -> None:
    """It was days on its way, or the clock was set back meanwhile.

    The script sends it again by itself with the token it is given: no program's haste.
    """
    reply = send(trapping, token=issued(settings, ago), rating="4")
    assert reply.status_code == 422
    assert send(trapping, token=reply.json["token"], rating="4").status_code == 200
    assert judged(sqlite) == [SpamReason.NONE]


def test_an_answer_that_waited_for_days_counts_once_however_often_it_is_delivered(
    trapping: FlaskClient, settings: Settings, sqlite: Database
) -> None:
    """By two tabs, or once more since the thanks were lost on the way."""
    kept = issued(settings, timedelta(days=3))
    for _ in range(3):
        fresh = send(trapping, token=kept, rating="4").json["token"]
        assert send(trapping, token=fresh, rating="4").status_code == 200
    assert judged(sqlite) == [SpamReason.NONE]


def test_an_answer_in_a_language_that_the_site_gave_up_is_taken(
    app: object, settings: Settings, sqlite: Database
) -> None:
    """It waited in the visitor's browser while the operators changed the settings."""
    kept = issued(settings, timedelta(days=3))
    without = replace(settings, embed_origins=(SITE,), languages=("fr", "ar"))
    later = create_app(without, sqlite).test_client()

    reply = send(later, token=kept, rating="4")
    assert reply.status_code == 422
    assert send(later, token=reply.json["token"], rating="4").status_code == 200
    assert judged(sqlite) == [SpamReason.NONE]
    page = later.post("/fr/feedback", data={"token": kept, "rating": "4"})
    assert page.status_code == 422


def test_a_box_that_was_drawn_anew_is_as_old_as_the_one_before(
    trapping: FlaskClient, settings: Settings, sqlite: Database
) -> None:
    """Who has read and chosen a level, and then has the page translated, may send at once.

    Asking again makes no box older than it is, and another page's box makes none older.
    """
    headers = {"Origin": SITE}
    query = {"page": f"{SITE}/news/1", "language": "fr", "translator": "google"}
    old = issued(settings, timedelta(minutes=1))
    for form in (
        query | {"again": old},
        query | {"again": ask(trapping).json["token"]},
        query | {"again": old, "page": f"{SITE}/news/2"},
    ):
        drawn = trapping.post("/embed/feedback/again", data=form, headers=headers).json
        assert send(trapping, token=drawn["token"], rating="4").status_code == 200
    assert judged(sqlite) == [SpamReason.NONE, SpamReason.TOO_QUICK, SpamReason.TOO_QUICK]


def test_an_answer_sent_twice_counts_once(browser: FlaskClient, sqlite: Database) -> None:
    """The kept answer of a lost connection may arrive again."""
    token = ask(browser).json["token"]
    for _ in range(3):
        assert send(browser, token=token, rating="4").status_code == 200
    with sqlite.scope() as session:
        assert len(session.scalars(select(Response)).all()) == 1


@pytest.mark.parametrize("path", ["/embed/feedback", "/embed/feedback/again"])
def test_an_answer_larger_than_any_honest_one_is_too_much(browser: FlaskClient, path: str) -> None:
    """Nothing is read of it: a few of four megabytes would keep the processor busy for a minute."""
    form = {"language": "en", "comment": "x" * LARGEST}
    response = browser.post(path, data=form, headers={"Origin": SITE})
    assert response.status_code == 413
    assert response.json["error"]


def test_what_was_too_much_is_said_in_the_readers_language(browser: FlaskClient) -> None:
    """In words for the box, at its comment; of the form nothing was read."""
    headers = {"Origin": SITE, "Accept-Language": "fr"}
    form = {"language": "en", "comment": "é" * LARGEST}
    said = browser.post("/embed/feedback", data=form, headers=headers).json
    assert said["field"] == "comment"
    assert "Raccourcissez" in said["error"]


def test_the_longest_comment_in_the_longest_letters_arrives(
    browser: FlaskClient, sqlite: Database
) -> None:
    """Twelve bytes a letter on the way, with a token as long as they get."""
    token = ask(browser, page=f"{SITE}/{'n' * 400}").json["token"]
    text = "\U0001f600" * COMMENT_LIMIT
    assert send(browser, token=token, rating="4", comment=text, language="en").status_code == 200
    with sqlite.scope() as session:
        assert session.scalars(select(Comment.text)).one() == text


def test_no_cookie_is_ever_set(browser: FlaskClient) -> None:
    """Neither by the script nor by what it asks for."""
    with browser.get("/embed.js") as script, ask(browser) as drawn:
        for response in (script, drawn):
            assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("origin", ["www.example.org", "https://www.example.org/", "ftp://x"])
def test_an_origin_that_is_none_is_refused_at_the_start(origin: str) -> None:
    """A trailing slash would never match; better to say so than to stay silent."""
    with pytest.raises(SettingsError, match="RAYAK_EMBED_ORIGINS"):
        Settings.from_env({"RAYAK_SECRET_KEY": "k" * 40, "RAYAK_EMBED_ORIGINS": origin})
