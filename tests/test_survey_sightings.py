"""How often the question was shown: counted in memory, summed in the database, nothing lost."""

from __future__ import annotations

import threading
import urllib.request
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from survey.answering.sightings import Sightings
from survey.app.application import create_app
from survey.db import Database
from survey.models import DailyCount, DailyView, MonthlyArticleCount, MonthlyArticleView
from survey.ratings import Channel, Shown, Translation
from survey.rollup import dimensions
from survey.settings import Settings
from survey.web.desk import FeedbackDesk
from tests.pages import PageClient, token_of
from tests.screens import PLAIN, TRANSLATED, answer
from tests.servers import environment, rayak, serving, wait_until
from tests.statements import asked_of

ZONE = ZoneInfo("Africa/Casablanca")
NOW = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
NONCE = "a form that is not asked for again"
SCREENS = [PLAIN, TRANSLATED, replace(PLAIN, channel=Channel.EMBED)]


def stored(database: Database) -> dict[tuple[str, str, Translation, Channel], int]:
    """Views in the database by language of page and text, kind of text and channel."""
    with database.scope() as session:
        return {
            (v.site_language, v.shown_language, v.translation, v.channel): v.views
            for v in session.scalars(select(DailyView))
        }


def test_views_are_summed_by_what_was_shown_and_the_sites_day(database: Database) -> None:
    """Half past eleven in UTC is already the next day in Rabat; another flush adds up."""
    sightings = Sightings(ZONE)
    for shown in (PLAIN, TRANSLATED, TRANSLATED):
        sightings.count(shown, NONCE, now=NOW)
    assert stored(database) == {}
    assert sightings.flush(database.session) == 3
    assert sightings.flush(database.session) == 0
    sightings.count(TRANSLATED, NONCE, now=NOW)
    sightings.flush(database.session)

    assert stored(database) == {
        ("en", "en", Translation.ORIGINAL, Channel.PAGE): 1,
        ("ar", "ar", Translation.MACHINE, Channel.PAGE): 3,
    }
    with database.scope() as session:
        assert {str(day) for day in session.scalars(select(DailyView.day))} == {"2026-03-29"}


def test_views_are_kept_by_the_same_dimensions_as_answers(ready: Database) -> None:
    """A count of answers and a sum of views have the same name; an unknown question is none."""
    of_answers = [name for name in dimensions(DailyCount) if name not in ("state", "rating")]
    assert dimensions(DailyView) == of_answers
    sightings = Sightings(ZONE)
    screens = [PLAIN, TRANSLATED, replace(PLAIN, question="0" * 64)]
    for number, shown in enumerate(screens):
        sightings.count(shown, str(number), now=NOW)
        answer(ready, 4, str(number), screens[min(number, 1)], now=NOW)
    sightings.flush(ready.session)
    with ready.scope() as session:
        columns = [getattr(DailyView, name) for name in of_answers]
        views = {tuple(row) for row in session.execute(select(*columns))}
        columns = [getattr(DailyCount, name) for name in of_answers]
        counted = {tuple(row) for row in session.execute(select(*columns))}
    assert counted < views
    assert [row[1] for row in views - counted] == [0]


def test_views_under_articles_are_summed_by_months_too(ready: Database) -> None:
    """With the name of a month's answers; the form that stands under no article is none of them."""
    of_answers = [name for name in dimensions(MonthlyArticleCount) if name != "state"]
    assert dimensions(MonthlyArticleView) == of_answers
    sightings = Sightings(ZONE)
    other = replace(TRANSLATED, article="another")
    for number, shown in enumerate((TRANSLATED, TRANSLATED, PLAIN, other)):
        sightings.count(shown, str(number), now=NOW)
    sightings.flush(ready.session)
    sightings.count(TRANSLATED, "next month", now=NOW + timedelta(days=4))
    sightings.move("3", TRANSLATED, "3 again", now=NOW)
    sightings.flush(ready.session)
    answer(ready, 4, "1", TRANSLATED, now=NOW)
    with ready.scope() as session:
        found = session.scalars(select(MonthlyArticleView).order_by(*of_answers[:2])).all()
        assert [(str(v.month), v.article, v.views) for v in found] == [
            ("2026-03-01", "a-visit", 3),
            ("2026-03-01", "another", 0),
            ("2026-04-01", "a-visit", 1),
        ]
        counted = session.scalars(select(MonthlyArticleCount)).one()
        assert {getattr(counted, n) == getattr(found[0], n) for n in of_answers} == {True}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.one_of(st.sampled_from(SCREENS), st.none()), max_size=20))
