"""The language of a text is found among the site's, or "none of them", with honest confidence."""

from __future__ import annotations

import tomllib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate import n_grams
from translate.detect import UNSURE, detect
from translate.languages import NAMES

SITE = ("en", "fr", "ar")
HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "translate" / "samples"
SENTENCES: dict[str, str] = tomllib.loads(
    (HERE / "data" / "languages.toml").read_text(encoding="utf-8")
)


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


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_a_sentence_is_known_among_all_languages_that_packages_exist_for(language: str) -> None:
    found = [d for d in detect(SENTENCES[language], NAMES) if d.language != "pb"]

    assert found[0].language == language


@pytest.mark.parametrize("language", sorted(SENTENCES.keys() - {*SITE, "fi", "uk"}))
def test_a_sentence_in_a_language_without_a_package_is_in_none_of_those_with_one(
    language: str,
) -> None:
    assert detect(SENTENCES[language], (*SITE, "fi", "uk", "ru"))[0].language in {"", language}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Новая библиотека", "ru"),
        ("Нова бібліотека", "uk"),
        ("کتابخانهٔ جدید شهر", "fa"),
        ("شہر کا نیا کتب خانہ", "ur"),
        ("مكتبة المدينة الجديدة", "ar"),
        ("新图书馆", "zh"),
        ("新圖書館", "zt"),
    ],
)
def test_languages_in_the_same_letters_are_told_apart_by_a_few_words(
    text: str, language: str
) -> None:
    assert detect(text, ("en", "ru", "uk", "ar", "fa", "ur", "zh", "zt"))[0].language == language


@pytest.mark.parametrize(
    ("written", "installed"), [("uk", "ru"), ("ar", "fa"), ("zh", "ja"), ("bg", "uk"), ("ur", "ar")]
)
def test_a_neighbour_in_the_same_letters_is_none_of_the_languages_with_a_package(
    written: str, installed: str
) -> None:
    assert detect(SENTENCES[written], ("en", installed))[0].language == ""


def test_a_mixed_text_of_two_scripts_has_a_language_in_each() -> None:
    text = f"{SENTENCES['uk']} {SENTENCES['fa']}"

    found = {d.language for d in detect(text, (*SITE, "ru", "uk", "fa"))[:2]}

    assert found == {"uk", "fa"}


def test_the_model_of_many_languages_is_not_read_for_those_of_the_starter_packages() -> None:
    """It takes a second and some 75 MiB."""
    n_grams.identifier.cache_clear()

    for text in SENTENCES.values():
        detect(text, SITE)

    assert n_grams.identifier.cache_info().currsize == 0


def test_a_word_that_may_be_a_name_is_unsure() -> None:
    assert detect("Rabat", SITE)[0].confidence < UNSURE


def test_a_mixed_text_has_both_languages() -> None:
    found = {d.language for d in detect("The experts met. اجتمع الخبراء في المدينة", SITE)}

    assert {"en", "ar"} <= found


@given(st.text(max_size=200), st.sets(st.sampled_from(sorted(NAMES))))
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
