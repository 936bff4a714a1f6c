"""Tags stand in a translation where they stood in the source: around words, or inside one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translate.sentences.inline import render
from translate.sentences.tag_words import Links, Tag
from translate.service import TranslationService


def carried(source: str, target: str, links: Links | None = None) -> str:
    """A sentence with tags `<0>..</0>` carried over to a translation without any."""
    tags: list[Tag] = []
    bare, at = "", 0
    still_open: list[int] = []
    for match in re.finditer(r"<(/?)(\d)>", source):
        bare += source[at : match.start()]
        at = match.end()
        if not match[1]:
            parent = still_open[-1] if still_open else None
            still_open.append(len(tags))
            tags.append(Tag(len(bare), 0, f"<{match[2]}>", f"</{match[2]}>", parent))
        else:
            number = still_open.pop()
            tags[number] = replace(tags[number], end=len(bare))
    bare += source[at:]
    return render(bare, target, tags, ("9",), links)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        # Punctuation that stood outside stays outside, and what stood inside stays inside.
        ("He saw <0>Rabat</0>.", "Il vit Rabat.", "Il vit <0>Rabat</0>."),
        ("He saw <0>Rabat.</0>", "Il vit Rabat.", "Il vit <0>Rabat.</0>"),
        ("He saw (<0>Rabat</0>)", "Il vit (Rabat)", "Il vit (<0>Rabat</0>)"),
        ("<0>A</0>, <1>E</1> came", "A, E vinrent", "<0>A</0>, <1>E</1> vinrent"),
        ("<0>see <1>Rabat</1></0>.", "voir Rabat.", "<0>voir <1>Rabat</1></0>."),
        # A part of a word goes around the same part.
        ("It is 30 m<0>2</0> large", "Il a 30 m2 large", "Il a 30 m<0>2</0> large"),
        ("H<0>2</0>O, CO<1>2</1> fell", "H2O, CO2 ont", "H<0>2</0>O, CO<1>2</1> ont"),
        ("The note<0>1</0> says", "La note1 dit", "La note<0>1</0> dit"),
        # Neighbours make room.
        ("<0>is 3 m</0><1>2</1><2> all</2>", "a 3 m2 tout", "<0>a 3 m</0><1>2</1> <2>tout</2>"),
        # What a placeholder stands for is where the placeholder is.
        ("In <0>{0}</0> it fell", "Il tomba en {0}", "Il tomba en <0>9</0>"),
        ("x <0>a b <1>d</1></0> <2>{0}</2>", "x a {0} b d", "x a <2>9</2> <0><1>b</1></0> d"),
        # It does not leave the element that it lies in for that.
        ("Say x<0><1>2</1> far</0> end", "x2 Say b far", "x2 Say <0><1>b</1></0> far"),
        # What has no such part goes around the word.
        ("the 1<0>st</0> day", "le premier jour", "le <0>premier</0> jour"),
    ],
)  # fmt: skip
def test_a_tag_stands_where_it_stood(source: str, target: str, expected: str) -> None:
    assert carried(source, target) == expected


def test_a_word_belongs_to_the_element_that_holds_most_of_it() -> None:
    """Word processors cut runs in the middle of words."""
    links = [[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    source = "<0>The coop</0><1>eration agree</1><2>ment ends</2>"
    markup = carried(source, "La coopération convenue cesse", links)
    assert markup == "<0>La</0> <1>coopération convenue</1> <2>cesse</2>"


@pytest.mark.slow
@pytest.mark.parametrize("target", ["fr", "ar"])
def test_the_number_of_a_formula_stays_below_the_line(
    service: TranslationService, target: str
) -> None:
    """CO2 is a code, but one with a tag inside."""
    text = "<p>The emissions of CO<sub>2</sub> fell by 30 m<sup>2</sup>.</p>"
    (done,) = service.translate([text], "en", target, html=True)
    assert "<sub>2</sub>" in done.text
    assert "<sup>2</sup>" in done.text


MARKED = st.text(alphabet=st.sampled_from("ab12 .,(«»)'"), max_size=14)


# An empty element at the end of one and at the beginning of another.
@example("", " ", "", "", "1", "1 1")
@given(MARKED, MARKED, MARKED, MARKED, MARKED, st.text(alphabet="ab12 .,(«»)'", max_size=40))
def test_tags_are_nested_as_they_were_whatever_the_texts(
    a: str, b: str, c: str, d: str, e: str, target: str
) -> None:
    markup = carried(f"{a}<0>{b}<1>{c}</1></0>{d}<2>{e}</2>", target)
    assert sorted(re.findall(r"</?\d>", markup)) == sorted(
        f"<{s}{n}>" for s in ("", "/") for n in range(3)
    )
    depth: list[str] = []
    for closing, number in re.findall(r"<(/?)(\d)>", markup):
        if closing:
            assert depth.pop() == number
        else:
            depth.append(number)
    assert re.sub(r"</?\d>", "", markup).replace("&#x27;", "'") == target
