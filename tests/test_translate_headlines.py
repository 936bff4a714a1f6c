"""Headlines in capitals are translated as sentences, with the capitals their words have."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translate.sentences.headline import in_sentence_case
from translate.service import TranslationService

WORDS = {"minister", "opens", "Rabat", "in", "the", "who", "ALECSO", "us"}


def pieces(word: str) -> int:
    """As a vocabulary of these words, and else of letters."""
    return 1 if word in WORDS else len(word)


@pytest.mark.parametrize(
    ("headline", "sentence"),
    [
        ("“MINISTER OPENS {0}", "“Minister opens {0}"),
        ("THE MINISTER IN RABAT", "The minister in Rabat"),
        ("MINISTER OPENS ALECSO IN RABAT", "Minister opens ALECSO in Rabat"),
        # On the list of bodies, without any vowel, and an ordinary word that is also a body.
        ("WIPO OPENS", "WIPO opens"),
        ("BKTR OPENS", "BKTR opens"),
        ("MINISTER WHO OPENS", "Minister who opens"),
        ("UN OPENS", "UN opens"),
    ],
)
def test_words_are_written_as_the_vocabulary_knows_them(headline: str, sentence: str) -> None:
    assert in_sentence_case(headline, "en", pieces) == sentence


def test_what_is_a_body_in_one_language_is_a_word_in_another() -> None:
    assert in_sentence_case("UN MINISTER", "fr", pieces) == "Un minister"


@given(st.text(max_size=40))
@example("İSTANBUL ALECSO")
def test_nothing_but_the_case_changes(headline: str) -> None:
    written = in_sentence_case(headline, "en", pieces)
    assert written.casefold() == headline.casefold() or not headline.isascii()
    assert len(written) == len(headline)


@pytest.mark.slow
@pytest.mark.parametrize(
    "headline",
    ["ALECSO AND WIPO SIGN AGREEMENT IN RABAT", "THE INSTITUTE OPENS WIPO AND ALECSO WORKSHOP"],
)
@pytest.mark.parametrize(
    ("target", "names"),
    [("fr", ("ALECSO|ALECSO", "WIPO|OMPI")), ("ar", ("ALECSO|ألكسو", "WIPO|ويبو"))],
)
def test_the_names_of_bodies_survive_in_headlines(
    service: TranslationService, headline: str, target: str, names: tuple[str, str]
) -> None:
    (done,) = service.translate([headline], "en", target)
    assert all(any(form in done.text for form in name.split("|")) for name in names), done.text
