"""Reports of answers that a test names, and the example that tests of files and pictures share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from reports.report import Report
from reports.service import build_report
from survey.db import Database
from survey.models import Base
from survey.queries import Filters
from survey.ratings import State, Translation
from tests.answers import DAY, Answers, put, put_views

EVERYTHING = Filters()
FORMULA = '=HYPERLINK("http://example.org")'


def report_of(
    answers: Iterable[Answers],
    filters: Filters = EVERYTHING,
    *,
    minimum: int = 10,
    views: int = 0,
) -> Report:
    """A report of these answers and nothing else."""
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.scope() as session:
        put(session, answers)
        if views:
            put_views(session, views)
        report = build_report(session, filters, minimum_cell=minimum)
    database.close()
    return report


def example() -> Report:
    """Answers with a gap of days, a hidden row and an article of a dangerous name."""
    groups = [
        Answers(
            rating=rating,
            number=number + day % 3,
            language=language,
            translation=translation,
            day=DAY + timedelta(days=day),
            article=article,
            engine="argos-en" if translation is Translation.MACHINE else "",
            engine_version="1.0" if day < 5 else "1.1",
        )
        for language, translation, article, levels in [
            ("en", Translation.ORIGINAL, "library", (1, 2, 4, 9, 12)),
            ("fr", Translation.MACHINE, FORMULA, (6, 5, 5, 4, 3)),
            ("fr", Translation.ORIGINAL, "library", (1, 1, 2, 5, 6)),
            ("ar", Translation.MACHINE, "library", (7, 6, 5, 5, 4)),
        ]
        for day in (0, 1, 2, 7, 8)
        for rating, number in enumerate(levels, 1)
    ]
    groups.append(Answers(rating=2, number=3, language="ar", translation=Translation.REVIEWED))
    groups.append(Answers(rating=1, number=2, state=State.SPAM))
    groups.append(Answers(rating=3, comment="=1+1 <b>&</b>"))
    return report_of(groups, views=5_000)


# A report cannot be changed, so all tests of a process read the same one.
shared_example = cache(example)
