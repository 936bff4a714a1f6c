"""Answers of three years for the benchmarks of reports: loaded one by one, or as sums alone.

Both follow `survey.exchange.synthetic`, with one change: it spreads its answers evenly over its
articles, while here two articles appear a week and most of their readers come in the first months.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from operator import itemgetter
from random import Random
from typing import Any

import numpy as np
from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from survey import rollup
from survey.db import Database
from survey.exchange import bulk, synthetic
from survey.exchange.synthetic import Plan
from survey.models import Base, DailyArticleCount, DailyCount, WordingRow
from survey.ratings import SCALE, Channel, State, Translation, WordingKind, digest, read_wording
from survey.services import begin_write
from survey.settings import ORGANISATION

FIRST, DAYS = date(2023, 1, 1), 1_096
LAST = FIRST + timedelta(days=DAYS - 1)
DAYS_BETWEEN_ARTICLES, DAYS_A_READER_COMES_LATER = 3.5, 25.0
VIEWS_AN_ANSWER = 20
# What `survey.exchange.synthetic` draws from: language, kind of text, and its part of all answers.
TEXTS = (
    ("en", Translation.ORIGINAL, 5 / 12),
    ("fr", Translation.ORIGINAL, 3 / 12 * 0.4),
    ("fr", Translation.MACHINE, 3 / 12 * 0.6),
    ("ar", Translation.ORIGINAL, 4 / 12 * 0.4),
    ("ar", Translation.MACHINE, 4 / 12 * 0.6),
)
CHANNELS = ((Channel.PAGE, 0.7), (Channel.EMBED, 0.3))
STATES = ((State.COUNTED, 0.97), (State.POSSIBLE_DUPLICATE, 0.03))
UNDER_AN_ARTICLE = 0.8
Row = dict[str, Any]


def load(database: Database, number: int) -> float:
    """Store so many answers with the bulk command's own function; gives the seconds it took."""
    plan = Plan(number=number, first=FIRST, last=LAST, seed=1)
    made_up = synthetic.made_up(plan, read_wording(), ORGANISATION.__getitem__, _news)
    with database.scope() as session:
        begin = time.perf_counter()
        bulk.load(session, made_up)
        taken = time.perf_counter() - begin
        _put_views(session, number)
    return taken


def _news(random: Random, day: date) -> str:
    """An article that is read on this day, most of them while they are new."""
    age = random.expovariate(1 / DAYS_A_READER_COMES_LATER)
    place = max(0, int(((day - FIRST).days - age) / DAYS_BETWEEN_ARTICLES))
    return f"news-{place + 1}"


def simulate(database: Database, number: int) -> float:
    """Write the roll-ups that so many answers would leave, and no answer; gives the seconds."""
    random = np.random.default_rng(1)
    with database.scope() as session:
        begin = time.perf_counter()
        begin_write(session)
        questions = _questions(session)
        sums: dict[rollup.Rollup, Counter[rollup.Key]] = defaultdict(Counter)
        for n in range(DAYS):
            days = _day(random, n, questions, number / DAYS)
            for table, found in zip((DailyCount, DailyArticleCount), days, strict=True):
                _put(session, table, found)
                names = itemgetter(*rollup.names(table))
                counted = Counter({names(row): row["answers"] for row in found})
                for other in rollup.DERIVED[table]:
                    sums[other].update(rollup.summed(counted, table, other))
        for other, counted in sums.items():
            _put(session, other, rollup.rows(other, counted))
        session.commit()
        taken = time.perf_counter() - begin
        _put_views(session, number)
    return taken


def _questions(session: Session) -> dict[str, int]:
    moment = datetime.combine(FIRST, datetime.min.time(), tzinfo=UTC)
    rows = {
        code: WordingRow(
            kind=WordingKind.QUESTION,
            language=code,
            text=wording.question,
            sha256=digest(wording.question),
            first_shown=moment,
        )
        for code, wording in read_wording().items()
    }
    session.add_all(rows.values())
    session.flush()
    return {code: row.id for code, row in rows.items()}


def _day(
    random: np.random.Generator, number: int, questions: dict[str, int], mean: float
) -> tuple[list[Row], list[Row]]:
    """A day's rows of both roll-ups; the one by article sums up to its part of the other."""
    ages = number - np.arange(0, number + 1, DAYS_BETWEEN_ARTICLES)
    readers = np.exp(-ages / DAYS_A_READER_COMES_LATER)
    readers *= UNDER_AN_ARTICLE * mean / readers.sum()
    counts, by_article = [], []
    for (language, kind, part), (state, share) in product(TEXTS, STATES):
        machine = kind is Translation.MACHINE
        weights = synthetic.LESS_LIKED if machine else synthetic.LIKED
        for level, weight in zip(SCALE, weights, strict=True):
            portion = part * share * weight / sum(weights)
            under = random.poisson(readers * portion)
            elsewhere = random.poisson((1 - UNDER_AN_ARTICLE) * mean * portion)
            cell: Row = {
                "day": FIRST + timedelta(days=number),
                "question_id": questions[language],
                "shown_language": language,
                "translation": kind,
                "state": state,
                "rating": level,
            }
            by_article += [
                cell | {"article": f"news-{place + 1}", "answers": int(under[place])}
                for place in np.flatnonzero(under)
            ]
            screen = {
                "site_language": language,
                "source_language": "en" if machine else language,
                "engine": synthetic.ENGINE if machine else "",
                "engine_version": "1.0" if machine else "",
            }
            ways = random.multinomial(under.sum() + elsewhere, [way for _, way in CHANNELS])
            counts += [
                cell | screen | {"channel": channel, "answers": int(answers)}
                for (channel, _), answers in zip(CHANNELS, ways, strict=True)
                if answers
            ]
    return counts, by_article


def _put(session: Session, table: type[Base], rows: list[Row]) -> None:
    if rows:
        core = table.__table__
        assert isinstance(core, Table)
        session.connection().execute(insert(core), rows)


def _put_views(session: Session, number: int) -> None:
    """Twenty views for an answer, spread evenly over the days."""
    begin_write(session)
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        rollup.add_views(
            session,
            {
                (day, 0, language, language, "", kind, "", "", channel): 1
                + int(VIEWS_AN_ANSWER * number / DAYS * part * way)
                for (language, kind, part), (channel, way) in product(TEXTS, CHANNELS)
            },
        )
    session.commit()


FILLERS: dict[str, Callable[[Database, int], float]] = {"loaded": load, "simulated": simulate}
