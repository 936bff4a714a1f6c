"""A repeated answer is recognised for a day, and nothing that is kept recognises anybody later."""

from __future__ import annotations

import hmac
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from survey import rollup, visitors
from survey.answers import Outcome
from survey.app import create_app
from survey.db import Database
from survey.housekeeping import Chore, DailyPurge, Housekeeping
from survey.models import Comment, Response, VisitorSalt
from survey.personal_data import EMAIL
from survey.ratings import State
from survey.retention import Purged, purge
from survey.services import register_wordings
from survey.settings import Settings
from survey.visitors import Visitor, visitor_key
from tests import screens
from tests.pages import PageClient
from tests.screens import PLAIN, TEXTS, TRANSLATED, ZONE
from tests.servers import environment, rayak, serving
from tests.test_survey_pages import token_of

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
VERA = Visitor(address="192.0.2.7", agent="Vera's browser")
OTHER = Visitor(address="192.0.2.8", agent="Vera's browser")


def answer(
    database: Database,
    level: int,
    nonce: str,
    *,
    minute: float = 0,
    visitor: Visitor | None = VERA,
    **options: object,
) -> Outcome:
    """Record one answer, some minutes after noon."""
    now = NOON + timedelta(minutes=minute)
    return screens.answer(database, level, nonce, now=now, visitor=visitor, **options)


def rows(database: Database) -> list[tuple[int, State]]:
    """Level and state of every answer, and the roll-up agrees."""
    with database.scope() as session:
        assert rollup.mismatches(session) == []
        query = select(Response.rating, Response.state).order_by(Response.id)
        return [tuple(row) for row in session.execute(query)]


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
    answer(ready, 1, "n2", minute=1, suspect=True)
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
    st.booleans(),
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
    for level, nonce, pause, visitor, shown, suspect in steps:
        minute += pause
        answer(ready, level, nonce, minute=minute, visitor=visitor, shown=shown, suspect=suspect)
    with ready.scope() as session:
        assert rollup.mismatches(session) == []
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


def test_after_the_day_the_key_cannot_be_computed_again(ready: Database) -> None:
    """Salt and key are gone; a new salt of the same day is another one, and random."""
    answer(ready, 3, "n1")
    with ready.scope() as session:
        salt = session.scalars(select(VisitorSalt.salt)).one()
        key = session.scalars(select(Response.visitor_key)).one()
        assert key == visitor_key(salt, VERA, PLAIN.page)
        done = purge(session, now=NOON + timedelta(days=1), zone=ZONE, comment_days=365)
        assert done == Purged(comments=0, salts=1, keys=1)
        assert session.scalars(select(VisitorSalt.salt)).all() == []
        assert session.scalars(select(Response.visitor_key)).all() == [None]
        again = visitors.salt_of(session, NOON.date(), token_bytes)
        assert len(again) == 32
        assert visitor_key(again, VERA, PLAIN.page) != key


def test_the_first_answer_of_a_day_already_destroys_the_salts_before(ready: Database) -> None:
    """Even where nobody runs the purge."""
    answer(ready, 3, "n1")
    answer(ready, 3, "n2", minute=24 * 60)
    with ready.scope() as session:
        assert session.scalars(select(VisitorSalt.day)).one().isoformat() == "2026-03-29"


def test_the_destroyed_salt_stands_in_no_file_of_the_database(sqlite: Database) -> None:
    """Deleted means overwritten: neither the file nor its log holds the bytes."""
    with sqlite.scope() as session:
        register_wordings(session, TEXTS, now=NOON)
    answer(sqlite, 3, "n1", comment="a most peculiar comment")
    with sqlite.scope() as session:
        salt = session.scalars(select(VisitorSalt.salt)).one()
        key = session.scalars(select(Response.visitor_key)).one()
    secrets = (salt, key.encode(), b"a most peculiar comment")
    folder = Path(str(sqlite.url.database)).parent

    def held() -> list[bool]:
        written = b"".join(f.read_bytes() for f in folder.glob("rayak.sqlite3*"))
        return [secret in written for secret in secrets]

    assert held() == [True, True, True]
    with sqlite.scope() as session:
        purge(session, now=NOON + timedelta(days=400), zone=ZONE, comment_days=365)
    sqlite.forget()
    assert held() == [False, False, False]


def test_forgetting_works_on_both_databases(ready: Database) -> None:
    """It may be called at any time, and leaves the connections usable."""
    answer(ready, 3, "n1")
    ready.forget()
    assert rows(ready) == [(3, State.COUNTED)]


