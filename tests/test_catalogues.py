"""Every text of the pages is translated, with the placeholders it needs."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
METHODS = [
    *[(f"{room}/**.py", "python") for room in ("survey", "translate", "reports")],
    ("templates/**.html", "jinja2"),
]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "N_": None,
}


def texts() -> set[str]:
    """Every text that a template or a web module marks for translation."""
    found = set()
    rooms = ("survey", "translate", "reports", "templates")
    for room in rooms:
        methods = [(p.removeprefix(f"{room}/"), m) for p, m in METHODS if p.startswith(room)]
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / room, method_map=methods, keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def catalogue(language: str) -> Catalog:
    """The catalogue of a language."""
    path = ROOT / "survey" / "locales" / language / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_text_is_translated(language: str) -> None:
    """No page shows English between French or Arabic."""
    translated = {
        m.id if isinstance(m.id, str) else m.id[0]
        for m in catalogue(language)
        if m.id and m.string and not m.fuzzy
    }
    assert texts() - translated == set()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_placeholders_are_the_same(language: str) -> None:
    """What is filled in at run time exists on both sides."""
    for message in catalogue(language):
        if message.id and isinstance(message.string, str) and isinstance(message.id, str):
            assert set(re.findall(r"%\(\w+\)s", message.string)) == set(
                re.findall(r"%\(\w+\)s", message.id)
            ), message.id


def french() -> Iterator[str]:
    """Every French text of the pages and of the reports."""
    for message in catalogue("fr"):
        if message.id:
            yield from (
                (message.string,) if isinstance(message.string, str) else message.string or ()
            )
    yield from tomllib.loads((ROOT / "reports" / "texts.toml").read_text())["fr"].values()


def test_no_french_line_breaks_before_a_mark_or_inside_quotation_marks() -> None:
    """French sets them off by spaces, at which a narrow screen must not break the line."""
    breaking = re.compile(r" [;?!»]| :(\s|$)|« |\d %")
    assert [text for text in french() if breaking.search(text)] == []
