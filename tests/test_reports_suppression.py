"""No sum and no difference over filters and breakdowns brings a hidden row back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space
from sqlalchemy.orm import Session

from reports.disclosure.suppression import Reason, protect
from reports.disclosure.tables import two_way
from reports.report import Figures, Report, Row
from reports.service import build_report
from reports.summary import Counts
from survey.db import Database
from survey.models import Base
from survey.queries import Filters
from survey.ratings import Channel, State, Translation
from tests.answers import DAY, Answers, put

MINIMUM = 10
LAST = DAY + timedelta(days=2)

groups = st.builds(
    Answers,
    rating=st.integers(1, 5),
    number=st.sampled_from([1, 2, 3, 5, 9, 12, 30]),
    language=st.sampled_from(["en", "fr", "ar"]),
    translation=st.sampled_from(
        [Translation.ORIGINAL, Translation.MACHINE, Translation.MACHINE, Translation.REVIEWED]
    ),
    day=st.sampled_from([DAY, DAY + timedelta(days=1), LAST]),
    article=st.sampled_from(["", "library", "museum", "school"]),
    channel=st.sampled_from([Channel.PAGE, Channel.PAGE, Channel.EMBED]),
    state=st.sampled_from([State.COUNTED, State.COUNTED, State.POSSIBLE_DUPLICATE]),
    engine_version=st.sampled_from(["1", "2"]),
)


VALUES = {
    "language": ("en", "fr", "ar"),
    "translation": (Translation.ORIGINAL, Translation.MACHINE, Translation.REVIEWED),
    "day": (DAY, DAY + timedelta(days=1), LAST),
    "article": ("", "library", "museum", "school"),
    "channel": (Channel.PAGE, Channel.EMBED),
    "engine_version": ("1", "2"),
    "state": (State.COUNTED, State.POSSIBLE_DUPLICATE),
}
# Everything an answer can be: what an outsider does not know is how many answers are of each.
UNKNOWNS = [
    dict(zip(VALUES, values, strict=True))
    for values in product(*VALUES.values())
    if values[1] is Translation.MACHINE or values[5] == "1"
]
FAMILIES: dict[str, tuple[str, ...]] = {
    "by_language": ("language",),
    "by_translation": ("translation",),
    "by_language_and_translation": ("language", "translation"),
    "by_channel": ("channel",),
    "by_article": ("article", "translation"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What an outsider reads in one place: of which answers, how many; None when it is hidden."""

    wanted: tuple[tuple[str, object], ...]
    number: int | None

    @property
    def vector(self) -> np.ndarray:
        """1 for each unknown that the number counts."""
        return _vector(self.wanted)


@cache
def _vector(wanted: tuple[tuple[str, object], ...]) -> np.ndarray:
    return np.array(
        [
            all(u[k] in (v if isinstance(v, frozenset) else {v}) for k, v in wanted)
            for u in UNKNOWNS
        ],
        dtype=float,
    )


def read(report: Report) -> Iterable[Known]:
    """Every number of a report, zeros of rows that are absent included."""
    filters = report.scope
    both = frozenset({State.COUNTED, State.POSSIBLE_DUPLICATE})

    def known(row: Row | None, **wanted: object) -> Known:
        if filters.language is not None:
            wanted["language"] = filters.language
        with_duplicates = filters.include_possible_duplicates and not (
            row is not None and row.duplicates_left_out
        )
        wanted["state"] = both if with_duplicates else State.COUNTED
        number = 0 if row is None else row.figures.counts.total if row.figures else None
        return Known(tuple(wanted.items()), number)

    yield known(
        Row(
            key=(),
            figures=report.figures,
            hidden=report.hidden,
            duplicates_left_out=report.duplicates_left_out,
        )
    )
    for family, dimensions in FAMILIES.items():
        rows = {row.key: row for row in getattr(report, family)}
        for key in product(*(VALUES[d] for d in dimensions)):
            wanted = dict(zip(dimensions, key, strict=True))
            if filters.language in (None, wanted.get("language", filters.language)):
                yield known(rows.get(key), **wanted)
    versions = {row.key[1]: row for row in report.by_engine}
    for version in VALUES["engine_version"]:
        machine = {"engine_version": version, "translation": Translation.MACHINE}
        yield known(versions.get(version), **machine)
    for step in report.trend:
        yield known(step.row, day=step.first)
    for text in report.triage:
        wanted = {"language": text.language, "translation": Translation.MACHINE}
        row = Row(
            key=(),
            figures=Figures.of(Counts((text.answers, 0, 0, 0, 0))),
            duplicates_left_out=text.duplicates_left_out,
        )
        yield known(row, article=text.article, **wanted)


def of_the_machine_text_only(a: Answers) -> Answers:
    """Only a machine translation has a version of its package."""
    return a if a.translation is Translation.MACHINE else replace(a, engine_version="1")


def all_reports(session: Session) -> Iterable[Report]:
    """The reports of every language and of both positions of the switch."""
    for language, duplicates in product((None, "en", "fr", "ar"), (False, True)):
        filters = Filters(
            start=DAY, end=LAST, language=language, include_possible_duplicates=duplicates
        )
        yield build_report(session, filters, minimum_cell=MINIMUM)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(groups.map(of_the_machine_text_only), min_size=1, max_size=14))