def test_comments_expire_and_ratings_stay(ready: Database) -> None:
    """After their days only the comment is gone; a younger one and every count stay."""
    answer(ready, 2, "old", visitor=None, comment="old")
    answer(ready, 4, "new", visitor=None, comment="new", minute=24 * 60)
    with ready.scope() as session:
        later = NOON + timedelta(days=365, hours=1)
        assert purge(session, now=later, zone=ZONE, comment_days=365).comments == 1
        assert not purge(session, now=later, zone=ZONE, comment_days=365)
        assert not purge(session, now=later + timedelta(days=999), zone=ZONE, comment_days=0)
        assert session.scalars(select(Comment.text)).all() == ["new"]
    assert rows(ready) == [(2, State.COUNTED), (4, State.COUNTED)]


def test_many_keys_are_emptied_in_short_transactions(
    ready: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one statement's worth."""
    monkeypatch.setattr("survey.visitors.KEYS_AT_ONCE", 2)
    monkeypatch.setattr("survey.retention.KEYS_AT_ONCE", 2)
    for n in range(5):
        answer(ready, 3, f"n{n}", visitor=replace(VERA, agent=str(n)))
    with ready.scope() as session:
        done = purge(session, now=NOON + timedelta(days=2), zone=ZONE, comment_days=0)
    assert done.keys == 5


def test_personal_data_in_a_comment_is_masked_before_it_is_stored(ready: Database) -> None:
    """And the same form sent again is still the same answer."""
    text = "ask amina@example.org about AB123456"
    assert answer(ready, 3, "n1", comment=text, countries=("MA",)) is Outcome.ADDED
    assert answer(ready, 3, "n1", comment=text, countries=("MA",)) is Outcome.UNCHANGED
    with ready.scope() as session:
        stored = session.scalars(select(Comment.text)).one()
    assert stored == f"ask {EMAIL} about [identity number]"


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


def test_the_privacy_page_says_what_this_site_does(
    settings: Settings, app: Flask, sqlite: Database, client: PageClient
) -> None:
    """Minutes and days are those of the settings; what is off is not claimed."""
    changed = replace(settings, limits=True, repeat_minutes=7, comment_days=90)
    text = PageClient(create_app(changed, sqlite)).get("/en/privacy").text
    assert "within 7 minutes" in text
    assert "after 90 days" in text
    assert "minutes" not in client.get("/en/privacy").text


def test_a_running_service_purges_at_its_start_and_after_midnight(ready: Database) -> None:
    """Once for each day of the site, without anybody's doing."""
    answer(ready, 3, "n1")
    moments = iter([NOON, NOON + timedelta(hours=1), NOON + timedelta(days=1)])
    chore = DailyPurge(ready, now=lambda: next(moments), zone=ZONE, comment_days=365)

    def salts() -> int:
        with ready.scope() as session:
            return session.scalar(select(func.count()).select_from(VisitorSalt)) or 0

    chore()
    chore()
    assert salts() == 1
    chore()
    assert salts() == 0


def test_a_chore_that_fails_is_tried_again_and_the_end_is_orderly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One failure ends nothing; what is to be done at the end is done after the last turn."""
    done: list[int] = []
    thrice = threading.Event()

    def do() -> None:
        done.append(1)
        if len(done) >= 3:
            thrice.set()
        raise OSError("the disk is away")

    chores = Housekeeping([Chore(name="flush", seconds=0.001, do=do, at_end=True)])
    chores.start()
    assert thrice.wait(timeout=5)
    before = len(done)
    chores.stop()
    after = len(done)
    assert after >= before + 1
    assert "chore flush failed" in caplog.text
    time.sleep(0.02)
    assert len(done) == after


@pytest.mark.slow
def test_serving_empties_what_was_left_of_yesterday_and_purging_by_hand_too(
    tmp_path: Path,
) -> None:
    """The real service, and the real command."""
    env = environment(tmp_path, RAYAK_SECRET_KEY="k" * 40)
    database = Database(f"sqlite:///{tmp_path / 'rayak.sqlite3'}")
    database.upgrade()

    def leave(level: int, nonce: str) -> None:
        with database.scope() as session:
            register_wordings(session, TEXTS, now=NOON)
        answer(database, level, nonce)

    def kept() -> tuple[int, int]:
        with database.scope() as session:
            keys = select(func.count()).where(Response.visitor_key.is_not(None))
            salts = select(func.count()).select_from(VisitorSalt)
            return session.scalar(keys) or 0, session.scalar(salts) or 0

    leave(3, "n1")
    assert kept() == (1, 1)
    with serving(env):
        end = time.monotonic() + 10
        while kept() != (0, 0) and time.monotonic() < end:
            time.sleep(0.05)
    assert kept() == (0, 0)
    leave(4, "n2")
    done = rayak("ratings", "purge", env=env)
    assert done.returncode == 0, done.stderr.decode()
    assert b"1 salts; emptied: 1 keys" in done.stdout
    assert kept() == (0, 0)
    database.close()
