"""The report over ever more answers of three years, beside a scan of the answers themselves.

The roll-ups are written as the service would have left them: three languages, originals and
translations, pages and box, an article a week that is read mostly in its first months. The raw
scan reads a table of four columns, far narrower than ours, so that the comparison favours it.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from reports import export
from reports.service import build_report
from survey import queries
from survey.db import Database
from survey.models import DailyArticleCount, DailyCount, DailyView, WordingRow
from survey.queries import Filters, Period, Unit
from survey.ratings import Channel, State, Translation, WordingKind

SIZES = (10**5, 10**6, 10**7)
FIRST, DAYS = date(2023, 1, 1), 1_096
LAST = FIRST + timedelta(days=DAYS - 1)
YEAR = Period(first=LAST - timedelta(days=364), last=LAST)
WHOLE = Period(first=FIRST, last=LAST)
# Language, kind of text, its part of all answers, and how its answers fall on 1 to 5.
CELLS = (
    ("en", Translation.ORIGINAL, 0.40, (0.05, 0.08, 0.17, 0.40, 0.30)),
    ("fr", Translation.ORIGINAL, 0.04, (0.05, 0.08, 0.17, 0.40, 0.30)),
    ("fr", Translation.MACHINE, 0.16, (0.10, 0.14, 0.20, 0.34, 0.22)),
    ("fr", Translation.REVIEWED, 0.08, (0.06, 0.09, 0.17, 0.39, 0.29)),
    ("ar", Translation.ORIGINAL, 0.07, (0.05, 0.08, 0.15, 0.40, 0.32)),
    ("ar", Translation.MACHINE, 0.25, (0.14, 0.18, 0.20, 0.30, 0.18)),
)
PLACES = ((Channel.PAGE, State.COUNTED, 0.87), (Channel.EMBED, State.COUNTED, 0.09))
PLACES += ((Channel.PAGE, State.POSSIBLE_DUPLICATE, 0.04),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds of one size."""

    answers: int
    rows: int
    queries_year: float
    queries_whole: float
    raw_scan: float
    report_year: float
    report_whole: float
    pdf: float


