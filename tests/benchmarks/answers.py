"""Answers a second through the application, beside the bare transaction on the same SQLite."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from survey.answering.answers import record
from survey.answering.arrivals import arrival
from survey.answering.tokens import FormTokens, Submission
from survey.app.application import create_app
from survey.db import Database
from survey.ratings import Rating, Shown, Translation, digest, read_wording
from survey.services import register_wordings, shown_texts
from survey.settings import Settings

ANSWERS = 1_500
BARE = (
    "INSERT INTO bare (nonce, at, day, rating, page) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO bare_count (day, rating, answers) VALUES (?, ?, 1) "
    "ON CONFLICT (day, rating) DO UPDATE SET answers = answers + 1",
)


def run(say: Callable[[str], None]) -> None:
    """Bare transaction, the service alone, the whole application; single thread."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        database = Database(settings.database_url)
        database.upgrade()
        texts = shown_texts(read_wording().values(), settings.organisation_in)
        with database.scope() as session:
            register_wordings(session, texts, now=datetime.now(UTC))
        rates = {
            "bare transaction (insert + roll-up, same settings)": _bare(database),
            "service (`record`)": _service(database),
            "application (POST, token, form, 303)": _application(settings, database),
        }
        database.close()
    say("\n## Answers\n\n| what | answers/s | share |\n|---|---|---|")
    bare = next(iter(rates.values()))
    for label, rate in rates.items():
        say(f"| {label} | {rate:.0f} | {rate / bare:.2f} |")


def _settings(folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'rayak.sqlite3'}",
        secret_keys=("a key of the benchmark that signs nothing",),
        limits=False,
        min_answer_seconds=0,
    )


def _rate(do: Callable[[int], None]) -> float:
    begin = time.perf_counter()
    for number in range(ANSWERS):
        do(number)
    return ANSWERS / (time.perf_counter() - begin)


def _bare(database: Database) -> float:
    connection = database.engine.raw_connection()
    connection.execute("CREATE TABLE bare (nonce TEXT UNIQUE, at TEXT, day TEXT, rating, page)")
    connection.execute(
        "CREATE TABLE bare_count (day TEXT, rating, answers, PRIMARY KEY (day, rating))"
    )

    def do(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        at = "2026-11-25 10:00:00"
        connection.execute(BARE[0], (f"bare-{number}", at, at[:10], number % 5 + 1, "/en/"))
        connection.execute(BARE[1], (at[:10], number % 5 + 1))
        connection.execute("COMMIT")

    rate = _rate(do)
    connection.close()
    return rate


def _shown() -> Shown:
    return Shown(
        page="/en/feedback",
        site_language="en",
        shown_language="en",
        source_language="en",
        translation=Translation.ORIGINAL,
        question=digest(read_wording()["en"].question),
    )


def _service(database: Database) -> float:
    now, shown = datetime.now(UTC), _shown()

    def do(number: int) -> None:
        with database.scope() as session:
            record(
                session,
                arrival(
                    Rating(level=number % 5 + 1),
                    Submission(shown=shown, nonce=f"service-{number}", issued_at=now),
                    now=now,
                    zone=UTC,
                ),
            )

    return _rate(do)


def _application(settings: Settings, database: Database) -> float:
    client = create_app(settings, database).test_client()
    issue, shown = FormTokens(settings.secret_keys).issue, _shown()
    now = datetime.now(UTC)
    tokens = [issue(shown, nonce=f"app-{n}", now=now) for n in range(ANSWERS)]

    def do(number: int) -> None:
        data = {"token": tokens[number], "rating": str(number % 5 + 1)}
        assert client.post("/en/feedback", data=data).status_code == 303

    return _rate(do)
