"""A week that is over: its answers, who keeps its report, and what became of the letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from reports.articles import UNKNOWN
from reports.files.edition import earlier_wordings, make_edition
from reports.periods import last_ended
from survey.db import Database
from survey.keeping import kept
from survey.keeping.delivery_state import DeliveryState
from survey.keeping.mail_server import SCHEDULES, MailServer
from survey.keeping.report_keeper import Plan, Press, ReportKeeper
from tests.answers import Answers, put
from tests.mail_server import Post

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
    database: Database,
    folder: Path,
    *,
    languages: tuple[str, ...] = ("en",),
    cadences: tuple[str, ...] = SCHEDULES,
    post: Post | None = None,
    clock: Clock | None = None,
) -> ReportKeeper:
    """A keeper of weekly reports, in English where no test says more: real files, real letters."""
    server = MailServer(host="127.0.0.1", port=post.port) if post else None
    plan = Plan(
        folder=folder,
        schedule=("weekly",),
        languages=languages,
        cadences=cadences,
        recipients=CAST,
        sender="reports@example.org",
        server=server,
    )
    make = partial(make_edition, languages=languages, minimum_cell=10, articles=UNKNOWN)
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
