"""The glossary goes out to a spreadsheet and comes in again, every row checked."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from survey.db import Database
from translate.errors import GlossaryError
from translate.glossary import Glossary, Term, load
from translate.glossary_table import _bare, _guarded, export_table, import_table, remove_term
from translate.models import GlossaryTerm
from translate.sentences.mask import mask, unmask

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HEADER = "source_language,target_language,term,target,clitics,case,note\n"
TABLE = HEADER + (
    "en,fr,Member State,État membre,no,yes,\n"
    'en,*,Meridian Institute,,,,"a name, kept"\n'
    "ar,fr,ميريديان,Méridien,yes,yes,\n"
)


def test_a_table_comes_in_and_goes_out(database: Database) -> None:
    with database.scope() as session:
        first = import_table(session, TABLE, by="Elias", now=NOW)
        text = export_table(session)
        again = import_table(session, "\ufeff" + text, by="Elias", now=NOW)

        assert (first.added, first.changed, first.unchanged) == (3, 0, 0)
        assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
        assert export_table(session) == text


def test_a_changed_row_changes_its_term_only(database: Database) -> None:
    with database.scope() as session:
        import_table(session, TABLE, by="Elias", now=NOW)

        report = import_table(
            session, HEADER + "en,fr,Member State,Pays membre,no,yes,\n", by="Amina", now=NOW
        )

        assert (report.added, report.changed) == (0, 1)
        assert {t.target for t in load(session, "en", "fr").terms} == {"Pays membre", None}
        assert len(session.scalars(select(GlossaryTerm)).all()) == 3


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("EN1,fr,a,b,,,", "Line 2: en1 is no language code"),
        ("en,,a,b,,,", "Line 2: an empty cell is no language code"),
        ("en,fr,?!,b,,,", "Line 2: a term needs a letter"),
        ("en,*,a,b,,,", "Line 2: a fixed translation needs one target"),
        ("en,fr,a,b,perhaps,,", "Line 2: clitics must be yes or no"),
        (f"en,fr,{'a' * 201},b,,,", "Line 2: term is longer than 200"),
        ("en,fr,a,b,,,\nen,fr,a,c,,,", "Line 3: a is there twice"),
        ('en,fr,"a', "no CSV"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken(
    database: Database, rows: str, message: str
) -> None:
    with database.scope() as session:
        with pytest.raises(GlossaryError, match=message):
            import_table(session, HEADER + rows, by="x", now=NOW)

        assert session.scalars(select(GlossaryTerm)).all() == []


def test_a_table_without_its_columns_is_refused(database: Database) -> None:
    with database.scope() as session, pytest.raises(GlossaryError, match="lacks the columns"):
        import_table(session, "a,b\n1,2\n", by="x", now=NOW)


def test_a_term_is_removed(database: Database) -> None:
    with database.scope() as session:
        import_table(session, TABLE, by="Elias", now=NOW)

        remove_term(session, "en", "*", "Meridian Institute")

        assert len(session.scalars(select(GlossaryTerm)).all()) == 2
        with pytest.raises(GlossaryError, match="no term Meridian"):
            remove_term(session, "en", "*", "Meridian Institute")


@given(st.text(max_size=20))
def test_a_spreadsheet_sees_no_formula_and_the_cell_comes_back(cell: str) -> None:
    clean = " ".join(cell.replace("\0", "").split())

    assert not _guarded(clean).startswith(("=", "+", "-", "@"))
    assert _bare(_guarded(clean)) == clean


@given(
    st.lists(st.text(alphabet="ab .*+?()[]\\ة", min_size=1, max_size=5), max_size=5),
    st.text(alphabet="ab .*+?()[]\\{}0ة", max_size=30),
)
def test_any_terms_in_any_sentence_are_masked_reversibly(terms: list[str], text: str) -> None:
    wanted = [Term(t, clitics=True) for t in dict.fromkeys(terms) if t.strip()]
    spans = Glossary(wanted).spans(text)

    masked = mask(text, spans)

    if "{" not in text:
        assert unmask(masked.text, masked.kept) == text
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("THE MERIDIAN FORUM OPENS A TABLE", ["MERIDIAN FORUM", "TISCH"]),
        ("The Meridian Forum opens a table", ["Meridian Forum", "Tisch"]),
        # Only a headline in capitals says nothing about the case of its words.
        ("The meridian forum opens a Table", []),
    ],
)
def test_a_headline_in_capitals_holds_terms_in_capitals(sentence: str, found: list[str]) -> None:
    glossary = Glossary([Term("Meridian Forum"), Term("table", "Tisch")])
    assert [s.replacement for s in glossary.spans(sentence)] == found
