"""The recount of the answers: in the memory of one month, however many there are."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey import rollup
from survey.db import Database
from survey.exchange.bulk import load
from survey.exchange.synthetic import Plan, made_up
from survey.models import DailyArticleCount, DailyLanguageCount, MonthlyCount, WordingRow
from survey.ratings import SCALE, State
from survey.rollup import Mismatch
from survey.services import mend_rollup
from survey.upkeep.verification import verify
from tests.answers import Answers, put
from tests.screens import WORDINGS

NOW = datetime(2026, 6, 1, tzinfo=UTC)
A_MONTH = 600


def fill(session: Session, first: date, months: int) -> None:
    """The same number of answers in each of so many months."""
    last = first + timedelta(days=30 * months - 1)
    plan = Plan(number=A_MONTH * months, first=first, last=last, seed=1)
    load(session, made_up(plan, WORDINGS, lambda _language: "The Institute"))


def peak(work: Callable[[], object]) -> int:
    """The bytes that were held at most, over those that were held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def spoil(session: Session) -> None:
    """Let the sums say one answer too many in every cell."""
    session.execute(update(MonthlyCount).values(level_1=MonthlyCount.level_1 + 1))
    session.execute(update(DailyArticleCount).values(answers=DailyArticleCount.answers + 1))
    session.commit()


def test_a_recount_of_many_months_takes_the_memory_of_one(database: Database) -> None:
    """Also where every cell is wrong and all are written anew."""
    with database.scope() as session:

        def recount() -> None:
            assert verify(session, now=NOW) == 0

        def repair() -> None:
            spoil(session)
            assert verify(session, now=NOW, mend=True) > A_MONTH

        fill(session, date(2023, 1, 1), months=2)
        recount()
        repair()
        few = [peak(work) for work in (recount, repair)]
        fill(session, date(2023, 6, 1), months=14)
        many = [peak(work) for work in (recount, repair)]
    # Of eight times the months; what is let go of is not collected at once.
    assert all(after < 3 * before for before, after in zip(few, many, strict=True)), (few, many)


def test_sums_of_months_that_nobody_answered_in_are_found(database: Database) -> None:
    """Wherever in the calendar they are, and of no first day of a month; mending removes them."""
    days = (date.min, date(2023, 2, 28), date(2023, 3, 1), date.max)
    with database.scope() as session:
        put(session, [Answers(rating=3, day=date(2023, 1, 31))])
        question = session.scalars(select(WordingRow.id)).one()
        levels = {f"level_{level}": 0 for level in SCALE} | {"level_4": 7}
        session.add_all(
            DailyLanguageCount(
                day=day, question_id=question, shown_language="en", state=State.COUNTED, **levels
            )
            for day in days
        )
        session.execute(update(MonthlyCount).values(month=date(2023, 1, 2)))
        session.commit()
        found: list[Mismatch] = []
        assert verify(session, now=NOW, mend=True, say=found.append) == len(days) + 2
        assert [m.key["day"] for m in found if m.recounted == 0 and m.stored == 7] == [*days]
        assert {m.key["month"] for m in found if "month" in m.key} == {
            date(2023, 1, 1),
            date(2023, 1, 2),
        }
        assert verify(session, now=NOW) == 0


def test_answers_find_room_between_two_months_that_are_mended(database: Database) -> None:
    """One that comes then is counted once, whether its month is written already or not yet."""
    days = (date(2023, 1, 5), date(2023, 2, 5), date(2023, 3, 5))
    with database.scope() as session, database.scope() as other:
        put(session, [Answers(rating=3, number=2, day=day) for day in days])
        spoil(session)

        def with_an_answer_between() -> Iterator[date]:
            for number, month in enumerate(list(rollup.months(session))):
                yield month
                if number == 1:
                    fill(other, days[0], months=3)

        mend_rollup(session, with_an_answer_between())
        assert verify(session, now=NOW) == 0
