"""Reports of weeks and months that are over: made once, sent once, and never lost in between."""

from __future__ import annotations

import json
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import func, select

from reports.files.edition import Edition
from reports.periods import Cadence, last_ended
from survey.db import Database, migrate
from survey.keeping import kept
from survey.keeping.delivery_state import DeliveryState
from survey.keeping.kept_files import NotWritten, folder_of, write_files
from survey.keeping.mail_server import SCHEDULES
from survey.models import KeptReport, WordingRow
from survey.ratings import digest
from tests.answers import Answers, put
from tests.conftest import ROOT
from tests.kept_week import CAST, MONDAY, NOW, WEEK, Clock, answer, keeper, states
from tests.mail_server import Post, mail_server

pytestmark = pytest.mark.slow


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
    keep = keeper(database, tmp_path, languages=("en", "ar"))
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
