"""Splitting, masking and checking keep every character and never fail, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.checks import Flag, check, numbers
from translate.languages import direction, from_wire, is_code, to_wire
from translate.sentences.mask import is_complete, mask, merge, protected, unmask
from translate.text import (
    LONGEST_SENTENCE,
    is_capitals,
    join,
    paragraphs,
    rewrapped,
    split,
    unwrapped,
)

# Any character, and often those that rules hang on; lone surrogates and NUL among them.
TRICKY = st.sampled_from(list(' .!?\n\r\t"“”()«»M.d1-؟۔،0129,@#_/{}{}:;é\u2028\ud800\0👋\u200d'))
ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), TRICKY), max_size=400)
LANGUAGES = st.sampled_from(["en", "fr", "ar", "zh", "xx", ""])


def sentences(text: str, language: str) -> list[str]:
    return [piece.text for piece in split(text, language) if piece.sentence]


@given(ANY_TEXT, LANGUAGES)
def test_joining_what_was_split_gives_the_text_back(text: str, language: str) -> None:
    assert join(split(text, language)) == text


@given(ANY_TEXT, LANGUAGES)
def test_no_sentence_holds_a_line_end_or_begins_with_space(text: str, language: str) -> None:
    for sentence in sentences(text, language):
        assert sentence == sentence.strip()
        assert not set(unwrapped(sentence)) & set("\n\r\v\f\x85\u2028\u2029")
    for piece in split(text, language, unwrap=False):
        assert not piece.sentence or piece.text == unwrapped(piece.text)


WRAPPED = (
    "The harbour master reads the lists of the ships in the\n"
    "evening, when the last of them has come in and the gates\r\n"
    "are closed. He signs each one.\n"
)


def test_a_sentence_goes_on_over_wrapped_lines() -> None:
    assert [unwrapped(s) for s in sentences(WRAPPED, "en")] == [
        "The harbour master reads the lists of the ships in the evening, when the last of them "
        "has come in and the gates are closed.",
        "He signs each one.",
    ]
    assert join(split(WRAPPED, "en")) == WRAPPED


@pytest.mark.parametrize(
    "text",
    [
        "A heading without full stop that is as long as any line\nThe text begins.",
        "- one item of a list that goes on to the very end of it\n- two",
        "short\nline",
        "A full sentence that ends where the line of text ends.\nanother",
        "A line whose next one is empty and so cannot go on in it\n\nand so on",
    ],
)
def test_other_line_ends_part_sentences(text: str) -> None:
    assert all("\n" not in s for s in sentences(text, "en"))


@given(st.text(alphabet="ab ", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_wrapping_again_gives_as_many_lines_and_the_same_words(
    translation: str, sentence: str
) -> None:
    out = rewrapped(translation, sentence)

    assert out.count("\n") == sentence.count("\n")
    assert out.split() == translation.split()


@given(ANY_TEXT)
def test_masking_is_reversible(text: str) -> None:
    masked = mask(text, protected(text))

    assert is_complete(masked.text, masked.kept)
    assert unmask(masked.text, masked.kept) == text
    assert len(masked.between) == len(masked.kept) + 1


@given(ANY_TEXT, ANY_TEXT, LANGUAGES, LANGUAGES)
def test_no_check_ever_raises(source: str, target: str, a: str, b: str) -> None:
    assert check(source, target, a, b, ["a", ""]) <= set(Flag)


@given(ANY_TEXT)
def test_a_text_agrees_with_itself(text: str) -> None:
    flags = check(text, text, "en", "en")

    assert not flags & {Flag.NUMBER, Flag.ADDRESS, Flag.REPETITION, Flag.COPIED, Flag.LENGTH}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "She met Ms. Vale. He left.", ["She met Ms. Vale.", "He left."]),
        ("en", "See No. 5 of it. No. He left.", ["See No. 5 of it.", "No.", "He left."]),
        ("en", "Dr. Ada B. Stone spoke.", ["Dr. Ada B. Stone spoke."]),
        ("en", "So do I. Then it rained.", ["So do I.", "Then it rained."]),
        ("fr", "M. Dupin est là. Il lit.", ["M. Dupin est là.", "Il lit."]),
        ("fr", "Le Dr. Karim a dit oui. Bien.", ["Le Dr. Karim a dit oui.", "Bien."]),
        ("ar", "قال د. سالم ذلك. هل صحيح؟ نعم!", ["قال د. سالم ذلك.", "هل صحيح؟", "نعم!"]),
    ],
)
def test_abbreviations_end_no_sentence(language: str, text: str, expected: list[str]) -> None:
    assert sentences(text, language) == expected


def test_bullets_numbers_and_emoji_around_a_sentence_are_layout() -> None:
    text = "  - First point.\n\n12. Second point. 👋\n\t(3) 2026\n• \n"

    assert sentences(text, "en") == ["First point.", "Second point."]


def test_a_sentence_past_the_limit_is_cut_at_a_pause() -> None:
    text = "and then the wind turned, " * 100

    cut = sentences(text, "en")

    assert len(cut) > 2
    assert all(len(s) <= LONGEST_SENTENCE and s.endswith(",") for s in cut)


def test_one_endless_word_is_one_piece_and_protected() -> None:
    word = "a" * 50_000

    assert sentences(word, "en") == [word]
    assert mask(word, protected(word)).text == "{0}"


def test_paragraphs_are_the_lines_with_text() -> None:
    assert paragraphs(" a \r\n\r\n\n b\u2028c") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("MINISTER OPENS PORT", True),
        ("UNESCO", False),
        ("Minister opens PORT", False),
        ("افتتاح الميناء", False),
    ],
)
def test_headlines_in_capitals_are_recognised(text: str, capitals: bool) -> None:
    assert is_capitals(text) is capitals


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Write to press_office@example.org.", ("press_office@example.org",)),
        ("See https://x.org/a_b?c=1, please.", ("https://x.org/a_b?c=1",)),
        ("Norm ISO-9001 and A/RES/70/1 hold.", ("ISO-9001", "A/RES/70/1")),
        ("Version v2.0.1 of snake_case", ("v2.0.1", "snake_case")),
        ("Keep {0} and { 12 } here", ("{0}", "{ 12 }")),
        ("On 3 May 2026, 12.5% of 1,250 people", ()),
    ],
)
def test_addresses_codes_and_braces_are_protected(text: str, kept: tuple[str, ...]) -> None:
    assert mask(text, protected(text)).kept == kept


def test_overlapping_spans_are_merged_in_favour_of_the_first() -> None:
    one, two = protected("a@b.org")[0], protected("x_y")[0]

    assert merge([one], [two]) == [one]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,250,000 people", "1 250 000 personnes"),
        ("7.5 %", "7,5 %"),
        ("in 2026", "سنة ٢٠٢٦"),
        ("4,200 books", "4\u202f200 livres"),
        ("1,250.5", "1.250,50"),
    ],
)
def test_numbers_are_the_same_in_any_notation(one: str, other: str) -> None:
    assert numbers(one) == numbers(other)


@pytest.mark.parametrize(
    ("source", "target", "language", "flag"),
    [
        ("On 3 May 2026", "Le 4 mai 2026", "fr", Flag.NUMBER),
        ("See www.a.org/b_c today", "Voir www.a.org/b c", "fr", Flag.ADDRESS),
        ("It is a fine day", "la la la la la", "fr", Flag.REPETITION),
        ("It is a fine day", "a a a a", "fr", Flag.REPETITION),
        ("It is a fine day", "un A, a, a, a jour", "fr", Flag.REPETITION),
        ("It is a fine day", "oh du pays du pays du pays", "fr", Flag.REPETITION),
        ("It is a fine day", "aaaaaaaaaaaa", "fr", Flag.REPETITION),
        ("It is a fine day", "إنه في في في في", "ar", Flag.REPETITION),
        ("It is a fine day", "du pays et du pays et du pays et du", "fr", Flag.REPETITION),
        ("The ministers met", "Les ministres du port : ministres du port", "fr", Flag.REPETITION),
        ("It is a fine day", "It is a fine day", "fr", Flag.COPIED),
        ("It is a fine day in the port", "Oui", "fr", Flag.LENGTH),
        ("It is a fine day", "", "fr", Flag.LENGTH),
        ("It is a fine day", "- - - - -", "fr", Flag.LENGTH),
        ("Это русский текст про погоду", "à - - - - - - - - -", "fr", Flag.LENGTH),
        ("It is a fine day", "C'est une belle journée", "ar", Flag.SCRIPT),
        ("It is a fine day", "هذا يوم جميل جدا", "fr", Flag.SCRIPT),
        ("Это русский текст", "Un texte comme il faut", "fr", Flag.SCRIPT),
        ("Rabat", "Fès", "fr", Flag.TERM),
    ],
)
def test_each_check_finds_its_fault(source: str, target: str, language: str, flag: Flag) -> None:
    assert flag in check(source, target, "en", language, ["Rabat"])


def test_a_good_translation_has_no_flag() -> None:
    source = "The port of Rabat opened on 3 May 2026 with 1,250 guests."
    target = "Le port de Rabat a ouvert le 3 mai 2026 avec 1 250 invités."

    assert check(source, target, "en", "fr", ["Rabat"]) == set()


@pytest.mark.parametrize(
    "unit", ["a", "a@", "A1-", "1,", "1.1", "a_", "{", " ", "x ", "http://", "a.", "111 ", '(" ']
)
@pytest.mark.timeout(60)
def test_a_long_text_of_anything_is_no_hang(unit: str) -> None:
    """In proportion it is a second's work; a pattern that looks back would take minutes."""
    text = f"a{unit * 100_000}"[:100_000] + "b"

    split(text, "en")
    protected(text)
    check(text, text, "en", "ar")


def test_codes_are_accepted_as_clients_spell_them() -> None:
    assert [from_wire(c) for c in ("pt-br", "ZH-Hans", "EN", "fr")] == ["pb", "zh", "en", "fr"]
    regions = ("en-US", "fr_CA", "es-419", "zh-HK", "pt-PT", "zh-Hant-TW", "x-")
    assert [from_wire(c) for c in regions] == ["en", "fr", "es", "zt", "pt", "zh-hant-tw", "x-"]
    assert [to_wire(c) for c in ("pb", "zt", "ar")] == ["pt-BR", "zh-Hant", "ar"]
    assert direction("ar") == "rtl"
    assert direction("fr") == "ltr"
    assert not is_code("../en")