def test_every_view_is_stored_once_however_often_one_flushes(
    database: Database, steps: list[Shown | None]
) -> None:
    """Views and flushes in any order: the sums are the views."""
    with database.scope() as session:
        session.execute(delete(DailyView))
        session.commit()
    sightings = Sightings(ZONE)
    for shown in steps:
        if shown is None:
            sightings.flush(database.session)
        else:
            sightings.count(shown, NONCE, now=NOW)
    sightings.flush(database.session)
    expected = Counter(
        (s.site_language, s.shown_language, s.translation, s.channel) for s in steps if s
    )
    assert stored(database) == dict(expected)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([*SCREENS, None])), max_size=20))
def test_a_view_that_moves_is_one_view_where_it_moved_last(
    database: Database, steps: list[tuple[int, Shown | None]]
) -> None:
    """Four visitors who look, look at another screen, and flushes in between."""
    with database.scope() as session:
        session.execute(delete(DailyView))
        session.commit()
    sightings = Sightings(ZONE)
    looking: dict[int, tuple[str, Shown]] = {}
    for step, (visitor, shown) in enumerate(steps):
        if shown is None:
            sightings.flush(database.session)
            continue
        if visitor in looking:
            sightings.move(looking[visitor][0], shown, str(step), now=NOW)
        else:
            sightings.count(shown, str(step), now=NOW)
        looking[visitor] = str(step), shown
    sightings.flush(database.session)
    expected = Counter(
        (s.site_language, s.shown_language, s.translation, s.channel) for _, s in looking.values()
    )
    assert {cell: views for cell, views in stored(database).items() if views} == dict(expected)


def test_a_view_moved_again_and_again_takes_no_others_away(database: Database) -> None:
    """Whoever sends one form's token three times has moved one view, and an unknown one none."""
    sightings = Sightings(ZONE)
    for nonce in ("mine", "another's"):
        sightings.count(PLAIN, nonce, now=NOW)
    for turn in range(3):
        sightings.move("mine", TRANSLATED, f"mine {turn}", now=NOW)
        sightings.move("never counted", TRANSLATED, f"none {turn}", now=NOW)
    sightings.move("none 0", TRANSLATED, "none again", now=NOW)
    sightings.flush(database.session)
    assert sorted(stored(database).values()) == [1, 1]


def test_views_too_old_to_move_stay_where_they_were_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory for forms is bounded; what falls out of it is still a view."""
    monkeypatch.setattr("survey.answering.sightings.MOST_MOVABLE", 2)
    sightings = Sightings(ZONE)
    for nonce in ("old", "newer", "newest"):
        sightings.count(PLAIN, nonce, now=NOW)
    sightings.move("old", TRANSLATED, "old again", now=NOW)
    sightings.move("newer", TRANSLATED, "newer again", now=NOW)
    sightings.flush(database.session)
    assert sorted(stored(database).values()) == [1, 2]


def test_a_refused_flush_loses_nothing(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program holds the lock the views wait in memory."""
    monkeypatch.setattr("survey.db.BUSY_TIMEOUT_SECONDS", 0.05)
    impatient = Database(sqlite.url.render_as_string(hide_password=False))
    sightings = Sightings(ZONE)
    sightings.count(PLAIN, NONCE, now=NOW)
    with sqlite.engine.connect().execution_options(writes=True) as holder:
        holder.exec_driver_sql("SELECT 1")
        with pytest.raises(OperationalError):
            sightings.flush(impatient.session)
        sightings.count(PLAIN, NONCE, now=NOW)
    assert sightings.flush(impatient.session) == 2
    impatient.close()


