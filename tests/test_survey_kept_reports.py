"""Reports of weeks and months that are over: made once, sent once, and never lost in between."""

from __future__ import annotations

import json
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import func, select

from reports.articles import UNKNOWN
from reports.edition import Edition, earlier_wordings, make_edition
from reports.periods import Cadence, last_ended
from survey import deliveries, kept
from survey.db import Database, migrate
from survey.delivery_state import DeliveryState
from survey.kept_files import NotWritten, folder_of, write_files
from survey.mail_server import SCHEDULES, MailServer
from survey.models import KeptReport, WordingRow
from survey.ratings import digest
from survey.report_keeper import Plan, Press, ReportKeeper
from tests.answers import Answers, put
from tests.conftest import ROOT
from tests.mail_server import Post, mail_server

MONDAY = date(2026, 11, 23)
WEEK = (date(2026, 11, 16), date(2026, 11, 22))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CAST = ("amina@example.org", "elias@example.org", "vera@example.org")


@dataclass
class Clock:
    """The time, as the tests let it go by."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def keeper(
    database: Database, folder: Path, *, post: Post | None = None, clock: Clock | None = None
) -> ReportKeeper:
    """A keeper of weekly reports in English and Arabic, with real files and real letters."""
    server = MailServer(host="127.0.0.1", port=post.port) if post else None
    plan = Plan(
        folder=folder,
        schedule=("weekly",),
        languages=("en", "ar"),
        recipients=CAST,
        sender="reports@example.org",
        server=server,
    )
    make = partial(make_edition, languages=("en", "ar"), minimum_cell=10, articles=UNKNOWN)
    press = Press(last_ended=last_ended, earlier=earlier_wordings, make=make)
    return ReportKeeper(database, plan, press, now=clock or Clock(), zone=UTC)


def answer(database: Database, day: date = WEEK[0]) -> None:
    """Thirty answers of one day."""
    with database.scope() as session:
        put(session, [Answers(rating=4, number=30, day=day)])


def states(database: Database) -> dict[str, DeliveryState]:
    """What became of each recipient's letter."""
    with database.scope() as session:
        return {d.recipient: d.state for report in kept.listed(session) for d in report.deliveries}


@pytest.mark.parametrize(
    ("cadence", "today", "period"),
    [
        ("weekly", MONDAY, WEEK),
        ("weekly", WEEK[1], (date(2026, 11, 9), date(2026, 11, 15))),
        ("monthly", date(2026, 12, 1), (date(2026, 11, 1), date(2026, 11, 30))),
        ("monthly", date(2026, 1, 31), (date(2025, 12, 1), date(2025, 12, 31))),
        ("monthly", date(2024, 3, 1), (date(2024, 2, 1), date(2024, 2, 29))),
    ],
)
def test_the_last_period_is_whole_and_over(
    cadence: str, today: date, period: tuple[date, date]
) -> None:
    """A week ends on Sunday; a day that is still running belongs to no kept report."""
    assert last_ended(cadence, today) == period


def test_the_settings_offer_what_can_be_kept() -> None:
    """The two lists stand in two rooms, which share no module."""
    assert tuple(Cadence) == SCHEDULES


def test_a_week_that_is_over_is_kept_once(database: Database, tmp_path: Path) -> None:
    """All files in all languages; a second look makes nothing, and nothing is half there."""
    answer(database)
    keep = keeper(database, tmp_path)
    report = keep.keep("weekly")
    assert report is not None
    assert (report.first, report.last, report.languages) == (*WEEK, ("en", "ar"))
    assert (report.made_at, report.problem) == (NOW, "")
    folder = tmp_path / "weekly" / "2026-11-16_2026-11-22"
    names = {path.name for path in folder.iterdir()}
    assert {n for n in names if n.startswith("satisfaction-2026-11-16-2026-11-22.")} == {
        f"satisfaction-2026-11-16-2026-11-22.{language}.{kind}"
        for language in ("en", "ar")
        for kind in ("pdf", "xlsx", "csv", "json", "svg")
    }
    assert len(names) == 11
    assert keep.keep("weekly") is None


def test_a_week_is_kept_again_for_another_question(database: Database, tmp_path: Path) -> None:
    """Beside the one about the newest wording, in a folder of its own, and once as well."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=1, number=20, day=WEEK[0], question="old"),
                Answers(rating=5, number=30, day=WEEK[1], question="new"),
            ],
        )
    keep = keeper(database, tmp_path)
    newest, old = keep.keep("weekly"), keep.keep("weekly", digest("old"))
    assert newest is not None
    assert old is not None
    assert (old.problem, old.question, newest.question) == ("", digest("old"), "")
    assert keep.keep("weekly", digest("old")) is None
    files = sorted(tmp_path.glob("weekly/*/*.en.json"))
    assert [json.loads(path.read_text())["answers"] for path in files] == [30, 20]
    with database.scope() as session:
        assert {report.wording for report in kept.listed(session)} == {"", "old"}


def test_a_question_worded_anew_within_a_week_brings_two_reports(
    database: Database, tmp_path: Path
) -> None:
    """Both are sent, under subjects of their own; the newest says what it leaves out."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=1, number=20, day=WEEK[0], question="How was it?"),
                Answers(rating=5, number=30, day=WEEK[1], question="How is it?"),
            ],
        )
        first = {"How was it?": WEEK[0], "How is it?": WEEK[1]}
        for row in session.scalars(select(WordingRow)):
            row.first_shown = row.current_since = datetime.combine(
                first[row.text], datetime.min.time(), UTC
            )
        session.commit()
    with mail_server(Post()) as post:
        keep = keeper(database, tmp_path, post=post)
        keep()
        keep()
    files = sorted(tmp_path.glob("weekly/*/*.en.json"))
    assert [json.loads(path.read_text())["answers"] for path in files] == [30, 20]
    texts = {
        " ".join(letter["Subject"].split()): letter.get_body().get_content().replace("\xa0", " ")
        for _, letter in post.letters
    }
    assert len(post.letters) == 2 * len(CAST)
    days = "Reader satisfaction: November 16, 2026 to November 22, 2026"
    assert set(texts) == {days, f"{days} · Question: “How was it?”"}
    newest = texts[days]
    assert "have a report of their own" in newest
    assert "English: since November 22, 2026 the question is “How is it?”." in newest


