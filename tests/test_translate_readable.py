"""What a model cannot read does not reach it, and what must come back does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.checks import Flag, check
from translate.sentences.mask import foreign, protected
from translate.sentences.readable import readable
from translate.service import TranslationService


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("co\u00adope\u00adration", "cooperation"),
        ("\u200ethe \u202bend\u202c\u200b", "the end"),
        ("2025\u20112026", "2025-2026"),
        ("The plan\u2014begun in May\u2014ends", "The plan \u2014 begun in May \u2014 ends"),
        ("a \u2014 b", "a \u2014 b"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(text: str, plain: str) -> None:
    assert readable(text) == plain


@given(st.text(alphabet="ab \u00ad\u200b\u2011\u2014", max_size=30))
def test_with_tags_no_word_is_added(text: str) -> None:
    assert len(readable(text, words_must_agree=True).split()) <= len(text.split())


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The show “حوار الحضارات” opened.", "en", ["حوار الحضارات"]),
        ("The words мир and 和平 mean peace.", "en", ["мир", "和平"]),
        ("عقدت شركة Microsoft اجتماعا", "ar", []),
        ("كلمة мир تعني السلام", "ar", ["мир"]),
        ("Слово мир", "ru", []),
        ("L'été à Fès — déjà", "fr", []),
    ],
)
def test_words_in_a_script_of_another_language_are_protected(
    text: str, language: str, found: list[str]
) -> None:
    assert [s.replacement for s in foreign(text, language)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello {name}, {{ count }} of %(total)d", ["{name}", "{{ count }}", "%(total)d"]),
        ("Dear ${FIRST_NAME}: %s, %1$s and %d.", ["${FIRST_NAME}", "%s", "%1$s", "%d"]),
        ("{user.name!r} {0} {total:.2f}", ["{user.name!r}", "{0}", "{total:.2f}"]),
        # No variables.
        ("50%discount, 100% sure, a {set, of} things", []),
    ],
)
def test_what_a_program_fills_in_is_protected(text: str, found: list[str]) -> None:
    assert [s.replacement for s in protected(text)] == found


@pytest.mark.parametrize(
    ("source", "target", "language", "wrong"),
    [
        ("It cost €4,500.", "Il a coûté 4 500 $.", "fr", True),
        ("It cost €4,500.", "Il a coûté 4 500 euros.", "fr", False),
        ("A grant of $2 million", "منحة قدرها 2 مليون", "ar", True),
        ("A grant of $2 million", "منحة قدرها 2 مليون دولار", "ar", False),
        ("25% of schools", "25 des écoles", "fr", True),
        ("25% of schools", "25 في المئة من المدارس", "ar", False),
        ("25 % des écoles", "25 percent of schools", "en", False),
        # A sign without a number is none of these.
        ("the letter $ here", "la lettre ici", "fr", False),
    ],
)
def test_money_and_percents_stay_what_they_are(
    source: str, target: str, language: str, wrong: bool
) -> None:
    assert (Flag.NUMBER in check(source, target, "en", language)) is wrong


@pytest.mark.slow
@pytest.mark.parametrize("target", ["fr", "ar"])
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The exhibition “حوار الحضارات” opened in Rabat.", ["حوار الحضارات"]),
        ("The Russian word мир means peace.", ["мир"]),
        ("Hello {name}, you have {count} new messages.", ["{name}", "{count}"]),
        ("Dear ${FIRST_NAME}, the %(what)s is ready.", ["${FIRST_NAME}", "%(what)s"]),
    ],
)
def test_nothing_of_this_is_lost_on_the_way(
    service: TranslationService, target: str, text: str, kept: list[str]
) -> None:
    (done,) = service.translate([text], "en", target)
    assert all(k in done.text for k in kept), done.text


@pytest.mark.slow
@pytest.mark.parametrize("target", ["fr", "ar"])
def test_soft_hyphens_and_marks_of_direction_change_nothing(
    service: TranslationService, target: str
) -> None:
    plain = "The two sides discussed cooperation."
    dressed = "The two\u200b sides dis\u00adcussed co\u00adoperation\u200f."
    first, second = service.translate([plain, dressed], "en", target)
    assert first.text == second.text
