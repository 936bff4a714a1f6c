"""The report over ever more answers of three years, beside a scan of the answers themselves.

The scan counts the rows of `response` in the same groups as the queries of the roll-ups. The
largest size has no such rows: its roll-ups are drawn from the same proportions ("simulated").
"""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from reports import export
from reports.readings import TOP_ARTICLES
from reports.service import build_report
from survey import queries, rollup
from survey.accounts import create_account
from survey.app import create_app
from survey.db import Database
from survey.models import Response
from survey.queries import Filters, Period, Unit
from survey.settings import Settings
from tests.benchmarks.crowd import FILLERS, LAST
from tests.clusters import cluster
from tests.conftest import PASSWORDS, sign_in
from tests.pages import PageClient

T = TypeVar("T")
LARGE = "RAYAK_BENCH_LARGE" in os.environ
SIZES = (10**5, 10**6, 10**7) if LARGE else (10**5, 10**6)
SIZES_ON_POSTGRESQL = (10**5, 10**6)
SIMULATED = 10**8
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


def run(
    say: Callable[[str], None],
    sizes: tuple[int, ...] = SIZES,
    on_postgresql: tuple[int, ...] = SIZES_ON_POSTGRESQL,
    simulated: int = SIMULATED,
) -> None:
    """One line a size and database; medians of five, of three for what takes long."""
    say("\n## Reports\n")
    say(
        "| database | answers | stored in | rows of the roll-ups | figures of a year | the same by "
        "scan | by article | the same by scan | report of a year | of three years | page | PDF | "
        "memory |\n|" + "---|" * 13
    )
    for size in sizes:
        with _sqlite() as url:
            _line(say, url, "loaded", size)
    with _sqlite() as url:
        _line(say, url, "simulated", simulated)
    if on_postgresql:
        with cluster() as address:
            for size in on_postgresql:
                _line(say, _postgresql(address, size), "loaded", size)
    say(
        f"\nFigures: by language, kind of text, engine and channel, by day, and views. The "
        f"{simulated:,} are simulated: roll-ups of the same proportions without the answers. "
        "A year's report also reads the year before. Memory: the most of the process that stores, "
        "and of another that does the rest of the line."
    )


def _line(say: Callable[[str], None], url: str, how: str, size: int) -> None:
    """Fill a database and measure it, each in a process of its own, so that memory is its own."""
    seconds, memory = _elsewhere(_fill, url, how, size)
    t = _elsewhere(_measure, url, how == "loaded")
    times = [
        _beside(t.figures),
        _beside(t.scan, t.figures),
        _beside(t.articles),
        _beside(t.article_scan, t.articles),
        *map(_beside, (t.report, t.report_whole, t.page, t.pdf)),
    ]
    name = make_url(url).get_backend_name()
    answers = f"{size:,}" if how == "loaded" else f"{size:,}, {how}"
    say(
        f"| {name} | {answers} | {seconds:.0f} s, {memory:.0f} MiB | {t.rows:,} | "
        f"{' | '.join(times)} | {t.memory:.0f} MiB |"
    )


def _beside(milliseconds: float | None, ours: float | None = None) -> str:
    if milliseconds is None:
        return ""
    return f"{milliseconds:.0f} ms" + (f" ({milliseconds / ours:.1f}x)" if ours else "")


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'rayak.sqlite3'}"


def _postgresql(address: str, size: int) -> str:
    """The address of a new database of the cluster."""
    admin = Database(address)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE rayak_{size}"))
    admin.close()
    return make_url(address).set(database=f"rayak_{size}").render_as_string(hide_password=False)


def _elsewhere(do: Callable[..., T], *arguments: object) -> T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(do, *arguments).result()


def _fill(url: str, how: str, size: int) -> tuple[float, float]:
    """Seconds and MiB that storing took."""
    database = Database(url)
    database.upgrade()
    seconds = FILLERS[how](database, size)
    if database.url.get_backend_name() == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            # Its own service does so a minute later; SQLite has none, and gets none here.
            c.execute(text("VACUUM ANALYZE"))
    database.close()
    return seconds, _memory()


def _measure(url: str, has_answers: bool) -> Timing:
    database = Database(url)
    with database.scope() as session, tempfile.TemporaryDirectory() as folder:
        year = Filters(start=YEAR.first, end=YEAR.last)
        report = build_report(session, year)
        scan = article_scan = None
        if has_answers:
            scan = _median(lambda: _scan(session, CELLS, STEPS), rounds=3)
            article_scan = _median(lambda: _scan(session, ARTICLES), rounds=3)
        counted = [
            session.scalar(select(func.count()).select_from(t)) or 0
            for t in rollup.ROLLUPS.values()
        ]
        timing = Timing(
            rows=sum(counted),
            figures=_median(lambda: _figures(session)),
            scan=scan,
            articles=_median(lambda: _articles(session)),
            article_scan=article_scan,
            report=_median(lambda: build_report(session, year)),
            report_whole=_median(lambda: build_report(session, Filters()), rounds=3),
            page=_page(database, Path(folder)),
            pdf=_median(lambda: export.write(report, "pdf", "en"), rounds=3),
            memory=_memory(),
        )
    database.close()
    return timing


def _memory() -> float:
    """The most MiB that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
    list(queries.steps(session, YEAR, Unit.DAY))
    queries.views(session, YEAR)
    queries.step_views(session, YEAR, Unit.DAY)


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
        create_account(session, "Amina", password, role, actor="tests", now=datetime.now(UTC))
    browser = sign_in(PageClient(create_app(settings, database)), "Amina").http
    address = f"/admin/reports?from={YEAR.first}&to={YEAR.last}"

    def get() -> None:
        answer = browser.get(address)
        assert answer.status_code == 200, answer.status

    return _median(get)