def test_an_earlier_wording_whose_report_found_no_room_is_made_later(
    sqlite: Database, tmp_path: Path
) -> None:
    """The newest is there already: what was begun is not forgotten."""
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=1, number=20, day=WEEK[0], question="old"),
                Answers(rating=5, number=30, day=WEEK[1], question="new"),
            ],
        )
    clock = Clock()
    keep = keeper(sqlite, tmp_path, clock=clock)
    folder = folder_of(tmp_path, "weekly", *WEEK, digest("old"))
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    old, newest = keep.keep_all("weekly")
    assert (bool(old.problem), newest.problem) == (True, "")
    folder.unlink()
    assert keep.keep_all("weekly") == []
    clock.now += timedelta(minutes=6)
    (again,) = keep.keep_all("weekly")
    assert (again.question, again.problem) == (digest("old"), "")


def test_an_older_database_keeps_its_reports_and_letters(
    database: Database, tmp_path: Path
) -> None:
    """The migration makes their table anew; nobody gets a letter a second time."""
    answer(database)
    with mail_server(Post()) as post:
        keeper(database, tmp_path, post=post)()
    before = states(database)
    with database.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "survey" / "migrations"))
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
        migrate(connection)
    assert states(database) == before
    assert set(before.values()) == {DeliveryState.SENT}


def test_nothing_is_kept_before_anybody_answered(sqlite: Database, tmp_path: Path) -> None:
    """Neither without answers nor of a week before the first of them."""
    assert keeper(sqlite, tmp_path).keep("weekly") is None
    answer(sqlite, MONDAY)
    assert keeper(sqlite, tmp_path).keep("weekly") is None


def test_the_first_hour_of_a_week_is_left_to_late_counts(sqlite: Database, tmp_path: Path) -> None:
    """Views counted in memory are written within it."""
    answer(sqlite)
    early = Clock(datetime(2026, 11, 23, 0, 30, tzinfo=UTC))
    assert keeper(sqlite, tmp_path, clock=early).keep("weekly") is None
    assert keeper(sqlite, tmp_path, clock=Clock(early.now + timedelta(hours=1))).keep("weekly")


def test_several_processes_make_and_send_one(database: Database, tmp_path: Path) -> None:
    """Four at once: one report, one letter to each recipient."""
    answer(database)
    with mail_server(Post()) as post:
        crowd = [threading.Thread(target=keeper(database, tmp_path, post=post)) for _ in range(4)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        # Those that came when the report was not there yet had nothing to send.
        keeper(database, tmp_path, post=post)()
    assert sorted(post.recipients) == sorted(CAST)
    with database.scope() as session:
        assert session.scalar(select(func.count()).select_from(KeptReport)) == 1


def test_a_letter_has_the_sentences_and_the_pdfs(sqlite: Database, tmp_path: Path) -> None:
    """In each language; the same mark each time, so that a copy is known for one."""
    answer(sqlite)
    with mail_server(Post()) as post:
        keeper(sqlite, tmp_path, post=post)()
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


def test_a_process_that_died_while_making_is_followed_by_another(
    database: Database, tmp_path: Path
) -> None:
    """Not at once, since it may be at work; after half an hour."""
    answer(database)
    with database.scope() as session:
        claim = partial(kept.claim, session, cadence="weekly", first=WEEK[0], last=WEEK[1])
        assert claim(now=NOW) is not None
        assert claim(now=NOW + timedelta(minutes=29)) is None
    later = Clock(NOW + kept.LEASE)
    assert keeper(database, tmp_path, clock=later).keep("weekly") is not None


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file may grow past so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_earlier_file_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    """A real limit on the size of files; the message names the file."""
    write_files(tmp_path / "week", {"report.pdf": b"earlier"})
    with small_disk(1_000), pytest.raises(NotWritten, match=r"report\.pdf could not be written"):
        write_files(tmp_path / "week", {"report.pdf": b"x" * 100_000})
    assert [(p.name, p.read_bytes()) for p in (tmp_path / "week").iterdir()] == [
        ("report.pdf", b"earlier")
    ]


def test_a_report_that_found_no_room_is_made_later(sqlite: Database, tmp_path: Path) -> None:
    """The list says why; after a pause it is tried again, and the files are whole or absent."""
    answer(sqlite)
    clock = Clock()
    keep = keeper(sqlite, tmp_path, clock=clock)
    large = Edition(files={(c, "pdf"): b"x" * 6_000_000 for c in ("en", "ar")}, letter="Subject")
    keep._press = replace(keep._press, make=lambda _session, _first, _last, _question: large)
    # Room enough for the database, but not for this report.
    with small_disk(5_000_000):
        failed = keep.keep("weekly")
    assert failed is not None
    assert failed.made_at is None
    assert "could not be written: File too large" in failed.problem
    assert list((tmp_path / "weekly" / "2026-11-16_2026-11-22").iterdir()) == []
    assert keep.keep("weekly") is None
    clock.now += timedelta(minutes=5)
    made = keep.keep("weekly")
    assert made is not None
    assert (made.made_at, made.problem) == (clock.now, "")
