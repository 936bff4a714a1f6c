"""A kept report's letters: to each address once, later where a server says so, never twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from survey.db import Database
from survey.keeping import deliveries, kept
from survey.keeping.delivery_state import DeliveryState
from tests.kept_week import CAST, Clock, answer, keeper, states
from tests.mail_server import Post, mail_server

pytestmark = pytest.mark.slow


def test_a_letter_has_the_sentences_and_the_pdfs(sqlite: Database, tmp_path: Path) -> None:
    """In each language; the same mark each time, so that a copy is known for one."""
    answer(sqlite)
    with mail_server(Post()) as post:
        keeper(sqlite, tmp_path, post=post, languages=("en", "ar"))()
    _, letter = post.letters[0]
    assert letter["Subject"] == "Reader satisfaction: November 16, 2026 to November 22, 2026"
    assert (letter["To"], letter["Auto-Submitted"]) == (CAST[0], "auto-generated")
    assert len({found["Message-ID"] for _, found in post.letters}) == 3
    body = letter.get_body()
    assert body is not None
    text = body.get_content().replace("\xa0", " ")
    assert "Answers: 30" in text
    assert "Satisfied (4 or 5): 100%" in text
    assert "Too few answers to tell" in text
    assert "رضا القراء" in text
    files = {a.get_filename(): a.get_content() for a in letter.iter_attachments()}
    assert set(files) == {f"satisfaction-2026-11-16-2026-11-22.{c}.pdf" for c in ("en", "ar")}
    assert all(content.startswith(b"%PDF") for content in files.values())


def test_one_failing_address_does_not_stop_the_others(sqlite: Database, tmp_path: Path) -> None:
    """Refused for good is never tried again; "later" is, and arrives."""
    answer(sqlite)
    clock = Clock()
    with mail_server(Post(refused={CAST[0]}, deferred={CAST[1]})) as post:
        keeper(sqlite, tmp_path, post=post, clock=clock)()
        assert post.recipients == [CAST[2]]
        assert states(sqlite) == {
            CAST[0]: DeliveryState.REFUSED,
            CAST[1]: DeliveryState.WAITING,
            CAST[2]: DeliveryState.SENT,
        }
        post.deferred.clear()
        keeper(sqlite, tmp_path, post=post, clock=clock)()
        assert post.recipients == [CAST[2]]
        clock.now += timedelta(minutes=5)
        keeper(sqlite, tmp_path, post=post, clock=clock)()
        assert post.recipients == [CAST[2], CAST[1]]
        clock.now += timedelta(days=30)
        keeper(sqlite, tmp_path, post=post, clock=clock).send_waiting()
    assert post.recipients == [CAST[2], CAST[1]]


def test_a_server_that_is_down_is_tried_again_with_growing_pauses(
    sqlite: Database, tmp_path: Path
) -> None:
    """What went wrong is stored; in the end it is given up rather than tried for ever."""
    answer(sqlite)
    clock = Clock()
    # Nobody listens on the discard port of this machine.
    keep = keeper(sqlite, tmp_path, post=Post(port=9), clock=clock)
    keep()
    waits = []
    for _ in range(kept.MOST_ATTEMPTS - 1):
        with sqlite.scope() as session:
            first = kept.listed(session)[0].deliveries[0]
        assert first.next_try_at is not None
        assert "refused" in first.problem
        waits.append(first.next_try_at - clock.now)
        clock.now = first.next_try_at
        keep()
    assert waits == sorted(waits)
    assert (waits[0], waits[1], waits[-1]) == (
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=24),
    )
    assert set(states(sqlite).values()) == {DeliveryState.GIVEN_UP}
    with mail_server(Post()) as post, sqlite.scope() as session:
        assert deliveries.send_again(session, first.report, now=clock.now) == 3
        keeper(sqlite, tmp_path, post=post, clock=clock).send_waiting()
    assert sorted(post.recipients) == sorted(CAST)


def test_what_may_have_arrived_is_not_sent_again(sqlite: Database, tmp_path: Path) -> None:
    """The line broke after the letter: only a person may say that it goes out once more."""
    answer(sqlite)
    clock = Clock()
    with mail_server(Post(hangs_up="BODY")) as post:
        keeper(sqlite, tmp_path, post=post, clock=clock)()
        assert set(states(sqlite).values()) == {DeliveryState.UNKNOWN}
        tries = post.connections
        clock.now += timedelta(days=3)
        keeper(sqlite, tmp_path, post=post, clock=clock).send_waiting()
        assert post.connections == tries


def test_a_process_that_died_while_sending_leaves_it_uncertain(
    database: Database, tmp_path: Path
) -> None:
    """After half an hour the claim is nobody's, and the letter is not sent a second time."""
    answer(database)
    clock = Clock()
    with mail_server(Post()) as post:
        keep = keeper(database, tmp_path, post=post, clock=clock)
        keep.keep("weekly")
        with database.scope() as session:
            died = deliveries.next_delivery(session, now=clock.now)
        assert died is not None
        clock.now += kept.LEASE
        keep.send_waiting()
    assert sorted(post.recipients) == sorted(set(CAST) - {died.recipient})
    assert states(database)[died.recipient] is DeliveryState.UNKNOWN
