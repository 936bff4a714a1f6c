"""A report's sentences and numbers in three languages."""

from __future__ import annotations

import re

from babel.numbers import parse_decimal

from reports.texts import LANGUAGES, Texts


def test_texts_exist_in_every_language_with_the_same_blanks() -> None:
    """Every sentence is there three times, with the same values to put in."""
    from reports.texts import _tables

    tables = _tables()
    blanks = re.compile(r"\{(\w+)\}")
    for key, english in tables["en"].items():
        for language in LANGUAGES:
            text = tables[language][key]
            assert text.strip()
            assert sorted(set(blanks.findall(text))) == sorted(set(blanks.findall(english))), key
    assert {frozenset(t) for t in tables.values()} == {frozenset(tables["en"])}


def test_a_number_of_things_stands_after_their_name_so_that_one_is_right_too() -> None:
    """Percentage points have decimals, and of days there are at least seven."""
    from reports.texts import _tables

    for language in ("en", "fr"):
        for key, text in _tables()[language].items():
            if key not in ("points", "last_days"):
                assert not re.search(r"\{n\}\s+\w", text), (language, key)


def test_numbers_are_written_as_the_language_writes_them() -> None:
    """Groups, decimals, percent signs and minus signs."""
    assert Texts("en").percent(0.6234, 1) == "62.3%"
    assert Texts("fr").percent(0.6234, 1) == "62,3\u202f%".replace("\u202f", "\xa0")
    assert Texts("fr").decimal(3.456) == "3,46"
    assert parse_decimal(Texts("fr").count(12_345), locale="fr") == 12_345
    assert Texts("en").points(-0.0512) == "−5.1 points"
    assert Texts("en").points(0.0001) == "0.0 points"
    assert Texts("ar").percent(0.5) == "\u206650%\u2069"
    assert Texts("en").p(0.0001) == "< 0.001"
