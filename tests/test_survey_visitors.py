"""A repeated answer is recognised for a day, and nobody is shut out by it."""

from __future__ import annotations

import hmac
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from survey import rollup
from survey.answering.answers import Outcome
from survey.answering.visitors import Visitor, visitor_key
from survey.app.application import create_app
from survey.db import Database
from survey.models import Comment, Response, VisitorSalt
from survey.ratings import SpamReason, State
from survey.settings import Settings
from tests.pages import PageClient, token_of
from tests.screens import PLAIN, TRANSLATED
from tests.visits import OTHER, VERA, answer, rows


def test_a_repeat_within_the_window_changes_the_earlier_answer(ready: Database) -> None:
    """Another form of the same visitor about the same page: one answer, the last level chosen."""
    assert answer(ready, 1, "n1") is Outcome.ADDED
    assert answer(ready, 4, "n2", minute=9.9, comment="better") is Outcome.CHANGED
    assert rows(ready) == [(4, State.COUNTED)]
    with ready.scope() as session:
        assert session.scalars(select(Comment.text)).one() == "better"


def test_a_repeat_later_that_day_is_kept_as_a_possible_duplicate(ready: Database) -> None:
    """A shared office is marked, not thrown away."""
    answer(ready, 1, "n1")
    assert answer(ready, 4, "n2", minute=11) is Outcome.ADDED
    assert rows(ready) == [(1, State.COUNTED), (4, State.POSSIBLE_DUPLICATE)]


def test_a_repeat_on_another_screen_of_the_page_moves_the_answer_there(ready: Database) -> None:
    """Whoever rates the translation and then the original has rated the original."""
    answer(ready, 1, "n1", shown=TRANSLATED)
    original = replace(TRANSLATED, shown_language="en", disclaimer="", engine=None)
    answer(ready, 1, "n2", minute=1, shown=original)
    with ready.scope() as session:
        row = session.scalars(select(Response)).one()
        assert (row.shown_language, row.disclaimer_id) == ("en", None)
    assert rows(ready) == [(1, State.COUNTED)]


@pytest.mark.parametrize(
    "change",
    [
        {"visitor": OTHER},
        {"visitor": replace(VERA, agent="another browser")},
        {"shown": TRANSLATED},
        {"visitor": None},
        {"minute": 24 * 60},
    ],
)
def test_another_address_browser_page_or_day_is_another_answer(
    ready: Database, change: dict[str, object]
) -> None:
    """Only all of them together make a repeat; without a visitor nothing is a repeat."""
    answer(ready, 1, "n1")
    answer(ready, 5, "n2", **change)
    assert rows(ready) == [(1, State.COUNTED), (5, State.COUNTED)]


def test_a_robots_answer_changes_nobodys(ready: Database) -> None:
    """What the trap catches is kept as spam beside the answer it would have changed."""
    answer(ready, 5, "n1")
    answer(ready, 1, "n2", minute=1, spam=SpamReason.HONEYPOT)
    answer(ready, 1, "n3", minute=1, min_seconds=60)
    assert rows(ready) == [(5, State.COUNTED), (1, State.SPAM), (1, State.SPAM)]


def test_a_clock_set_back_loses_nothing(ready: Database) -> None:
    """An answer "before" the earlier one is a repeat like any other."""
    answer(ready, 5, "n1")
    answer(ready, 2, "n2", minute=-60)
    assert rows(ready) == [(2, State.COUNTED)]


@pytest.mark.slow
def test_eight_forms_of_one_visitor_at_once_are_one_answer(ready: Database) -> None:
    """Whatever the timing, the first is stored and the others change it."""
    barrier = threading.Barrier(8)

    def send(number: int) -> None:
        barrier.wait()
        answer(ready, 3, f"n{number}")

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(ready) == [(3, State.COUNTED)]


