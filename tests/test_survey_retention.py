"""What may recognise a visitor goes when the day is over, and comments when their time is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.answering import visitors
from survey.answering.visitors import visitor_key
from survey.app.application import create_app
from survey.db import Database
from survey.models import Comment, Response, VisitorSalt
from survey.ratings import State
from survey.services import register_wordings
from survey.settings import Settings
from survey.upkeep.housekeeping import DailyPurge
from survey.upkeep.retention import Purged, purge
from tests.pages import PageClient
from tests.screens import PLAIN, TEXTS, ZONE
from tests.servers import environment, rayak, serving, wait_until
from tests.visits import NOON, VERA, answer, rows


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
    monkeypatch.setattr("survey.answering.visitors.KEYS_AT_ONCE", 2)
    monkeypatch.setattr("survey.upkeep.retention.KEYS_AT_ONCE", 2)
    for n in range(5):
        answer(ready, 3, f"n{n}", visitor=replace(VERA, agent=str(n)))
    with ready.scope() as session:
        done = purge(session, now=NOON + timedelta(days=2), zone=ZONE, comment_days=0)
    assert done.keys == 5


def test_the_privacy_page_says_what_this_site_does(
    settings: Settings, app: Flask, sqlite: Database, client: PageClient
) -> None:
    """Minutes and days are those of the settings; what is off is not claimed."""
    changed = replace(settings, limits=True, repeat_minutes=7, comment_days=90)
    text = PageClient(create_app(changed, sqlite)).get("/en/privacy").text
    assert "within 7 minutes" in text
    assert "after 90 days" in text
    assert "quarter of an hour, in the server's memory only" in text
    off = client.get("/en/privacy").text
    assert "minutes" not in off
    assert "quarter of an hour" not in off
    assert "waits in your own browser" in off


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
        wait_until(lambda: kept() == (0, 0))
    leave(4, "n2")
    done = rayak("ratings", "purge", env=env)
    assert done.returncode == 0, done.stderr.decode()
    assert b"1 salts; emptied: 1 keys" in done.stdout
    assert kept() == (0, 0)
    database.close()
