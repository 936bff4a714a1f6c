"""Real packages through the real engine: nothing lost, nothing invented silently."""

from __future__ import annotations

import pytest

from tests.conftest import LAYOUT
from translate.checks import Flag
from translate.errors import UnknownLanguage
from translate.service import TranslationService

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("target", ["fr", "ar"])
def test_the_layout_of_the_text_is_kept_exactly(service: TranslationService, target: str) -> None:
    (result,) = service.translate([LAYOUT], "en", target)

    lines = result.text.split("\n")
    assert len(lines) == len(LAYOUT.split("\n"))
    assert lines[0].startswith("  ")
    assert lines[0].endswith("\r")
    assert lines[2].startswith("- ")
    assert lines[5] == "\t2026"
    assert result.text != LAYOUT


def test_segments_tell_where_each_sentence_went(service: TranslationService) -> None:
    (result,) = service.translate([LAYOUT], "en", "fr")

    assert [s.source for s in result.segments] == [
        "The Director-General received the delegation.",
        "The meeting was held in Rabat.",
        "It was attended by Dr. Salma B. Idrissi.",
        "THE MINISTER OPENS THE FORUM",
    ]
    for s in result.segments:
        assert LAYOUT[s.start : s.end] == s.source
        assert result.text[s.target_start : s.target_end] == s.target


def test_a_headline_in_capitals_comes_back_in_capitals(service: TranslationService) -> None:
    (result,) = service.translate(["THE MINISTER OPENS THE FORUM"], "en", "fr")

    assert result.text == result.text.upper()


@pytest.mark.parametrize("text", ["", "\n \n", "2026", "👋👋", "?!", "https://a.example/b_c", "\0"])
def test_what_holds_no_language_comes_back_as_it_is(service: TranslationService, text: str) -> None:
    (result,) = service.translate([text], "en", "fr")

    assert result.text == text


def test_the_same_language_is_no_translation(service: TranslationService) -> None:
    (result,) = service.translate([LAYOUT], "en", "en")

    assert (result.text, result.packages) == (LAYOUT, ())


def test_addresses_survive_even_a_weak_model(service: TranslationService) -> None:
    """The starter model loses placeholders; the sentence is then translated around them."""
    text = "Please write to press_office@example.org or see https://example.org/a_b?c=1."

    (result,) = service.translate([text], "en", "fr")

    assert "press_office@example.org" in result.text
    assert "https://example.org/a_b?c=1" in result.text
    assert Flag.ADDRESS not in result.flags


def test_unknown_languages_are_refused(service: TranslationService) -> None:
    with pytest.raises(UnknownLanguage):
        service.translate(["a"], "zz", "fr")


def test_alternatives_differ_and_begin_with_the_translation(service: TranslationService) -> None:
    text = "The meeting was held in Rabat. The experts left."

    found = service.alternatives(text, "en", "fr", 3)

    assert 1 < len(found) <= 3
    assert len(set(found)) == len(found)
