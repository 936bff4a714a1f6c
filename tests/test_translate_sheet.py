"""A text next to its translation: nothing of either is lost, each correction in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.articles.sheet import side_by_side, tidy

SOURCE = "The port opened. Ships came.\n\nIt rained."
TEXTS = st.text(alphabet="ab .!?\n😀é•1", max_size=60)


def rows(source: str, target: str, **known: list[str]) -> list[tuple[str, str]]:
    sheet = side_by_side(source, target, "en", "fr", known)
    return [(row.source, row.target) for row in sheet.rows]


@given(TEXTS, TEXTS)
def test_the_source_is_kept_and_no_word_of_the_translation_is_lost(a: str, b: str) -> None:
    """Whatever two texts are put side by side; filling in what stands there changes nothing."""
    sheet = side_by_side(a, b, "en", "fr", {})
    back = sheet.filled([row.source for row in sheet.rows]).text()
    assert "".join(back.split()) == "".join(a.split())
    if sheet.rows and "a" not in a + b:
        letters = [c for c in b if c.isalpha()]
        assert [c for c in "".join(r.target for r in sheet.rows) if c.isalpha()] in (letters, [])
    again = sheet.shaped(sheet.shape)
    assert again.text() == sheet.text()


def test_sentences_stand_side_by_side_where_both_have_as_many() -> None:
    assert rows(SOURCE, "Le port a ouvert. Des navires vinrent.\n\nIl plut.") == [
        ("The port opened.", "Le port a ouvert."),
        ("Ships came.", "Des navires vinrent."),
        ("It rained.", "Il plut."),
    ]


def test_what_is_remembered_tells_sentences_apart_that_counting_cannot() -> None:
    """One sentence became two: the memory knows where the next begins."""
    target = "Le port. Il a ouvert. Des navires vinrent.\n\nIl plut."
    assert rows(SOURCE, target)[0] == (
        "The port opened. Ships came.",
        "Le port. Il a ouvert. Des navires vinrent.",
    )
    known = {
        "The port opened.": ["Le port.", "Le port. Il a ouvert."],
        "Ships came.": ["Des navires vinrent."],
    }
    sheet = side_by_side(SOURCE, target, "en", "fr", known)
    assert [row.target for row in sheet.rows] == [
        "Le port. Il a ouvert.",
        "Des navires vinrent.",
        "Il plut.",
    ]


def test_paragraphs_that_differ_in_number_are_one_row() -> None:
    assert rows(SOURCE, "Le port a ouvert.")[0][1] == "Le port a ouvert."
    assert len(rows(SOURCE, "Le port a ouvert.")) == 1


def test_a_sentence_left_empty_leaves_no_hole() -> None:
    sheet = side_by_side(SOURCE, "", "en", "fr", {})
    assert sheet.filled(["Le port ouvre aux navires.", "", "Il plut."]).text() == (
        "Le port ouvre aux navires.\n\nIl plut."
    )


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (0, 3), (2, 2), (-1, 4), ()])
def test_a_shape_of_another_text_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not of this text"):
        side_by_side(SOURCE, "", "en", "fr", {}).shaped(shape)


def test_a_line_end_typed_into_a_sentence_makes_no_paragraph_and_french_spaces_stay() -> None:
    row = side_by_side(SOURCE, "", "en", "fr", {}).rows[0]
    assert tidy("  Le port\r\na ouvert\u00a0!\0 ", row) == "Le port a ouvert\u00a0!"