STEPS = st.tuples(
    st.integers(1, 5),
    st.sampled_from("abcd"),
    st.integers(0, 40),
    st.sampled_from([VERA, OTHER, None]),
    st.sampled_from([PLAIN, TRANSLATED]),
    st.sampled_from([SpamReason.NONE, SpamReason.NO_PROOF, SpamReason.HONEYPOT]),
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, max_size=10))
def test_after_any_sequence_of_repeats_the_roll_up_equals_a_recount(
    ready: Database, steps: list[tuple[object, ...]]
) -> None:
    """And a visitor has at most one counted answer for a page and day."""
    with ready.scope() as session:
        for table in (Comment, *rollup.ROLLUPS.values(), Response, VisitorSalt):
            session.execute(delete(table))
        session.commit()
    minute = 0
    for level, nonce, pause, visitor, shown, spam in steps:
        minute += pause
        answer(ready, level, nonce, minute=minute, visitor=visitor, shown=shown, spam=spam)
    with ready.scope() as session:
        assert list(rollup.mismatches(session)) == []
        counted = (
            select(Response.visitor_key, func.count())
            .where(Response.state == State.COUNTED, Response.visitor_key.is_not(None))
            .group_by(Response.visitor_key)
        )
        assert all(n == 1 for _, n in session.execute(counted))


def test_the_key_is_as_specified_and_tells_its_parts_apart() -> None:
    """HMAC of address, user agent and page; no shift of letters between them makes another pair."""
    salt = b"s" * 32
    expected = hmac.digest(salt, b"192.0.2.7\0Vera's browser\0/en/feedback", "sha256").hex()
    assert visitor_key(salt, VERA, "/en/feedback") == expected
    shifted = Visitor(address="192.0.2.7V", agent="era's browser")
    assert visitor_key(salt, shifted, "/en/feedback") != expected


def send(client: PageClient, **fields: str) -> str:
    """Send the English form with level 3; gives where the visitor is sent."""
    token = token_of(client.get("/en/feedback"))
    data = {"token": token, "rating": "3", **fields}
    response = client.http.post("/en/feedback", data=data)
    assert response.status_code == 303
    return str(response.location)


@pytest.fixture
def limited(settings: Settings, app: Flask, sqlite: Database) -> PageClient:
    """A visitor's browser on a site as it is in production."""
    return PageClient(create_app(replace(settings, limits=True), sqlite))


def test_the_site_counts_a_second_visit_of_the_form_once(
    limited: PageClient, sqlite: Database
) -> None:
    """Two forms from one browser are one answer."""
    send(limited)
    send(limited, rating="5")
    assert rows(sqlite) == [(5, State.COUNTED)]


def test_with_limits_off_every_form_counts(client: PageClient, sqlite: Database) -> None:
    """A load test comes from one address; nothing of it is called a repeat, and no key is made."""
    send(client)
    send(client, rating="5")
    assert rows(sqlite) == [(3, State.COUNTED), (5, State.COUNTED)]
    with sqlite.scope() as session:
        assert session.scalars(select(Response.visitor_key)).all() == [None, None]
        assert session.scalars(select(VisitorSalt.day)).all() == []


def test_a_filled_trap_is_kept_as_spam_and_thanked_the_same(
    limited: PageClient, sqlite: Database
) -> None:
    """A robot cannot tell that it was recognised."""
    assert send(limited, subject="buy now") == send(limited)
    assert sorted(rows(sqlite)) == [(3, State.COUNTED), (3, State.SPAM)]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_trap_is_out_of_the_way_of_people(client: PageClient, language: str) -> None:
    """Not reached by Tab, not read aloud, not filled in by the browser, and it has a label."""
    page = client.get(f"/{language}/feedback")
    field = page.one("#subject").attrs
    assert (field["tabindex"], field["autocomplete"]) == ("-1", "off")
    assert page.all("[aria-hidden=true] #subject")


def test_no_address_and_no_browser_is_in_the_database(
    limited: PageClient, sqlite: Database
) -> None:
    """Whatever is written, it is neither of them."""
    token = token_of(limited.get("/en/feedback"))
    limited.http.post(
        "/en/feedback",
        data={"token": token, "rating": "2"},
        headers={"User-Agent": "a-very-telling-browser/1.0"},
        environ_base={"REMOTE_ADDR": "198.51.100.77"},
    )
    folder = Path(str(sqlite.url.database)).parent
    written = b"".join(f.read_bytes() for f in folder.glob("rayak.sqlite3*"))
    assert rows(sqlite) == [(2, State.COUNTED)]
    assert b"a-very-telling-browser" not in written
    assert b"198.51.100.77" not in written
