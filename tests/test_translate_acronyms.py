"""Names in capitals that a model cannot know stay as they are, or are flagged as lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.checks import Flag, check
from translate.glossary import Glossary
from translate.sentences.acronyms import bodies, capitals, names
from translate.sentences.decoding import Decoding
from translate.sentences.drafts import Result
from translate.sentences.inline import Marked
from translate.sentences.pipeline import Pipeline
from translate.service import TranslationService

NAMES = "MIESC QRTV XYZQ ZKOVA BWIDU"
SENTENCES = [
    "The {} adopted the plan in Rabat.",
    "A letter was sent to {}.",
    "{} and UNESCO sign a cooperation agreement",
    "The ministers met at the {} headquarters.",
]


def letters(word: str) -> int:
    """As a vocabulary that holds no word at all."""
    return len(word)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The MIESC met.", ["MIESC"]),
        ("MIESC, QRTV and XYZQ met.", ["MIESC", "QRTV", "XYZQ"]),
        # Known the world over, by other names in other languages.
        ("The IAEA and the OECD met.", []),
        # Stressed words, and what is no acronym.
        ("PRESS RELEASE of today", []),
        ("Use the TV or the T-SHIRT of a MIESC-like body, MIESC's", []),
    ],
)
def test_acronyms_are_told_from_stressed_and_well_known_words(
    sentence: str, found: list[str]
) -> None:
    assert [n.written for n in names(sentence, "en", "es", letters)] == found


def test_a_word_of_the_vocabulary_is_no_unknown_name() -> None:
    """NOTE is spelled in letters, note is a word."""
    pieces = {"NOTE": 3, "note": 1, "MIESC": 3, "miesc": 4}
    found = names("NOTE that MIESC met", "en", "ar", pieces.__getitem__)
    assert [n.written for n in found] == ["MIESC"]


@given(st.text(alphabet=st.sampled_from("AB c.{0}'-\n" + "\u0645"), max_size=60))
def test_spans_are_in_order_and_hold_what_stands_there(sentence: str) -> None:
    found = [n.span for n in names(sentence, "en", "ar", letters)]
    for spans in (found, capitals(sentence)):
        assert all(sentence[s.start : s.end] == s.replacement for s in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("source", "target", "translation", "right"),
    [
        ("en", "fr", "Le directeur de l'OMPI", True),
        ("en", "fr", "Le directeur de WIPO", True),
        ("en", "fr", "LE DIRECTEUR DE L'OMPI", True),
        ("en", "fr", "Le directeur de l'OMC", False),
        ("en", "fr", "laOMPI", False),
        ("en", "ar", "المدير العام للويبو", True),
        ("en", "ar", "المنظمة العالمية للملكية الفكرية", True),
        ("en", "ar", "المدير العام لـWIPO", True),
        ("en", "ar", "المدير العام لمنظمة الصحة العالمية", False),
    ],
)
def test_a_known_body_must_be_the_same_body_in_the_translation(
    source: str, target: str, translation: str, right: bool
) -> None:
    (name,) = names("The head of WIPO", source, target, letters)
    assert name.is_in(translation) is right


def test_a_body_that_became_another_is_shown_by_its_own_name_the_second_time() -> None:
    """In French letters by its French name, in Arabic ones by that of the source."""
    into = {t: names("OPEC met", "en", t, letters)[0].span.replacement for t in ("fr", "ar")}
    assert into == {"fr": "OPEP", "ar": "OPEC"}


def test_the_table_of_bodies_can_be_read_from_both_sides() -> None:
    assert bodies("fr")["OMPI"]["en"] == ("WIPO",)
    assert bodies("en")["WIPO"]["fr"] == ("OMPI",)
    assert bodies("ar") == bodies("es") == {}
    assert all(form for row in bodies("en").values() for forms in row.values() for form in forms)


@pytest.mark.parametrize(
    ("source", "target", "mixed"),
    [
        ("MIESC met", "اجتمع المIESC", True),
        ("MIESC met", "اجتمعت منظمة Mيسك", True),
        ("MIESC met", "اجتمعت MIESC", False),
        # Particles may join a name that is kept, and the stroke that stands between them.
        ("ICESCO met", "اجتمعت الICESCO", False),
        ("MIESC met", "اجتمعت الـMIESC", False),
        # A word that the source has written so.
        ("the \u0394T sensor", "capteur \u0394T", False),
        ("See https://a.org/\u0645b", "انظر https://a.org/\u0645b", False),
    ],
)
def test_a_word_of_two_scripts_is_flagged(source: str, target: str, mixed: bool) -> None:
    assert (Flag.MIXED in check(source, target, "en", "ar", ["ICESCO"])) is mixed


@pytest.mark.slow
@pytest.mark.parametrize("target", ["fr", "ar"])
def test_unknown_names_stand_in_the_translation_or_are_flagged(
    service: TranslationService, target: str
) -> None:
    """Whatever the package: none is lost unseen; and most of them are kept."""
    texts = [s.format(name) for s in SENTENCES for name in NAMES.split()]
    names = [name for _ in SENTENCES for name in NAMES.split()]
    done = service.translate(texts, "en", target)
    kept = [name in d.text for name, d in zip(names, done, strict=True)]
    assert all(k or Flag.ACRONYM in d.flags for k, d in zip(kept, done, strict=True))
    assert sum(kept) > 0.7 * len(kept)


@pytest.mark.slow
def test_a_half_spelled_name_is_masked_the_second_time(
    service: TranslationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scripted model stands in, since a real one is not wrong to order."""
    route = service.route("en", "ar")
    pipeline = Pipeline(service.engine, route, service.decoding, Glossary())
    said = {
        "The EU met.": "اجتمع Eلاتحاد.",
        "The {0} met.": "اجتمع {0}.",
        "The MIESC met.": "اجتمعت المكتبات.",
    }

    def scripted(texts: list[str], _decoding: Decoding, *, align: bool) -> list[Iterator[Result]]:
        return [iter([Result(said[t])]) for t in texts]

    monkeypatch.setattr(pipeline, "_run", scripted)
    first, second = pipeline.translate([Marked(text="The EU met."), Marked(text="The MIESC met.")])
    assert (first.target, first.flags) == ("اجتمع EU.", set())
    assert (second.target, second.flags) == ("اجتمع MIESC.", set())


