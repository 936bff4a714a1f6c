"""The report counts what it says it counts, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.findings import change, sentences
from reports.periods import steps, unit_of
from reports.report import Basis, Unit
from reports.service import BadPeriod, build_report
from reports.summary import Verdict
from reports.texts import LANGUAGES, Texts
from survey.db import Database
from survey.queries import Filters
from survey.ratings import Channel, State, Translation
from tests.answers import DAY, Answers, put, put_views

MACHINE, ORIGINAL = Translation.MACHINE, Translation.ORIGINAL


def test_a_report_counts_the_period_and_nothing_else(database: Database) -> None:
    """First and last day are in, the days beside them, spam and withdrawn answers are not."""
    last = DAY + timedelta(days=9)
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=20, day=DAY),
                Answers(rating=1, number=15, day=last),
                Answers(rating=3, number=30, day=DAY - timedelta(days=1)),
                Answers(rating=3, number=30, day=last + timedelta(days=1)),
                Answers(rating=2, number=5, day=DAY, state=State.SPAM),
                Answers(rating=2, number=5, day=DAY, state=State.WITHDRAWN),
            ],
        )
        put_views(session, 200, day=DAY)
        put_views(session, 150, day=last)
        put_views(session, 999, day=last + timedelta(days=1))
        report = build_report(session, Filters(start=DAY, end=last))
    assert report.figures is not None
    assert report.figures.counts.levels == (15, 0, 0, 0, 20)
    assert report.views == 350
    assert report.response_rate == pytest.approx(0.1)
    assert [s.row.figures.counts.total for s in report.trend if s.row.figures] == [
        20, 0, 0, 0, 0, 0, 0, 0, 0, 15,
    ]  # fmt: skip
    assert report.generated_from.last_answer is not None
    assert report.generated_from.last_answer.date() == last


def test_breakdowns_add_up_to_the_total(database: Database) -> None:
    """By language, kind of text, both, channel, article and time: each sums to all answers."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(
                    rating=rating,
                    number=10 + rating,
                    language=language,
                    translation=translation,
                    article=article,
                    channel=channel,
                    day=day,
                )
                for language, translation, article, channel, day in [
                    ("en", ORIGINAL, "library", Channel.PAGE, DAY),
                    ("fr", MACHINE, "library", Channel.EMBED, DAY),
                    ("ar", MACHINE, "", Channel.PAGE, DAY + timedelta(days=40)),
                    ("ar", Translation.REVIEWED, "museum", Channel.API, DAY + timedelta(days=70)),
                ]
                for rating in (1, 3, 5)
            ],
        )
        report = build_report(session, Filters())
    assert report.figures is not None
    total = report.figures.counts
    assert report.unit is Unit.WEEK
    tables = [
        report.by_language,
        report.by_translation,
        report.by_language_and_translation,
        report.by_channel,
        report.by_article,
        tuple(s.row for s in report.trend),
    ]
    for rows in tables:
        levels = [r.figures.counts.levels for r in rows if r.figures]
        assert tuple(map(sum, zip(*levels, strict=True))) == total.levels


def test_nobody_answered(database: Database) -> None:
    """An empty database, with and without days: zeros, no estimate, no verdict."""
    with database.scope() as session:
        for filters in (Filters(), Filters(start=DAY), Filters(end=DAY), Filters(language="ar")):
            report = build_report(session, filters)
            assert report.empty
            assert report.figures is not None
            assert report.figures.mean.value is None
            assert report.response_rate is None
            assert report.comparison.verdict is Verdict.TOO_FEW
            assert report.comparison.needed > 0
            for language in LANGUAGES:
                assert all(sentences(report, Texts(language)))


def test_a_period_turned_round_is_refused(sqlite: Database) -> None:
    """The message names both days."""
    filters = Filters(start=DAY, end=DAY - timedelta(days=1))
    with sqlite.scope() as session, pytest.raises(BadPeriod, match="2026-03-01, before"):
        build_report(session, filters)


def test_versions_of_the_question_are_never_added_up(database: Database) -> None:
    """After a change of wording only the newest version of each language counts, and it is said."""
    later = DAY + timedelta(days=5)
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=1, number=40, question="old", day=DAY),
                Answers(rating=5, number=30, question="new", day=later),
                Answers(rating=4, number=25, question="fr", asked_in="fr", language="fr", day=DAY),
            ],
        )
        both = build_report(session, Filters())
        before = build_report(session, Filters(start=DAY, end=DAY))
    assert both.figures is not None
    assert both.figures.counts.levels == (0, 0, 0, 25, 30)
    assert both.versions_left_out
    assert {w.text: w.covered for w in both.wording} == {"old": False, "new": True, "fr": True}
    assert before.figures is not None
    assert before.figures.counts.levels == (40, 0, 0, 25, 0)
    assert not before.versions_left_out


