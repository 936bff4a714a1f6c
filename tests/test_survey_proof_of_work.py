"""The proof of work: one form's alone, cheap to check, and nobody is locked out by it."""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from survey.answering.proof_of_work import MOST_BITS, proves, zero_bits
from survey.answering.tokens import FormTokens
from survey.app.application import create_app
from survey.db import Database
from survey.models import Response
from survey.ratings import State
from survey.settings import Settings, SettingsError
from tests.embedding import SITE, ask, send
from tests.pages import PageClient, token_of
from tests.screens import PLAIN

BITS = 8
KEY = "a key of the tests that signs nothing of worth"
TOKENS = st.text(st.sampled_from("abcXYZ019-_."), min_size=1, max_size=80)


def proof_of(token: str, bits: int = BITS) -> str:
    """The first number that proves the work, found as a browser finds it."""
    return next(n for n in map(str, itertools.count()) if zero_bits(token, n) >= bits)


def wrong_proof_of(token: str) -> str:
    """The first number that proves nothing."""
    return next(n for n in map(str, itertools.count()) if zero_bits(token, n) < BITS)


@given(token=TOKENS, number=st.integers(0, 10**16 - 1).map(str))
def test_the_bits_are_the_zeros_that_the_hash_begins_with(token: str, number: str) -> None:
    """Counted in its binary digits; and a number proves as many bits as there are, and fewer."""
    text = f"{token.split('.')[-1]}:{number}"
    digits = "".join(f"{byte:08b}" for byte in hashlib.sha256(text.encode()).digest())
    zeros = len(digits) - len(digits.lstrip("0"))
    assert zero_bits(token, number) == zeros
    assert [proves(token, number, bits) for bits in (0, zeros, zeros + 1)] == [True, True, False]


@given(token=TOKENS, bits=st.integers(1, BITS))
def test_every_form_can_be_proved(token: str, bits: int) -> None:
    """The number that is found is accepted."""
    assert proves(token, proof_of(token, bits), bits)


@given(number=st.text(max_size=40))
@example("")
@example("٣")
@example("-1")
@example("1\n")
@example("0" * 17)
@example("\ud800")
def test_nothing_but_a_number_of_sixteen_digits_is_a_proof(number: str) -> None:
    """Whatever else is sent proves nothing, and is no error either."""
    plain = number.isascii() and number.isdigit() and len(number) <= 16
    assert proves("a.b", number, 0) == plain


def test_a_proof_is_of_one_form_alone() -> None:
    """Work done for one form is worth nothing on another of the same screen."""
    now = datetime(2026, 3, 28, tzinfo=UTC)
    issue = FormTokens([KEY]).issue
    first, *others = (issue(PLAIN, nonce=f"nonce {n}", now=now) for n in range(20))
    proof = proof_of(first, 12)
    assert [t for t in others if proves(t, proof, 12)] == []


@pytest.mark.parametrize("bits", ["-1", "23", "many", "1.5"])
def test_bits_that_no_browser_could_bring_are_refused_at_the_start(bits: str) -> None:
    """Telephones have to find the proof in minutes at the most."""
    given = {"RAYAK_SECRET_KEY": KEY, "RAYAK_PROOF_OF_WORK": bits}
    with pytest.raises(SettingsError, match="RAYAK_PROOF_OF_WORK"):
        Settings.from_env(given)
    assert Settings.from_env(given | {"RAYAK_PROOF_OF_WORK": str(MOST_BITS)}).proof_of_work == 22


@pytest.fixture
def guarded(app: Flask, settings: Settings, sqlite: Database) -> PageClient:
    """A visitor of a site that asks for proofs; `app` registered the wordings."""
    site = replace(settings, proof_of_work=BITS, embed_origins=(SITE,))
    return PageClient(create_app(site, sqlite))


@pytest.fixture
def box(guarded: PageClient) -> FlaskClient:
    """The same site as the script on another website reaches it."""
    return guarded.http


def states(database: Database) -> list[tuple[int, State]]:
    """Level and state of every stored answer."""
    with database.scope() as session:
        query = select(Response.rating, Response.state).order_by(Response.id)
        return [tuple(row) for row in session.execute(query)]


def test_a_page_asks_for_the_work_only_where_it_is_set(
    client: PageClient, guarded: PageClient
) -> None:
    """Off, there is nothing of it on the page."""
    off, on = client.get("/en/feedback"), guarded.get("/en/feedback")
    assert off.all("script[src*=feedback], input[name=proof], noscript, [data-work]") == []
    assert on.attribute("form.feedback", "data-work") == str(BITS)
    assert on.attribute("script[src*=feedback]", "type") == "module"
    assert on.attribute("input[name=proof]", "value") == ""


