"""The report over ever more answers of three years, beside a scan of the answers themselves.

The scan counts the rows of `response` in the same groups as the queries of the roll-ups. The
largest size has no such rows: its roll-ups are drawn from the same proportions ("simulated").
Ten million answers are loaded with RAYAK_BENCH_LARGE=1 only; RAYAK_BENCH_FOLDER=/some/folder keeps
the filled databases there, so that a run that was cut off goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from tests.benchmarks.report_stores import Stores, elsewhere, stores
from tests.benchmarks.report_timing import Timing, measure

SIZES = (10**5, 10**6, 10**7) if os.environ.get("RAYAK_BENCH_LARGE") == "1" else (10**5, 10**6)
SIMULATED = 10**8
COLUMNS = (
    "answers",
    "figures of a year",
    "by scan",
    "by article",
    "by scan",
    "report of a year",
    "of three years",
    "page",
    "PDF",
    "memory",
    "rows of the roll-ups",
    "stored in",
)


def run(
    say: Callable[[str], None], sizes: tuple[int, ...] = SIZES, simulated: int = SIMULATED
) -> None:
    """One table a database, one line a size; a line is printed as soon as it is measured."""
    say("\n## Reports")
    with stores() as databases:
        for kind, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
            say(f"\n| {name}: {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
            for size in sizes:
                say(_line(databases, kind, "loaded", size))
            say(_line(databases, kind, "simulated", simulated))
    say(
        "\nFigures: by language, kind of text, engine and channel, by week, and views. Simulated: "
        "roll-ups of the same proportions without the answers. A year's report also reads the "
        "year before, for what changed. Memory: the most of the process that builds report, page "
        "and PDF; behind the seconds of storing, that of the process that stores."
    )


def _line(databases: Stores, kind: str, how: str, size: int) -> str:
    url, filled = databases.filled(kind, how, size)
    t: Timing = elsewhere(measure, url, how == "loaded")
    cells = [
        f"{size:,}" if how == "loaded" else f"{size:,}, {how}",
        _milliseconds(t.figures),
        _beside(t.scan, t.figures),
        _milliseconds(t.articles),
        _beside(t.article_scan, t.articles),
        *map(_milliseconds, (t.report, t.report_whole, t.page, t.pdf)),
        f"{t.memory:.0f} MiB",
        f"{t.rows:,}",
        f"{filled.seconds:.0f} s, {filled.memory:.0f} MiB",
    ]
    return f"| {' | '.join(cells)} |"


def _milliseconds(value: float) -> str:
    return f"{value:,.0f} ms"


def _beside(scan: float | None, ours: float) -> str:
    """How long the scan took, and how many times as long that is."""
    return "–" if scan is None else f"{_milliseconds(scan)} ({scan / ours:,.0f}x)"
