"""Markdown, subtitles and catalogues: whole sentences are read, and what is no language stays."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from tests.office_files import same, words
from translate.errors import FileTooLarge
from translate.files import EXTENSIONS, translate_file
from translate.formats import markdown, messages, office, subtitles
from translate.service import TranslationService

Translate = Callable[[list[str]], list[str]]
capitals = words(str.upper)


def asked(translate: Callable[[str, Translate], str], text: str) -> list[str]:
    """The lines a translator gets to see."""
    seen: list[str] = []

    def listening(lines: list[str]) -> list[str]:
        seen.extend(lines)
        return lines

    translate(text, listening)
    return seen


TABLE = """| Country | Schools |
|:--------|--------:|
| Morocco | 25 `a|b` |
Rabat | a \\| b
"""


def test_the_cells_of_a_table_stay_cells() -> None:
    assert markdown.translate(TABLE, same) == TABLE
    assert markdown.translate(TABLE, capitals).count("|") == TABLE.count("|")
    assert asked(markdown.translate, TABLE)[:3] == ["Country", "Schools", "Morocco"]


def test_a_paragraph_is_read_as_a_whole_and_wrapped_again() -> None:
    text = (
        'The Institute opened\na museum in [the old\ncity](http://x.org/a "b c") now.\n\nIt grew.'
    )
    assert asked(markdown.translate, "One line goes\non here.\n> A quote goes\n> on too.\n") == [
        "One line goes on here.",
        "A quote goes on too.",
    ]
    assert len(markdown.translate(text, capitals).split("\n")) == len(text.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "A line with a break  \nand another one",
        "# A heading\nand its text",
        "A heading\n=====\nand its text",
        "- an item\n- and another",
        "Some text\n- and an item",
        "Some text\n> and a quote",
        "Some text\n```\nprint\n```\nand more",
        "<div>\nin a block\n</div>",
    ],
)
def test_what_begins_anew_is_read_by_itself(text: str) -> None:
    seen = asked(markdown.translate, text)
    assert not any(" and" in line or "print" in line for line in seen)
    assert markdown.translate(text, same) == text


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("A fact[^1] here.", "A FACT[^1] HERE."),
        ("[^1]: The note of it.", "[^1]: THE NOTE OF IT."),
        ("[site]: http://x.org/a", "[site]: http://x.org/a"),
        ("Some \\*stars\\* and 5 \\< 6.", "SOME \\*STARS\\* AND 5 \\< 6."),
        ("Some *stars* only", "SOME *STARS* ONLY"),
    ],
)
def test_footnotes_definitions_and_escapes(text: str, becomes: str) -> None:
    assert markdown.translate(text, capitals) == becomes


@given(st.text(alphabet=st.sampled_from("ab *_`[]()|\\\n->#^1."), max_size=60))
def test_untranslated_markdown_is_the_same(text: str) -> None:
    def bare(markup: str) -> str:
        return re.sub(r"[\s\\]", "", markup)

    assert bare(markdown.translate(text, same)) == bare(text)
    assert markdown.translate(text, same).count("\n") == text.count("\n")


SRT = """1
00:00:01,000 --> 00:00:03,500
The meeting was held
in the city of Rabat.

2
00:00:04,000 --> 00:00:06,000 X1:10
- Who is there?
- It is me.