@pytest.mark.slow
def test_processes_that_count_and_flush_at_once_lose_nothing(database: Database) -> None:
    """Four processes' counters, each filled and flushed by threads, into the same cells."""
    counters = [Sightings(ZONE) for _ in range(4)]

    def work(counter: Sightings) -> None:
        for turn in range(60):
            for shown in SCREENS:
                counter.count(shown, NONCE, now=NOW)
            if turn % 10 == 9:
                counter.flush(database.session)

    threads = [threading.Thread(target=work, args=(c,)) for c in counters for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for counter in counters:
        counter.flush(database.session)
    assert set(stored(database).values()) == {4 * 2 * 60}


def flushed(app: Flask, database: Database) -> int:
    """All views, after the service's own end-of-day chores."""
    app.extensions["housekeeping"].stop()
    return sum(stored(database).values())


def test_looking_at_the_form_is_a_view_and_writes_nothing(app: Flask, sqlite: Database) -> None:
    """Not one statement that writes: only the flush does."""
    asked = asked_of(sqlite)

    def written() -> int:
        return sum(s.lstrip().startswith(("INSERT", "UPDATE", "DELETE")) for s, _ in asked)

    client = PageClient(app)
    for language in ("en", "fr", "fr"):
        client.get(f"/{language}/feedback")
    assert written() == 0
    assert flushed(app, sqlite) == 3
    assert written() == 1
    assert stored(sqlite)["fr", "fr", Translation.ORIGINAL, Channel.PAGE] == 2


def test_only_what_comes_on_a_screen_is_a_view(app: Flask, sqlite: Database) -> None:
    """Not a HEAD, not a page fetched ahead of time, not the form shown again with its error."""
    client = PageClient(app)
    client.http.head("/en/feedback")
    client.http.get("/en/feedback", headers={"Sec-Purpose": "prefetch;prerender"})
    token = token_of(client.get("/en/feedback"))
    client.post("/en/feedback", data={"token": token})
    assert flushed(app, sqlite) == 1


def test_the_box_of_another_website_is_a_view_of_its_own_channel(
    app: Flask, settings: Settings, sqlite: Database
) -> None:
    """Seen where it was drawn, and refused pages are none."""
    origin = "https://www.example.org"
    embedding = create_app(replace(settings, embed_origins=(origin,)), sqlite)
    browser = embedding.test_client()
    query = {"page": f"{origin}/news", "language": "ar", "source": "en", "translator": "google"}
    for asking in (origin, "https://elsewhere.example"):
        browser.get("/embed/feedback", query_string=query, headers={"Origin": asking})
    assert flushed(embedding, sqlite) == 1
    assert stored(sqlite) == {("ar", "ar", Translation.THIRD_PARTY, Channel.EMBED): 1}


def test_a_box_that_follows_a_translation_takes_its_view_along(
    app: Flask, settings: Settings, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again with the token it had: one view, though no other page view is asked.

    With the same token once more, with another page's or with none that holds, the form comes and
    no view with it, nor with the token of a form that never came on a screen.
    """
    origin = "https://www.example.org"
    query = {"page": f"{origin}/news", "language": "en", "source": "en"}
    translated = query | {"language": "ar", "translator": "google"}
    embedding = create_app(replace(settings, embed_origins=(origin,)), sqlite)
    browser = embedding.test_client()

    def drawn(asked: dict[str, str], **headers: str) -> dict[str, str]:
        headers = {"Origin": origin} | headers
        return browser.get("/embed/feedback", query_string=asked, headers=headers).json

    def drawn_again(asked: dict[str, str], token: str) -> dict[str, str]:
        form = asked | {"again": token}
        return browser.post("/embed/feedback/again", data=form, headers={"Origin": origin}).json

    token = drawn(query)["token"]
    drawn(query)
    ahead = drawn(query, **{"Sec-Purpose": "prefetch"})["token"]
    monkeypatch.setattr(FeedbackDesk, "asks", lambda _desk: False)
    for again in (token, token, ahead, "1", token + "x"):
        assert drawn_again(translated, again)["direction"] == "rtl"
    assert drawn_again(translated | {"page": f"{origin}/other"}, token)["token"]
    assert browser.post("/embed/feedback/again", data=query).status_code == 403
    flushed(embedding, sqlite)
    assert stored(sqlite) == {
        ("en", "en", Translation.ORIGINAL, Channel.EMBED): 1,
        ("ar", "ar", Translation.THIRD_PARTY, Channel.EMBED): 1,
    }


def test_one_page_view_in_n_is_asked(settings: Settings, app: Flask, sqlite: Database) -> None:
    """By lot: about a third of the boxes are drawn, and only those are views."""
    origin = "https://www.example.org"
    sampling = create_app(replace(settings, embed_origins=(origin,), ask_one_in=3), sqlite)
    browser = sampling.test_client()
    statuses = Counter(
        browser.get(
            "/embed/feedback", query_string={"page": origin}, headers={"Origin": origin}
        ).status_code
        for _ in range(600)
    )
    assert set(statuses) == {200, 204}
    # Six standard deviations of a binomial with 600 tries.
    assert abs(statuses[200] - 200) < 6 * (600 / 3 * 2 / 3) ** 0.5
    assert flushed(sampling, sqlite) == statuses[200]
    PageClient(sampling).get("/en/feedback").one("form.feedback")


@pytest.mark.slow
def test_a_service_that_ends_has_stored_every_view(tmp_path: Path) -> None:
    """Views within seconds in the running service, and the rest when it is told to stop."""
    env = environment(tmp_path, RAYAK_SECRET_KEY="k" * 40)
    assert rayak("db", "upgrade", env=env).returncode == 0
    database = Database(f"sqlite:///{tmp_path / 'rayak.sqlite3'}")

    def look(address: str) -> None:
        with urllib.request.urlopen(f"{address}/fr/feedback", timeout=10) as answer:  # noqa: S310 -- loopback
            assert answer.status == 200

    with serving(env) as address:
        look(address)
        wait_until(lambda: bool(stored(database)))
        assert sum(stored(database).values()) == 1
        for _ in range(7):
            look(address)
    assert sum(stored(database).values()) == 8
    database.close()
