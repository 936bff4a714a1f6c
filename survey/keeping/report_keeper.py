"""Keeps the report of each week and month that has ended, and sends it to its recipients."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from survey.db import Database
from survey.keeping import deliveries, kept, mail
from survey.keeping.delivery_state import DeliveryState
from survey.keeping.kept import Delivery, Kept
from survey.keeping.kept_files import (
    LETTER,
    MissingFile,
    file_name,
    folder_of,
    read_file,
    write_files,
)
from survey.keeping.mail_server import SCHEDULES, MailServer
from survey.queries import begin_snapshot, span
from survey.ratings import local_day

log = logging.getLogger(__name__)
# Views that were counted in memory are written by then, and answers on their way have arrived.
GRACE = timedelta(hours=1)
NOT_GIVEN_OUT = "RAYAK_REPORT_PERIODS is months: weekly reports are not given out"


class Edition(Protocol):
    """A report as files by language and format, and as a letter that begins with its subject."""

    @property
    def files(self) -> Mapping[tuple[str, str], bytes]:
        """The content of each file."""

    @property
    def letter(self) -> str:
        """Plain text; the first line is the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What the reports' side does: which period is over, and the report of a period.

    That is about the version of the question with a checksum, or about the newest for none;
    `earlier` are the checksums of those that the newest leaves out.
    """

    last_ended: Callable[[str, date], tuple[date, date]]
    earlier: Callable[[Session, date, date], Sequence[str]]
    make: Callable[[Session, date, date, str], Edition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is kept, where, in which languages, and to whom it goes; without server to nobody.

    Letters with reports of other `cadences` are given up.
    """

    folder: Path
    schedule: tuple[str, ...]
    languages: tuple[str, ...]
    cadences: tuple[str, ...] = SCHEDULES
    recipients: tuple[str, ...] = ()
    sender: str = ""
    server: MailServer | None = None


class ReportKeeper:
    """One process's part in keeping reports; several may be at it at once."""

    def __init__(
        self,
        database: Database,
        plan: Plan,
        press: Press,
        *,
        now: Callable[[], datetime],
        zone: tzinfo,
    ) -> None:
        self._database = database
        self._plan = plan
        self._press = press
        self._now = now
        self._zone = zone

    def __call__(self) -> None:
        """Keep what is due and send what waits; what goes wrong is stored and tried again."""
        for cadence in self._plan.schedule:
            self.keep_all(cadence)
        self.send_waiting()

    def keep_all(self, cadence: str) -> list[Kept]:
        """Make the report of the last week or month that ended, about the newest question.

        And, where the question was worded anew within it, one about each earlier wording. Those
        come first: once the newest is there, only what was begun is looked for.
        """
        first, last = self._ended(cadence)
        with self._database.scope() as session:
            questions = kept.unfinished(session, cadence=cadence, first=first)
            if questions is None:
                questions = self._press.earlier(session, first, last)
        found = [self.keep(cadence, question) for question in (*questions, "")]
        return [report for report in found if report is not None]

    def keep(self, cadence: str, question: str = "") -> Kept | None:
        """Make the report of the last week or month that ended, unless it is there.

        :param question: the checksum of the version it is about; empty for the newest.
        :return: the kept report; None when it was there, was tried too short a time ago, is being
            made by another process, or when nobody had answered by its end. Its `problem` says
            what went wrong.
        """
        now = self._now()
        first, last = self._ended(cadence)
        with self._database.scope() as session:
            answered = span(session)
            if answered is None or answered.first > last:
                return None
            number = kept.claim(
                session, cadence=cadence, first=first, last=last, question=question, now=now
            )
            if number is None:
                return None
            try:
                self._make(session, number, cadence, first, last, question)
            except Exception as error:
                # Whatever it was, the row must say so: it is what an admin looks at.
                log.exception("the %s report of %s could not be kept", cadence, first)
                session.rollback()
                kept.failed(session, number, problem=str(error), now=self._now())
            return kept.find(session, number)

    def send_waiting(self) -> list[tuple[Delivery, DeliveryState]]:
        """Try each letter whose time has come, once; gives each with what became of it."""
        tried: list[tuple[Delivery, DeliveryState]] = []
        if self._plan.server is None:
            return tried
        with self._database.scope() as session:
            # A pause follows each attempt, so that this comes to an end.
            while found := deliveries.next_delivery(session, now=self._now()):
                tried.append((found, self._send(session, self._plan.server, found)))
        return tried

    def _ended(self, cadence: str) -> tuple[date, date]:
        return self._press.last_ended(cadence, local_day(self._now() - GRACE, self._zone))

    def _make(
        self,
        session: Session,
        number: int,
        cadence: str,
        first: date,
        last: date,
        question: str,
    ) -> None:
        begin_snapshot(session)
        edition = self._press.make(session, first, last, question)
        session.rollback()
        files = {
            file_name(first, last, language, kind): content
            for (language, kind), content in edition.files.items()
        }
        folder = folder_of(self._plan.folder, cadence, first, last, question)
        write_files(folder, files | {LETTER: edition.letter.encode()})
        recipients = self._plan.recipients if self._plan.server else ()
        kept.made(
            session,
            number,
            languages=self._plan.languages,
            recipients=recipients,
            now=self._now(),
        )

    def _send(self, session: Session, server: MailServer, delivery: Delivery) -> DeliveryState:
        report = kept.find(session, delivery.report)
        session.rollback()
        if report is None:
            raise LookupError(f"the report of the letter {delivery.id} is gone")
        if report.cadence not in self._plan.cadences:
            deliveries.settle(session, delivery, DeliveryState.GIVEN_UP, NOT_GIVEN_OUT)
            return DeliveryState.GIVEN_UP
        try:
            letter = self._letter(report, delivery.recipient)
            mail.send(server, letter, sender=self._plan.sender, recipient=delivery.recipient)
        except mail.MailRefused as error:
            state, problem = DeliveryState.REFUSED, str(error)
        except mail.MailUncertain as error:
            state, problem = DeliveryState.UNKNOWN, str(error)
        except (mail.MailDelayed, MissingFile) as error:
            log.warning("report %s to %s: %s", report.id, delivery.recipient, error)
            return deliveries.delay(session, delivery, str(error), now=self._now())
        else:
            state, problem = DeliveryState.SENT, ""
        deliveries.settle(session, delivery, state, problem)
        return state

    def _letter(self, report: Kept, recipient: str) -> EmailMessage:
        """The summary as text, the report of each language as PDF."""
        folder = folder_of(
            self._plan.folder, report.cadence, report.first, report.last, report.question
        )
        subject, _, text = read_file(folder, LETTER).decode().partition("\n")
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._plan.sender, recipient, subject
        letter["Date"] = format_datetime(report.made_at or self._now())
        # The same for each attempt, so that a mailbox knows a copy for what it is.
        mark = hashlib.sha256(f"{report.id} {report.made_at} {recipient}".encode()).hexdigest()[:24]
        letter["Message-ID"] = f"<{mark}@{self._plan.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text.lstrip("\n"))
        for language in report.languages:
            name = file_name(report.first, report.last, language, "pdf")
            letter.add_attachment(
                read_file(folder, name), maintype="application", subtype="pdf", filename=name
            )
        return letter