3
00:00:09,000 --> 00:00:10,000
{\\an8}The end & more
"""


def test_a_sentence_over_the_lines_of_a_cue_is_read_as_one_and_speakers_by_themselves() -> None:
    assert asked(subtitles.translate, SRT) == [
        "The meeting was held in the city of Rabat.",
        "- Who is there?",
        "- It is me.",
        "The end &amp; more",
    ]
    assert subtitles.translate(SRT, same) == SRT
    assert subtitles.translate(SRT, capitals).count("\n") == SRT.count("\n")
    assert "{\\an8}THE END & MORE" in subtitles.translate(SRT, capitals)


def test_the_times_inside_a_cue_are_no_numbers() -> None:
    """A comma of a French number would break them."""
    cue = "WEBVTT\n\n00:05.000 --> 00:06.000\n<00:05.500>The <00:05.700>sea &amp; sky\n"
    commas = subtitles.translate(
        cue, lambda lines: [re.sub(r"(<code>.*?</code>)|\.", r"\1", line) for line in lines]
    )
    assert commas == cue
    assert "<00:05.500>The <code>" in f"<00:05.500>{asked(subtitles.translate, cue)[0]}"


def filled(message: str, change: Translate = same, *, target: str = "fr") -> str:
    quoted = message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    out = messages.translate(f'msgid "{quoted}"\nmsgstr ""\n'.encode(), target, change)
    (entry,) = [m for m in read_po(out.decode().splitlines()) if m.id]
    return str(entry.string)


@pytest.mark.parametrize(
    ("message", "becomes"),
    [
        ("Hi {name}, %(n)d of %s", "HI {name}, %(n)d OF %s"),
        ("%1$s ate ${what} of {{ who }}", "%1$s ATE ${what} OF {{ who }}"),
        # A percent sign is no variable.
        ("50% of all, 100% sure", "50% OF ALL, 100% SURE"),
        ("One line\nand two\n", "ONE LINE\nAND TWO\n"),
        ("<b>Save</b> the file & close", "<b>SAVE</b> THE FILE & CLOSE"),
        ("Fish &amp; <i>chips</i>", "FISH &amp; <i>CHIPS</i>"),
        ("Press <Enter> & go", "PRESS <ENTER> & GO"),
    ],
)
def test_a_message_keeps_its_variables_lines_and_tags(message: str, becomes: str) -> None:
    assert filled(message, capitals) == becomes
    assert filled(message) == message


@given(st.text(alphabet=st.sampled_from("ab {}%s<>&;/\n"), min_size=1, max_size=40))
def test_an_untranslated_message_keeps_its_words(message: str) -> None:
    if message.strip():
        assert filled(message).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") == (
            message.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
        )


@pytest.mark.parametrize(
    "unit",
    ["a b\n", "|--|\n", "a|", " ", "![", "[](", "[^", "<a", "`a ", "*a ", "%(", "${{", "{\\"],
)
@pytest.mark.timeout(60)
def test_a_long_file_of_anything_is_no_hang(unit: str) -> None:
    """In proportion it is a second's work; looking back at each line or bracket takes minutes."""
    text = f"|-{unit * 60_000}"[:60_000] + "x"

    markdown.translate(f"a|b\n{text}", capitals)
    markdown.translate(text.removeprefix("|-"), capitals)
    subtitles.translate(f"1\n00:00:01,000 --> 00:00:02,000\n{text}", capitals)
    quoted = text.replace("\\", "\\\\").replace("\n", "\\n")
    messages.translate(f'msgid "{quoted}"\nmsgstr ""\n'.encode(), "fr", capitals)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("See [rabat](https://a.example/b_(c)) now", "SEE [RABAT](https://a.example/b_(c)) NOW"),
        ("[![built](b.svg)](https://a.example) so", "[![built](b.svg)](https://a.example) SO"),
    ],
)
def test_links_end_where_their_brackets_do(text: str, becomes: str) -> None:
    assert markdown.translate(text, capitals) == becomes


def test_every_kind_of_file_is_known() -> None:
    assert {".md", ".srt", ".vtt", ".po"} <= set(EXTENSIONS)


@pytest.mark.parametrize("extension", sorted(set(EXTENSIONS) - set(office.EXTENSIONS)))
def test_a_text_far_over_the_limit_is_refused_before_it_is_read(
    service: TranslationService, extension: str
) -> None:
    """Reading one of 16 MB takes a core for seconds; this one could not be read at all."""
    with pytest.raises(FileTooLarge, match="1001 bytes"):
        translate_file(service, None, b"\xff" * 1_001, extension, "en", "fr", text_limit=100)
