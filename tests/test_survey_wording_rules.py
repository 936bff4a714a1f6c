"""Which texts can be put on the pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.db import Database
from survey.ratings import WordingKind
from survey.wording_changes import (
    state_number,
)
from survey.wording_rules import Problem, problems, tidy
from tests.pages import PageClient
from tests.wording_desk import edit, send


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Write a text"),
        ("   ", "Write a text"),
        ("x" * 601 + " {provider} {organisation}", "shorten it to 600"),
        ("{provider} only", "{organisation} is missing"),
        ("nothing at all", "{provider} is missing"),
        ("{provider} {organisation} {user}", "no placeholder {user}"),
        ("{provider} {organisation.__class__}", "no placeholder {organisation.__class__}"),
        ("{provider!r} {organisation}", "Curly brackets"),
        ("{provider} {organisation", "Curly brackets"),
        ("{provider} \0 {organisation}", "control characters"),
        ("{provider} \u202e{organisation}", "direction of writing"),
        ("{provider} \u2067{organisation}", "direction of writing"),
    ],
)
def test_a_text_that_cannot_be_shown_is_refused_and_nothing_typed_is_lost(
    amina: PageClient, sqlite: Database, words: str, said: str
) -> None:
    """422 with a summary that leads to the field, at preview as at saving; other fields stay."""
    form = edit(amina, "disclaimer", text_argos_en=words)
    form["text-browser-ar"] = "{provider} {organisation} آخر"
    for action in ("preview", "save"):
        page = send(amina, form | {"confirmed": "on"}, action, status=422)
        assert said in page.text_of(".error-summary")
        assert "#text-argos-en" in {a.attrs["href"] for a in page.all(".error-summary a")}
        assert page.text_of("#text-browser-ar") == "{provider} {organisation} آخر"
        assert page.text_of("#text-argos-en") == " ".join(words.replace("\0", "\ufffd").split())
    with sqlite.scope() as session:
        assert state_number(session) == 0


@given(st.text(max_size=80))
def test_a_text_without_problems_can_always_be_shown(words: str) -> None:
    """What the rules let pass fills in without an error and holds both names."""
    made = tidy(words + " {provider} {organisation}")
    found = {problem for problem, _ in problems(WordingKind.DISCLAIMER, made)}
    if not found:
        shown = made.format(provider="P-rovider", organisation="O-rganisation")
        assert "P-rovider" in shown
        assert "O-rganisation" in shown
    assert Problem.MISSING_PLACEHOLDER not in found or "{" in words or "}" in words
