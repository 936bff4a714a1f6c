"""What a running service does by itself, put together of what each room has to be done."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial

from reports.files.edition import earlier_wordings, make_edition
from reports.periods import last_ended
from survey.answering.limits import Buckets
from survey.answering.sightings import FLUSH_SECONDS, Sightings
from survey.app.lookups import ARTICLES
from survey.db import Database
from survey.keeping.mail_server import mail_server
from survey.keeping.report_keeper import Plan, Press, ReportKeeper
from survey.settings import Settings
from survey.upkeep.housekeeping import Chore, DailyPurge, Housekeeping
from translate.shelf import Shelf


def housekeeping(
    settings: Settings, database: Database, sightings: Sightings, buckets: Buckets
) -> Housekeeping:
    """What a running service does by itself; `rayak serve` starts and stops it."""
    purge = DailyPurge(
        database,
        now=lambda: datetime.now(UTC),
        zone=settings.zone,
        comment_days=settings.comment_days,
    )
    return Housekeeping(
        [
            Chore(name="purge", seconds=60, do=purge),
            Chore(name="addresses", seconds=60, do=lambda: buckets.forget(at=time.monotonic())),
            Chore(name="reports", seconds=60, do=report_keeper(settings, database)),
            Chore(name="documents", seconds=300, do=Shelf(settings.data_dir / "files").sweep),
            Chore(
                name="views",
                seconds=FLUSH_SECONDS,
                do=lambda: sightings.flush(database.session),
                at_end=True,
            ),
        ]
    )


def report_keeper(settings: Settings, database: Database) -> ReportKeeper:
    """Makes and sends the reports of weeks and months that are over."""
    languages = settings.report_languages or settings.languages
    plan = Plan(
        folder=settings.data_dir / "reports",
        schedule=settings.report_schedule,
        cadences=settings.cadences,
        languages=languages,
        recipients=settings.report_recipients,
        sender=settings.report_sender,
        server=mail_server(settings.smtp_url, settings.smtp_password)
        if settings.smtp_url
        else None,
    )
    make = partial(
        make_edition,
        languages=languages,
        minimum_cell=settings.minimum_cell,
        articles=ARTICLES,
    )
    press = Press(last_ended=last_ended, earlier=earlier_wordings, make=make)
    return ReportKeeper(database, plan, press, now=lambda: datetime.now(UTC), zone=settings.zone)