def run(say: Callable[[str], None]) -> None:
    """One line a size; medians of five, of three for what takes long."""
    say("\n## Reports\n")
    say(
        "| answers | roll-up rows | queries, 1 year | queries, 3 years | raw scan, 1 year | "
        "whole report, 1 year | whole report, 3 years | PDF, 1 year |\n|" + "---|" * 8
    )
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{Path(folder) / 'rayak.sqlite3'}")
            database.upgrade()
            with database.session() as session:
                rows = _fill(session, size)
                t = _measure(session, size, rows)
            database.close()
        numbers = (t.queries_year, t.queries_whole, t.raw_scan, t.report_year, t.report_whole)
        cells = " | ".join(f"{ms:.0f} ms" for ms in (*numbers, t.pdf))
        say(f"| {t.answers:,} | {t.rows:,} | {cells} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"\nMost memory of the process, loading included: {peak:.0f} MiB.")


def _measure(session: Session, size: int, rows: int) -> Timing:
    year = Filters(start=YEAR.first, end=YEAR.last)
    report = build_report(session, year)
    return Timing(
        answers=size,
        rows=rows,
        queries_year=_median(lambda: _queries(session, YEAR, Unit.DAY)),
        queries_whole=_median(lambda: _queries(session, WHOLE, Unit.MONTH)),
        raw_scan=_median(lambda: _raw_scan(session, YEAR), rounds=3),
        report_year=_median(lambda: build_report(session, year)),
        report_whole=_median(lambda: build_report(session, Filters())),
        pdf=_median(lambda: export.write(report, "pdf", "en"), rounds=3),
    )


def _median(do: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        do()
        taken.append((time.perf_counter() - begin) * 1_000)
    return float(np.median(taken))


def _queries(session: Session, period: Period, unit: Unit) -> None:
    """Shares by language and kind of text, and the trend: what a report cannot do without."""
    queries.cells(session, period)
    list(queries.steps(session, period, unit))
    queries.views(session, period)
    queries.step_views(session, period, unit)


def _raw_scan(session: Session, period: Period) -> None:
    """The same shares by counting the answers one by one."""
    session.execute(
        text(
            "SELECT language, translation, rating, count(*) FROM raw "
            "WHERE day BETWEEN :first AND :last GROUP BY language, translation, rating"
        ),
        {"first": period.first.isoformat(), "last": period.last.isoformat()},
    ).all()


def _fill(session: Session, size: int) -> int:
    """Write the roll-ups of `size` answers and the raw table; gives the rows of the roll-ups."""
    session.connection(execution_options={"writes": True})
    moment = datetime.combine(FIRST, datetime.min.time(), tzinfo=UTC)
    session.add(
        WordingRow(
            kind=WordingKind.QUESTION,
            language="en",
            text="?",
            sha256="0" * 64,
            first_shown=moment,
        )
    )
    session.flush()
    session.execute(
        text("CREATE TABLE raw (day TEXT, language TEXT, translation TEXT, rating INT)")
    )
    session.execute(
        text(
            "CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n"
        )
    )
    random = np.random.default_rng(1)
    rows = sum(_fill_day(session, random, number, size / DAYS) for number in range(DAYS))
    session.commit()
    session.execute(text("ANALYZE"))
    return rows


def _fill_day(session: Session, random: np.random.Generator, number: int, mean: float) -> int:
    day = FIRST + timedelta(days=number)
    parts = np.array(
        [
            part * level * place
            for _, _, part, levels in CELLS
            for level in levels
            for _, _, place in PLACES
        ]
    )
    drawn = random.poisson(mean * parts / parts.sum()).reshape(len(CELLS), 5, len(PLACES))
    ages = number - np.arange(0, number + 1, 7)
    weights = np.exp(-ages / 25)
    counts: list[dict[str, object]] = []
    articles: Counter[tuple[str, str, Translation, State, int]] = Counter()
    for (cell, level, place), answers in np.ndenumerate(drawn):
        if not answers:
            continue
        (language, kind, *_), (channel, state, _) = CELLS[cell], PLACES[place]
        machine = kind is Translation.MACHINE
        counts.append(
            {
                "day": day,
                "question_id": 1,
                "site_language": language,
                "shown_language": language,
                "source_language": "en",
                "translation": kind,
                "engine": f"argos-en-{language}" if machine else "",
                "engine_version": f"1.{number // 400}" if machine else "",
                "channel": channel,
                "state": state,
                "rating": level + 1,
                "answers": int(answers),
            }
        )
        for place_of_article, n in enumerate(
            random.multinomial(answers // 2, weights / weights.sum())
        ):
            if n:
                articles[f"article-{place_of_article}", language, kind, state, level + 1] += int(n)
        if state is State.COUNTED:
            session.execute(
                text("INSERT INTO raw SELECT :d, :l, :t, :r FROM numbers LIMIT :n"),
                {"d": day.isoformat(), "l": language, "t": kind, "r": level + 1, "n": int(answers)},
            )
    if counts:
        session.execute(insert(DailyCount), counts)
    if articles:
        session.execute(
            insert(DailyArticleCount),
            [
                {
                    "day": day,
                    "article": article,
                    "question_id": 1,
                    "shown_language": language,
                    "translation": kind,
                    "state": state,
                    "rating": rating,
                    "answers": n,
                }
                for (article, language, kind, state, rating), n in articles.items()
            ],
        )
    session.execute(
        insert(DailyView),
        [
            {
                "day": day,
                "site_language": language,
                "shown_language": language,
                "translation": kind,
                "channel": Channel.PAGE,
                "views": int(mean * part * 20) + 1,
            }
            for language, kind, part, _ in CELLS
        ],
    )
    return len(counts) + len(articles)