def test_no_subtraction_brings_a_hidden_row_back(base: list[Answers]) -> None:
    """Whatever is added or subtracted over all filters, a row below the minimum stays unknown.

    The numbers read are a linear system over everything an answer can be, without what a shown
    zero rules out; a hidden row is known when it is the same in all solutions. What is the total
    itself, which is always shown, does not count as found out.
    """
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.scope() as session:
        put(session, base)
        known = [k for report in all_reports(session) for k in read(report)]
    database.close()
    shown = np.array([k.vector for k in known if k.number is not None])
    values = np.array([k.number for k in known if k.number is not None])
    possible = np.ones(len(UNKNOWNS), dtype=bool)
    for row in shown[values == 0]:
        possible &= row == 0
    for row, on in zip(shown, values, strict=True):
        for other in np.flatnonzero(values == on):
            # Two equal numbers, one of which counts more: what it counts besides is zero.
            besides = row - shown[other]
            if besides.min() >= 0:
                possible &= besides == 0
    truth = np.array([sum(a.number for a in base if fits(u, a)) for u in UNKNOWNS])
    assert (shown @ truth == values).all()
    assert not truth[~possible].any()
    free = null_space(np.unique(shown[:, possible], axis=0)) if possible.any() else np.zeros((0, 0))
    total = Known((("state", State.COUNTED),), None).vector
    for k in known:
        vector = k.vector
        size = vector @ (truth * total)
        if k.number is None and 0 < size < MINIMUM and size < truth @ total:
            assert np.abs((vector * total)[possible] @ free).max(initial=0.0) > 1e-9, k


def fits(unknown: dict[str, object], a: Answers) -> bool:
    return all(getattr(a, k) == v for k, v in unknown.items())


def test_the_second_smallest_row_goes_with_a_small_one(sqlite: Database) -> None:
    """Four Arabic answers are hidden, and the French ones with them; the total is shown."""
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=50, language="en"),
                Answers(rating=4, number=30, language="fr"),
                Answers(rating=1, number=4, language="ar"),
            ],
        )
        report = build_report(session, Filters(start=DAY, end=DAY), minimum_cell=10)
        arabic = build_report(session, Filters(start=DAY, end=DAY, language="ar"), minimum_cell=10)
    assert report.figures is not None
    assert report.figures.counts.levels == (4, 0, 0, 30, 50)
    hidden = {row.key[0]: row.hidden for row in report.by_language}
    assert hidden == {"en": None, "fr": Reason.PARTNER, "ar": Reason.FEW}
    assert arabic.figures is None
    assert arabic.hidden is Reason.FEW
    assert arabic.trend[0].row.figures is None


def test_few_duplicates_are_not_told_by_the_switch(sqlite: Database) -> None:
    """A row with three possible duplicates counts without them, and says so; the total has them."""
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=50, language="en"),
                Answers(rating=4, number=30, language="fr"),
                Answers(rating=1, number=3, language="fr", state=State.POSSIBLE_DUPLICATE),
                Answers(rating=1, number=20, language="en", state=State.POSSIBLE_DUPLICATE),
            ],
        )
        filters = Filters(start=DAY, end=DAY, include_possible_duplicates=True)
        report = build_report(session, filters, minimum_cell=10)
    assert report.figures is not None
    assert report.figures.counts.total == 103
    english, french = report.by_language
    assert (english.duplicates_left_out, french.duplicates_left_out) == (True, True)
    assert french.figures is not None
    assert french.figures.counts.total == 30


def test_a_comment_beside_a_hidden_row_is_not_listed(sqlite: Database) -> None:
    """It says its language, its kind of text and its level; French as such is shown."""
    machine = Translation.MACHINE
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=4, number=50),
                Answers(rating=4, number=40, language="fr"),
                Answers(rating=4, number=30, language="ar"),
                Answers(rating=4, number=30, language="ar", translation=machine),
                Answers(rating=2, number=3, language="fr", translation=machine, comment="Who, me?"),
                Answers(rating=5, comment="Clear."),
            ],
        )
        report = build_report(session, Filters(start=DAY, end=DAY), minimum_cell=10)
    shown = {row.key: row.figures is not None for row in report.by_language_and_translation}
    assert not shown["fr", machine]
    assert next(row for row in report.by_language if row.key == ("fr",)).figures
    assert [c.text for c in report.comments] == ["Clear."]


@given(
    st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 4)), st.integers(1, 30), min_size=1)
)
def test_a_table_keeps_its_small_cells(cells: dict[tuple[int, int], int]) -> None:
    """One table with all margins: no small cell lies in the span of what is shown."""
    table = two_way(cells, lambda row, column: (row, column))
    total = ("*", "*")
    hidden = protect([table], minimum=MINIMUM, always_shown=frozenset({total}))
    index = {cell: i for i, cell in enumerate(sorted(cells))}

    def covers(name: tuple[object, object]) -> np.ndarray:
        return np.array(
            [all(n in ("*", c) for n, c in zip(name, cell, strict=True)) for cell in index]
        )

    names = [e.name for e in table.edges]
    shown = np.array([covers(n) for n in names if n not in hidden], dtype=float)
    rank = np.linalg.matrix_rank(shown)
    everything = covers(total)
    for edge in table.edges:
        if edge.answers < MINIMUM and not (covers(edge.name) == everything).all():
            wider = np.vstack([shown, covers(edge.name)])
            assert np.linalg.matrix_rank(wider) > rank


@pytest.mark.parametrize("answers", [0, 10, 1_000])
def test_enough_answers_hide_nothing(answers: int) -> None:
    """Rows of the minimum and more are all shown."""
    cells = {(r, c): answers for r in range(3) for c in range(3)}
    table = two_way(cells, lambda row, column: (row, column))
    assert protect([table], minimum=10, always_shown=frozenset({("*", "*")})) == {}
