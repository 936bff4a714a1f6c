"""What a comparison says of hidden rows is so coarse that no count can be worked out of it."""

from itertools import product

import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from reports.disclosure.rounding import coarse
from reports.service import build_report
from reports.summary import difference
from survey.db import Database
from survey.queries import Filters
from survey.ratings import State, Translation
from tests.answers import DAY, Answers, put

MINIMUM = 10


def test_the_width_of_an_interval_does_not_count_hidden_rows(sqlite: Database) -> None:
    """The French rows are hidden for the sake of four Arabic answers, and compared all the same.

    Trying every number of answers against the interval, its estimate, and the totals that are
    shown, leaves as many possibilities for the Arabic row as a hidden row has.
    """
    machine, original = Translation.MACHINE, Translation.ORIGINAL
    levels = {
        ("en", original): (5, 5, 20, 60, 50),
        ("fr", original): (3, 4, 6, 12, 9),
        ("fr", machine): (6, 4, 5, 9, 5),
        ("ar", original): (10, 10, 10, 30, 40),
        ("ar", machine): (1, 1, 0, 2, 0),
    }
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=level, number=number, language=language, translation=kind)
                for (language, kind), numbers in levels.items()
                for level, number in enumerate(numbers, 1)
                if number
            ],
        )
        report = build_report(session, Filters(start=DAY, end=DAY), minimum_cell=10)
    totals = {
        row.key[0]: row.figures.counts.total
        for row in (*report.by_language, *report.by_translation)
        if row.figures
    }
    assert (totals["fr"], totals[machine]) == (63, 33)
    told = report.comparison.by_language[0].contrast
    assert (told.answers_a, told.answers_b, told.p) == (None, None, None)
    assert told.needed % 100 == 0
    assert report.comparison.rounded
    unit = 0.1
    possible = set()
    for m in range(totals[machine] + 1):
        n = totals["fr"] - m
        for a, b in product(range(m + 1), range(n + 1)):
            gap = coarse(difference(a, m, b, n), unit)
            if gap == told.difference:
                possible.add(totals[machine] - m)
    assert set(range(1, MINIMUM)) <= possible


def test_two_answers_within_an_article_are_not_compared(sqlite: Database) -> None:
    """A satisfied reader of a translation and a dissatisfied one of its original stay unknown."""
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=4, number=50),
                Answers(rating=5, article="library", translation=Translation.MACHINE),
                Answers(rating=1, article="library"),
            ],
        )
        report = build_report(session, Filters(start=DAY, end=DAY), minimum_cell=10)
    assert report.comparison.within_articles.strata == 0
    assert report.comparison.within_articles.difference.value is None


def test_articles_whose_rows_are_all_shown_are_compared_exactly(sqlite: Database) -> None:
    """Against statsmodels; one article more whose rows are hidden, and the figures are rounded."""
    satisfied = {
        ("museum", True): (30, 25),
        ("library", True): (22, 31),
        ("museum", False): (41, 12),
    }
    satisfied[("library", False)] = (35, 14)
    kinds = {True: Translation.MACHINE, False: Translation.ORIGINAL}
    groups = [
        Answers(rating=rating, number=number, article=article, translation=kinds[machine])
        for (article, machine), numbers in satisfied.items()
        for rating, number in zip((4, 2), numbers, strict=True)
    ]
    few = [
        Answers(rating=5, number=4, article="school", translation=kind) for kind in kinds.values()
    ]
    period = Filters(start=DAY, end=DAY)
    with sqlite.scope() as session:
        put(session, groups)
        before = build_report(session, period, minimum_cell=10).comparison
        put(session, few)
        after = build_report(session, period, minimum_cell=10).comparison
    exact, rounded = before.within_articles, after.within_articles
    assert (before.rounded, after.rounded) == (False, True), "the report says when it rounds"
    expected = StratifiedTable(
        [[satisfied[name, True], satisfied[name, False]] for name in ("museum", "library")]
    )
    assert exact.p == pytest.approx(expected.test_null_odds(correction=False).pvalue)
    assert exact.odds_ratio.value == pytest.approx(expected.oddsratio_pooled)
    assert (rounded.strata, rounded.p, rounded.odds_ratio.value) == (3, None, None)
    assert rounded.difference.value in (-0.2, -0.3)


def test_an_adjusted_p_does_not_give_a_hidden_pair_away(sqlite: Database) -> None:
    """Of two p the larger one is the adjusted one of both: it would be the hidden pair's own."""
    machine, original = Translation.MACHINE, Translation.ORIGINAL
    numbers = {
        ("fr", machine): (41, 32),
        ("fr", original): (60, 23),
        ("fr", Translation.REVIEWED): (2, 2),
        ("ar", machine): (60, 40),
        ("ar", original): (75, 25),
    }
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=level, number=number, language=language, translation=kind)
                for (language, kind), pair in numbers.items()
                for level, number in zip((5, 1), pair, strict=True)
            ],
        )
        report = build_report(session, Filters(start=DAY, end=DAY), minimum_cell=10)
    hidden = {row.key for row in report.by_language_and_translation if row.figures is None}
    assert hidden & {("fr", machine), ("fr", original)}
    assert {c.language for c in report.comparison.by_language} == {"ar", "fr"}
    assert [c.contrast.adjusted_p for c in report.comparison.by_language] == [None, None]


def test_possible_duplicates_round_nothing_where_no_row_does_without_them(
    sqlite: Database,
) -> None:
    """Switching them in changes a comparison only by the answers that they are."""
    kinds = (Translation.MACHINE, Translation.ORIGINAL)
    counted = [
        Answers(rating=rating, number=number, article="museum", translation=kind)
        for kind, numbers in zip(kinds, ((30, 25), (41, 12)), strict=True)
        for rating, number in zip((4, 2), numbers, strict=True)
    ]
    few = Answers(rating=1, number=3, article="museum", state=State.POSSIBLE_DUPLICATE)
    period = Filters(start=DAY, end=DAY, include_possible_duplicates=True)
    with sqlite.scope() as session:
        put(session, counted)
        without = build_report(session, period, minimum_cell=10).comparison
        put(session, [few, Answers(rating=5, number=20, state=State.POSSIBLE_DUPLICATE)])
        with_few = build_report(session, period, minimum_cell=10).comparison
    assert (without.rounded, with_few.rounded) == (False, True)
    assert without.within_articles.p is not None
