"""How long a report takes over one filled database, and how long a scan of its answers."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.files import export
from reports.readings import TOP_ARTICLES
from reports.service import build_report
from survey import queries, rollup
from survey.accounts.users import add_user
from survey.app.application import create_app
from survey.db import Database
from survey.models import Response
from survey.queries import Filters, Period, Unit
from survey.settings import Settings
from tests.benchmarks.crowd import LAST
from tests.benchmarks.report_stores import most_memory
from tests.conftest import PASSWORDS, sign_in
from tests.pages import PageClient

YEAR = Period(first=LAST - timedelta(days=364), last=LAST)
# What the queries of the roll-ups group by, for the scan of the answers.
CELLS = ("question_id", "shown_language", "translation", "engine", "engine_version", "channel")
STEPS = ("day", "question_id", "shown_language")
ARTICLES = ("article", "question_id", "shown_language", "translation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds of one size; `scan` and `article_scan` are None without answers to scan."""

    rows: int
    figures: float
    scan: float | None
    articles: float
    article_scan: float | None
    report: float
    report_whole: float
    page: float
    pdf: float
    memory: float


def measure(url: str, has_answers: bool) -> Timing:
    """Medians of five, of three for what takes long; memory in MiB, of this whole process."""
    database = Database(url)
    with database.scope() as session, tempfile.TemporaryDirectory() as folder:
        year = Filters(start=YEAR.first, end=YEAR.last)
        report = build_report(session, year)
        timing = Timing(
            rows=sum(map(_rows_of(session), rollup.ROLLUPS.values())),
            figures=_median(lambda: _figures(session)),
            scan=_median(lambda: _scan(session, CELLS, STEPS), rounds=3) if has_answers else None,
            articles=_median(lambda: _articles(session)),
            article_scan=_median(lambda: _scan(session, ARTICLES), rounds=3)
            if has_answers
            else None,
            report=_median(lambda: build_report(session, year)),
            report_whole=_median(lambda: build_report(session, Filters())),
            page=_page(database, Path(folder)),
            pdf=_median(lambda: export.write(report, "pdf", "en"), rounds=3),
            memory=most_memory(),
        )
    database.close()
    return timing


def _rows_of(session: Session) -> Callable[[rollup.Rollup], int]:
    return lambda table: session.scalar(select(func.count()).select_from(table)) or 0


def _median(do: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        do()
        taken.append((time.perf_counter() - begin) * 1_000)
    return statistics.median(taken)


def _figures(session: Session) -> None:
    """Sums of the roll-ups of a year: what a report cannot do without."""
    queries.cells(session, YEAR)
    list(queries.steps(session, YEAR, Unit.WEEK))
    queries.views(session, YEAR)
    queries.step_views(session, YEAR, Unit.WEEK)


def _articles(session: Session) -> None:
    """Every article's size, and the counts of those that a report has rows of."""
    questions = [version.id for version in queries.wordings(session)]
    sizes = queries.article_sizes(
        session, YEAR, questions=questions, language=None, states=queries.REPORTED
    )
    top = sorted(sizes, key=lambda size: -size.answers)[:TOP_ARTICLES]
    list(queries.articles(session, YEAR, {size.article for size in top}))


def _scan(session: Session, *groups: tuple[str, ...]) -> None:
    """The same sums by counting the answers of the year one by one."""
    for names in groups:
        columns = [getattr(Response, name) for name in (*names, "state", "rating")]
        query = select(*columns, func.count()).where(
            Response.day.between(YEAR.first, YEAR.last), Response.state.in_(queries.REPORTED)
        )
        if "article" in names:
            query = query.where(Response.article != "")
        session.execute(query.group_by(*columns)).all()


def _page(database: Database, folder: Path) -> float:
    """The report's page of a year, from the request to the last byte, without its pictures."""
    settings = Settings(
        data_dir=folder,
        database_url=database.url.render_as_string(hide_password=False),
        secret_keys=("a key of the benchmark that signs nothing",),
        limits=False,
    )
    role, password = PASSWORDS["Amina"]
    with database.scope() as session:
        add_user(session, "Amina", password, role, actor="tests", now=datetime.now(UTC))
    browser = sign_in(PageClient(create_app(settings, database)), "Amina").http
    address = f"/admin/reports?from={YEAR.first}&to={YEAR.last}"

    def get() -> None:
        answer = browser.get(address)
        assert answer.status_code == 200, answer.status

    return _median(get)
