"""The rating: what is a valid answer, what is cleaned from a comment, and the shipped wording."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.ratings import (
    COMMENT_LIMIT,
    CommentTooLong,
    Rating,
    RatingMissing,
    RatingOutOfScale,
    clean_comment,
    digest,
    read_wording,
)


@pytest.mark.parametrize("level", ["0", "6", "5; DROP", "1000000000", "-1", "1.0", "٣", "５", "on"])
def test_anything_but_one_digit_from_1_to_5_is_refused(level: str) -> None:
    """Not even other scripts' digits pass: what is stored is what was offered."""
    with pytest.raises(RatingOutOfScale):
        Rating.parse(level, "")


@pytest.mark.parametrize("level", [None, "", "   "])
def test_nothing_chosen_is_its_own_error(level: str | None) -> None:
    """A visitor who chose nothing is told so, not that the value is wrong."""
    with pytest.raises(RatingMissing):
        Rating.parse(level, "a comment")


def test_a_comment_of_the_limit_is_taken_and_one_more_character_is_not() -> None:
    """The limit counts characters, as the page says."""
    assert len(Rating.parse("3", "ب" * COMMENT_LIMIT).comment) == COMMENT_LIMIT
    with pytest.raises(CommentTooLong):
        Rating.parse("3", "ب" * (COMMENT_LIMIT + 1))


@given(st.text())
def test_a_cleaned_comment_has_no_control_characters_and_stays_clean(text: str) -> None:
    """Cleaning twice is cleaning once, and what is left can be stored anywhere."""
    cleaned = clean_comment(text)

    assert clean_comment(cleaned) == cleaned
    assert not set(cleaned) & {"\0", "\r", "\x1b", "\u202e", "\u2066"}
    cleaned.encode()


def test_of_all_characters_only_those_that_cannot_be_seen_and_do_harm_are_taken_out() -> None:
    """Controls, halves of characters and what overrides the direction: nothing else is lost."""
    every = [chr(n) for n in range(sys.maxunicode + 1)]
    harmful = {c for c in every if unicodedata.category(c) in ("Cc", "Cs")} - {"\t", "\n", "\r"}
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    harmful |= {c for c in every if unicodedata.bidirectional(c) in turning}
    assert {*every} - {*clean_comment(f"x{''.join(every)}x")} == harmful | {"\r"}


def test_line_breaks_and_arabic_marks_survive_cleaning() -> None:
    """Only what can deceive or break is taken out."""
    assert clean_comment("سطر أوّل\r\nline two\u200f") == "سطر أوّل\nline two\u200f"


def test_every_language_has_five_words_whose_ends_are_the_labels() -> None:
    """The words a screen reader hears at the ends are those that are printed there."""
    for wording in read_wording().values():
        assert wording.scale[0] == wording.low_label
        assert wording.scale[-1] == wording.high_label
        assert len(set(wording.scale)) == 5


# SHA-256 of the five words, one a line.
SCALES = {
    "en": "f848597238a141d49504499143d950298d26741e3bcb99b6d55455cf73cad19a",
    "fr": "d706f4c227b8b959db1a52a690adfc51a986f2be67391e7ab246f7718fd2e4bf",
    "ar": "21fed1265f4f388a6c41518fef209cac1e5860207d528177ea839d608c0cbe13",
}


def test_the_words_of_the_scale_are_those_that_every_answer_was_given_under() -> None:
    """No answer keeps them, so they must not change unseen: docs/reports.md, "The scale".

    Whoever changes them has to change the question too, so that its series begins anew.
    """
    found = {code: digest("\n".join(w.scale)) for code, w in read_wording().items()}
    assert found == SCALES


def test_the_disclaimer_names_provider_and_organisation_in_every_language() -> None:
    """No placeholder is left in what a reader sees."""
    for wording in read_wording().values():
        for provider, name in wording.providers.items():
            text = wording.disclaimer_text(provider, "the Institute")
            assert name in text
            assert "the Institute" in text
            assert "{" not in text