def test_a_proved_answer_counts_and_counts_once(guarded: PageClient, sqlite: Database) -> None:
    """The same proof sent again and again is the same answer."""
    token = token_of(guarded.get("/en/feedback"))
    form = {"token": token, "rating": "4", "proof": proof_of(token)}
    for _ in range(3):
        response = guarded.http.post("/en/feedback", data=form)
        assert (response.status_code, response.location) == (303, "/en/feedback/thanks")
    assert states(sqlite) == [(4, State.COUNTED)]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_without_javascript_the_answer_is_kept_for_a_look_and_the_visitor_told(
    guarded: PageClient, sqlite: Database, language: str
) -> None:
    """Before sending and after it, in words; a moderator lets it count."""
    page = guarded.get(f"/{language}/feedback")
    # The parser reads as a browser with JavaScript does: what is in there is text with its tags.
    told = re.sub("<.*?>", "", page.text_of("noscript"))
    form = {"token": token_of(page), "rating": "4", "proof": ""}
    response = guarded.http.post(f"/{language}/feedback", data=form)
    assert response.status_code == 303
    assert states(sqlite) == [(4, State.SPAM)]
    assert told
    assert told in guarded.get(response.location).text
    assert told in guarded.get(f"/{language}/privacy").text
    assert told not in guarded.get(f"/{language}/feedback/thanks").text


def test_an_answer_kept_for_a_look_counts_once_the_form_brings_its_proof(
    guarded: PageClient, sqlite: Database
) -> None:
    """Sent while the script was still loading, gone back, sent again: the proved one is taken."""
    token = token_of(guarded.get("/en/feedback"))
    form = {"token": token, "rating": "4", "proof": ""}
    assert guarded.http.post("/en/feedback", data=form).location.endswith("held=yes")
    form["proof"] = proof_of(token)
    assert guarded.http.post("/en/feedback", data=form).location.endswith("/thanks")
    assert states(sqlite) == [(4, State.COUNTED)]
    form |= {"proof": "", "rating": "2"}
    guarded.http.post("/en/feedback", data=form)
    assert states(sqlite)[0][1] is State.COUNTED


def test_a_wrong_proof_or_none_leads_back_to_the_form_with_what_was_typed(
    guarded: PageClient, sqlite: Database
) -> None:
    """A page from before proofs were asked for has no field for one; sent again, it counts."""
    token, other = (token_of(guarded.get("/en/feedback")) for _ in range(2))
    wrong = wrong_proof_of(token)
    for proof in ({}, {"proof": wrong}, {"proof": "x"}, {"proof": [proof_of(token)] * 2}):
        form = {"token": token, "rating": "2", "comment": "Slow.", **proof}
        page = guarded.post("/en/feedback", data=form)
        assert page.text_of("#rating-error").startswith("Many automatic answers")
        assert page.text_of("textarea") == "Slow."
        assert token_of(page) == token
    assert states(sqlite) == []
    assert token != other
    form["proof"] = proof_of(token)
    assert guarded.http.post("/en/feedback", data=form).status_code == 303
    assert states(sqlite) == [(2, State.COUNTED)]


def test_a_proof_ends_with_its_form(guarded: PageClient, sqlite: Database) -> None:
    """After a day the work done is worth nothing; the fresh form asks for its own."""
    yesterday = datetime.now(UTC) - timedelta(hours=25)
    token = FormTokens([KEY]).issue(PLAIN, nonce="old", now=yesterday)
    form = {"token": token, "rating": "2", "proof": proof_of(token)}
    page = guarded.post("/en/feedback", data=form)
    fresh = token_of(page)
    assert fresh != token
    assert page.attribute("input[name=proof]", "value") == ""
    assert states(sqlite) == []


def test_the_box_on_another_site_is_asked_for_what_it_lacks(
    box: FlaskClient, sqlite: Database
) -> None:
    """How many bits come with the drawing, and again with each refusal; then the answer counts."""
    drawn = ask(box).json
    assert drawn["work"] == BITS
    token = drawn["token"]
    for proof in ({}, {"proof": wrong_proof_of(token)}):
        refused = send(box, token=token, rating="5", **proof)
        assert (refused.status_code, refused.json["work"]) == (422, BITS)
    assert send(box, token=token, rating="9", proof=proof_of(token)).json["field"] == "rating-1"
    for _ in range(2):
        assert send(box, token=token, rating="5", proof=proof_of(token)).status_code == 200
    assert states(sqlite) == [(5, State.COUNTED)]


def test_a_box_that_brings_an_empty_proof_is_told_the_truth(
    box: FlaskClient, sqlite: Database
) -> None:
    """As on our own pages."""
    message = send(box, token=ask(box).json["token"], rating="5", proof="").json["message"]
    assert "only after a person has looked at it" in message
    assert states(sqlite) == [(5, State.SPAM)]


def test_the_script_of_the_work_is_for_other_sites_too(box: FlaskClient) -> None:
    """Fetched as a module, which needs leave."""
    with box.get("/embed/proof.js", headers={"Origin": SITE}) as script:
        assert script.mimetype == "text/javascript"
        assert script.headers["Access-Control-Allow-Origin"] == SITE
        assert "Set-Cookie" not in script.headers
    # A cache between may keep neither copy for the other.
    with box.get("/embed/proof.js") as script:
        assert "Access-Control-Allow-Origin" not in script.headers
        assert "Origin" in script.vary