def compared(database: Database, *groups: Answers) -> object:
    with database.scope() as session:
        put(session, groups)
        return build_report(session, Filters()).comparison


def test_a_clear_difference_within_a_language_is_said(sqlite: Database) -> None:
    """80 % of 100 against 40 % of 100 in French: clear, within languages."""
    found = compared(
        sqlite,
        Answers(rating=5, number=80, language="fr", translation=ORIGINAL),
        Answers(rating=1, number=20, language="fr", translation=ORIGINAL),
        Answers(rating=5, number=40, language="fr", translation=MACHINE),
        Answers(rating=1, number=60, language="fr", translation=MACHINE),
    )
    assert found.verdict is Verdict.CLEAR
    assert found.basis is Basis.WITHIN_LANGUAGES
    assert found.plain.difference.value == pytest.approx(-0.4)
    assert found.within_languages.difference.value == pytest.approx(-0.4)
    assert [c.language for c in found.by_language] == ["fr"]
    assert not found.disagree


def test_languages_are_not_taken_for_translations(sqlite: Database) -> None:
    """Equal within each language, but unequal languages: no clear difference."""
    shares = {("en", ORIGINAL): (270, 30), ("en", MACHINE): (90, 10)}
    shares |= {("ar", ORIGINAL): (40, 60), ("ar", MACHINE): (120, 180)}
    groups = []
    for (language, translation), (good, bad) in shares.items():
        same = {"language": language, "translation": translation}
        groups += [Answers(rating=5, number=good, **same), Answers(rating=1, number=bad, **same)]
    found = compared(sqlite, *groups)
    assert found.plain.verdict is Verdict.CLEAR
    assert found.within_languages.difference.value == pytest.approx(0, abs=1e-9)
    assert found.verdict is Verdict.NOT_CLEAR
    assert found.disagree


def test_without_a_common_language_the_doubt_is_said(sqlite: Database) -> None:
    """English originals against Arabic translations: the plain difference, with its caveat."""
    found = compared(
        sqlite,
        Answers(rating=5, number=80),
        Answers(rating=1, number=20),
        Answers(rating=5, number=40, language="ar", translation=MACHINE),
        Answers(rating=1, number=60, language="ar", translation=MACHINE),
    )
    assert found.basis is Basis.PLAIN
    assert found.verdict is Verdict.CLEAR
    assert found.by_language == ()


def test_a_few_other_answers_do_not_take_the_comparison_away(sqlite: Database) -> None:
    """Five third-party answers hide a large row with them: compared still, coarsely, uncounted."""
    groups = [
        Answers(rating=rating, number=number, language="ar", translation=kind)
        for kind, good, bad in ((ORIGINAL, 83, 20), (MACHINE, 41, 60))
        for rating, number in ((5, good), (1, bad))
    ]
    groups.append(Answers(rating=3, number=5, language="ar", translation=Translation.THIRD_PARTY))
    with sqlite.scope() as session:
        put(session, groups)
        report = build_report(session, Filters())
    assert any(
        row.figures is None
        for row in report.by_language_and_translation
        if row.key[1] != "third_party"
    )
    found = report.comparison
    assert found.basis is Basis.WITHIN_LANGUAGES
    assert found.verdict is Verdict.CLEAR
    (arabic,) = found.by_language
    assert arabic.contrast.answers_a is None
    assert arabic.contrast.difference.value == round(41 / 101 - 83 / 103, 3)


def test_articles_are_strata_too(sqlite: Database) -> None:
    """The same article read as original and as translation is compared with itself."""
    groups = [
        Answers(rating=rating, number=number, article=article, language=code, translation=kind)
        for article, good in (("library", 30), ("museum", 15))
        for code, kind in (("en", ORIGINAL), ("ar", MACHINE))
        for rating, number in ((5, good), (2, 40 - good))
    ]
    found = compared(sqlite, *groups)
    assert found.within_articles.strata == 2
    assert found.within_articles.difference.value == pytest.approx(0, abs=1e-9)


def test_triage_leads_with_the_texts_that_leave_most_readers_dissatisfied(
    sqlite: Database,
) -> None:
    """Many dissatisfied readers come before few, and one unlucky text does not lead."""
    groups = [
        Answers(rating=1, number=60, language="ar", translation=MACHINE, article="much-read"),
        Answers(rating=5, number=60, language="ar", translation=MACHINE, article="much-read"),
        Answers(rating=1, number=10, language="ar", translation=MACHINE, article="unlucky"),
        Answers(rating=5, number=90, language="fr", translation=MACHINE, article="liked"),
        Answers(rating=1, number=90, article="an-original"),
    ]
    with sqlite.scope() as session:
        put(session, groups)
        report = build_report(session, Filters())
    neediest = report.triage[0]
    assert (neediest.article, neediest.language) == ("much-read", "ar")
    assert "an-original" not in {t.article for t in report.triage}
    by_article = {t.article: t for t in report.triage}
    assert by_article["much-read"].need > by_article["unlucky"].need
    assert 0.5 < by_article["unlucky"].rate < 1


