"""Markdown, subtitles and catalogues keep their marks, timings and plurals."""

from __future__ import annotations

import pytest

from tests.office_files import (
    capitals,
    same,
)
from translate.errors import BadFile
from translate.formats import markdown, messages, subtitles

MARKDOWN = """---
title: Kept
---
# The port of *Rabat*

- See [the **ships**](https://x.example/a_b "t") and `code here`.
1. A picture: ![kept](a.png)

> Quoted text, 2 * 3 * 4.

```
not this
```

    nor this
| cell one | cell two |
"""
NESTED = """+++
title = "Kept"
+++
- Item one

    - Nested item
    continued here

        kept as code

````
```
kept in the fence
```
````

    kept without a list

[Ref]: https://a.example/Path "Kept title"
Last words.
"""
SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nThe <i>port</i> & ships\r\nof Rabat\r\n\r\n2\r\n"
VTT = "WEBVTT\n\nNOTE kept\n\n00:01.000 --> 00:02.000 align:start\nA &amp; b <c.x>d</c>\n"


def test_markdown_keeps_its_marks() -> None:
    assert markdown.translate(MARKDOWN, same) == MARKDOWN

    out = markdown.translate(MARKDOWN, capitals)

    assert "# THE PORT OF *RABAT*" in out
    assert '- SEE [THE **SHIPS**](https://x.example/a_b "t") AND ' in out
    assert "title: Kept" in out
    assert "not this" in out
    assert "    nor this" in out


def test_markdown_of_lists_in_lists_and_fences_in_fences() -> None:
    """What lies deeper in a list is read; code, definitions and front matter are not."""
    assert markdown.translate(NESTED, same) == NESTED

    out = markdown.translate(NESTED, capitals)

    assert [line for line in out.split("\n") if "kept" in line.lower()] == [
        line for line in NESTED.split("\n") if "kept" in line.lower()
    ]
    for words in ("ITEM ONE", "    - NESTED ITEM", "    CONTINUED HERE", "LAST WORDS."):
        assert words in out


def test_subtitles_keep_numbers_timings_and_tags() -> None:
    assert subtitles.translate(SRT, same) == SRT
    assert subtitles.translate(VTT, same) == VTT

    assert "THE <i>PORT</i> & SHIPS\r\nOF RABAT" in subtitles.translate(SRT, capitals)
    out = subtitles.translate(VTT, capitals)
    assert "A &amp; B <c.x>D</c>" in out
    assert "NOTE kept" in out


def test_a_catalogue_is_filled_and_marked_for_a_person() -> None:
    data = (
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        b'msgid "Send %(n)s ships & more"\nmsgstr ""\n\nmsgid "Kept"\nmsgstr "Garde"\n'
    )

    out = messages.translate(data, "fr", capitals).decode()

    assert "fuzzy" in out
    assert 'msgstr "Garde"' in out
    assert "SHIPS & MORE" in out


@pytest.mark.parametrize(
    ("target", "forms", "singular"), [("fr", 2, 0), ("ar", 6, 1), ("ja", 1, None)]
)
def test_the_plurals_of_a_catalogue_are_filled(
    target: str, forms: int, singular: int | None
) -> None:
    """Arabic has a form for none before the one for one."""
    empty = "".join(f'msgstr[{n}] ""\n' for n in range(forms))
    data = f'msgid "a ship"\nmsgid_plural "some ships"\n{empty}'.encode()

    out = messages.translate(data, target, capitals).decode()

    assert out.count("SHIP") == forms
    assert [f'msgstr[{n}] "A SHIP"' in out for n in range(forms)] == [
        n == singular for n in range(forms)
    ]
    assert f'msgstr[{forms - 1}] "SOME SHIPS"' in out
    assert "fuzzy" in out


@pytest.mark.parametrize("data", [b"", b"rubbish \xff", b'msgid "a\n', b"PK\3\4"])
def test_what_is_no_catalogue_is_refused_or_empty(data: bytes) -> None:
    try:
        out = messages.translate(data, "fr", same)
    except BadFile:
        return
    assert b"msgid" in out
