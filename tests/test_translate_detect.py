"""The language of a text is found among the site's, or "none of them", with honest confidence."""

from __future__ import annotations

import tomllib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.detect import UNSURE, detect

SITE = ("en", "fr", "ar")
SAMPLES = Path(__file__).resolve().parent.parent / "translate" / "samples"


def texts(words: int) -> list[tuple[str, str]]:
    """The first words of each paragraph of the samples, with their language."""
    found = []
    for path in sorted(SAMPLES.glob("*.toml")):
        for language, text in tomllib.loads(path.read_text(encoding="utf-8"))["text"].items():
            for paragraph in [text["title"], *text["body"].strip().split("\n\n")]:
                found.append((" ".join(paragraph.split()[:words]), language))
    return found


@pytest.mark.parametrize(("words", "share"), [(2, 0.8), (3, 0.9), (5, 0.97), (10, 0.99)])
def test_short_texts_of_the_site_are_told_apart(words: int, share: float) -> None:
    samples = texts(words)

    right = sum(detect(text, SITE)[0].language == language for text, language in samples)

    assert right / len(samples) >= share


@pytest.mark.parametrize(
    "text",
    [
        "Der Minister eröffnete die Konferenz in Berlin und sprach mit den Experten.",
        "Il ministro ha aperto la conferenza con gli esperti della regione.",
        "El ministro inauguró la conferencia con los expertos de la región.",
        "O ministro abriu a conferência com os especialistas da região.",
        "De minister opende de conferentie met het oog op de toekomst van een regio.",
        "Министр открыл конференцию.",
        "大臣が会議を開いた。",
        "Bakan konferansı açtı ve bir konuşma yaptı.",
        "وزیر نے کانفرنس کا افتتاح کیا اور کہا کہ یہ بہت اہم ہے۔",
    ],
)
def test_other_languages_are_none_of_the_sites(text: str) -> None:
    assert detect(text, SITE)[0].language == ""


@pytest.mark.parametrize("text", ["", " ", "2026", "?!", "👋", "\0", "\ud800"])
def test_a_text_without_letters_has_no_language_and_no_confidence(text: str) -> None:
    (found,) = detect(text, SITE)

    assert (found.language, found.confidence) == ("", 0.0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Это предложение написано на русском языке.", "ru"),
        ("これは日本語の文です。", "ja"),
        ("이 문장은 한국어입니다.", "ko"),
        ("यह वाक्य हिन्दी में है।", "hi"),
    ],
)
def test_a_language_of_an_installed_package_is_known_by_its_letters(
    text: str, language: str
) -> None:
    found = detect(text, (*SITE, "ru", "zh", "ja", "ko", "hi"))[0]
    assert (found.language, found.confidence > UNSURE) == (language, True)


def test_letters_of_two_languages_are_no_sign_of_one_of_them() -> None:
    found = detect("Это предложение написано на русском языке.", ("en", "ru", "uk"))
    assert [d.confidence for d in found] == [50.0, 50.0]


def test_a_word_that_may_be_a_name_is_unsure() -> None:
    assert detect("Rabat", SITE)[0].confidence < UNSURE


def test_a_mixed_text_has_both_languages() -> None:
    found = {d.language for d in detect("The experts met. اجتمع الخبراء في المدينة", SITE)}

    assert {"en", "ar"} <= found


@given(st.text(max_size=200), st.sets(st.sampled_from(["en", "fr", "ar", "es", "zh"])))
def test_confidence_is_a_share_best_first_for_any_text(text: str, languages: set[str]) -> None:
    found = detect(text, languages)

    assert 1 <= len(found) <= 3
    assert all(0 <= d.confidence <= 100 for d in found)
    assert sum(d.confidence for d in found) <= 101
    assert [d.confidence for d in found] == sorted((d.confidence for d in found), reverse=True)
    assert all(d.language == "" or d.language in languages for d in found)


def test_of_a_long_text_only_the_beginning_is_looked_at() -> None:
    """So millions of characters cost no more than thousands: no list of all its words is made."""
    beginning = "The minister met the experts. " * 200
    text = beginning + " le la les des" * 500_000

    tracemalloc.start()
    found = detect(text, SITE)
    most_held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == detect(beginning, SITE)
    assert most_held < len(text) / 5