@pytest.mark.slow
@pytest.mark.parametrize(("target", "seen"), [("ar", "The {0} met."), ("fr", "The MIESC met.")])
def test_a_name_is_hidden_at_first_where_other_letters_are_written(
    service: TranslationService, monkeypatch: pytest.MonkeyPatch, target: str, seen: str
) -> None:
    """French models copy what they do not know; Arabic ones invent a name."""
    route = service.route("en", target)
    pipeline = Pipeline(service.engine, route, service.decoding, Glossary())
    asked: list[str] = []

    def listening(texts: list[str], _decoding: Decoding, *, align: bool) -> list[Iterator[Result]]:
        asked.extend(texts)
        return [iter([Result(t)]) for t in texts]

    monkeypatch.setattr(pipeline, "_run", listening)
    pipeline.translate([Marked(text="The MIESC met.")])
    assert asked[0] == seen


@pytest.mark.slow
def test_a_number_weighs_more_than_a_name(
    service: TranslationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that drops half of a sentence around a hidden name gets to see the name."""
    route = service.route("en", "ar")
    pipeline = Pipeline(service.engine, route, service.decoding, Glossary())
    said = {
        "The {0} met 14 times.": "اجتمع {0}.",
        "The MIESC met {0} times.": "اجتمعت المكتبات {0} مرة.",
    }

    def scripted(texts: list[str], _decoding: Decoding, *, align: bool) -> list[Iterator[Result]]:
        return [iter([Result(said[t])]) for t in texts]

    monkeypatch.setattr(pipeline, "_run", scripted)
    (draft,) = pipeline.translate([Marked(text="The MIESC met 14 times.")])
    assert (draft.target, draft.flags) == ("اجتمعت المكتبات 14 مرة.", {Flag.ACRONYM})