def test_versions_of_a_package_are_compared_with_the_one_before(sqlite: Database) -> None:
    """After an upgrade: newer minus older, each engine by itself."""
    groups = [
        Answers(
            rating=rating,
            number=number,
            language="ar",
            translation=MACHINE,
            engine="argos-en-ar",
            engine_version=version,
            day=day,
        )
        for version, day, good in (("1.9", DAY, 30), ("1.10", DAY + timedelta(days=1), 80))
        for rating, number in ((5, good), (1, 100 - good))
    ]
    with sqlite.scope() as session:
        put(session, groups)
        report = build_report(session, Filters())
    (change,) = report.engine_changes
    assert (change.engine, change.before, change.after) == ("argos-en-ar", "1.9", "1.10")
    assert change.contrast.difference.value == pytest.approx(0.5)
    assert change.contrast.verdict is Verdict.CLEAR


def test_the_change_from_the_period_before_is_said_or_called_noise(sqlite: Database) -> None:
    """Ten days against the ten before them: a fall is clear, a ripple is not, and none is none."""
    start, end = DAY + timedelta(days=10), DAY + timedelta(days=19)
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=rating, number=number, language=language, day=day)
                for language, day, good in [
                    ("en", DAY, 160),
                    ("en", start, 80),
                    ("fr", DAY + timedelta(days=3), 100),
                    ("fr", end, 102),
                ]
                for rating, number in ((5, good), (1, 200 - good))
            ],
        )
        english = build_report(session, Filters(start=start, end=end, language="en"))
        french = build_report(session, Filters(start=start, end=end, language="fr"))
        first = build_report(session, Filters(start=DAY, end=end))
    assert english.change is not None
    assert (english.change.first, english.change.last) == (DAY, start - timedelta(days=1))
    assert english.change.contrast.difference.value == pytest.approx(-0.4)
    assert english.change.contrast.verdict is Verdict.CLEAR
    assert french.change is not None
    assert french.change.contrast.verdict is Verdict.NOT_CLEAR
    assert first.change is None
    for language in LANGUAGES:
        said = change(english, Texts(language))
        assert Texts(language).points(0.4, signed=False) in said
        assert change(french, Texts(language)) != said
        assert change(first, Texts(language)) == ""


def test_comments_are_listed_only_where_enough_answered(database: Database) -> None:
    """Of shown languages, newest first; never of hidden ones, of spam, or of another language."""
    with database.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=40),
                Answers(rating=4, comment="Well said"),
                Answers(rating=3, comment="Later", day=DAY + timedelta(days=1)),
                Answers(rating=1, comment="Buy this", state=State.SPAM),
                Answers(rating=5, number=30, language="fr", comment="Partner of the hidden"),
                Answers(rating=1, number=3, language="ar", comment="One of three"),
            ],
        )
        report = build_report(session, Filters())
        arabic = build_report(session, Filters(language="ar"))
        english = build_report(session, Filters(language="en"))
    assert [c.text for c in report.comments] == ["Later", "Well said"]
    assert arabic.comments == ()
    assert {c.text for c in english.comments} == {"Later", "Well said"}


def test_ten_thousand_articles_are_the_largest_and_others(sqlite: Database) -> None:
    """The breakdown stays readable, and its rest is counted together."""
    groups = [Answers(rating=5, number=20 + n, article=f"article-{n}") for n in range(60)]
    with sqlite.scope() as session:
        put(session, groups)
        report = build_report(session, Filters())
    assert len(report.by_article) == 51
    assert report.by_article[-1].key[0] == ""
    sizes = [r.figures.counts.total for r in report.by_article[:-1] if r.figures]
    assert sizes == sorted(sizes, reverse=True)
    assert report.figures is not None
    assert sum(r.figures.counts.total for r in report.by_article if r.figures) == (
        report.figures.counts.total
    )


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 3_000))
def test_steps_cover_the_period_without_gap_or_overlap(first: date, days: int) -> None:
    """Whatever the period: the first begins with it, the last ends with it, each follows on."""
    last = first + timedelta(days=days)
    cut = steps(first, last, unit_of(first, last))
    assert cut[0][0] == first
    assert cut[-1][1] == last
    for (_, end), (begin, _) in pairwise(cut):
        assert begin == end + timedelta(days=1)
    assert all(begin <= end for begin, end in cut)
