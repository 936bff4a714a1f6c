"""The glossary on the editors' pages: terms found, read, and saved one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from translate.articles.article_list import escaped
from translate.errors import GlossaryError
from translate.glossary_table import read_term
from translate.keyed_page import BEGINNING, KeyedPage, Order, Place, keyed_page
from translate.models import GlossaryTerm
from translate.transaction import begin_change

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTerm:
    """A term with its number; `target` is None when it stays as it is."""

    id: int
    source_language: str
    target_language: str
    term: str
    target: str | None
    clitics: bool
    case_sensitive: bool
    note: str


ORDERS = {
    "term": Order(key=(GlossaryTerm.term, GlossaryTerm.id)),
    "changed": Order(key=(GlossaryTerm.created_at, GlossaryTerm.id), descending=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPage:
    """A page of the glossary, with its place in it."""

    terms: tuple[ListedTerm, ...]
    page: KeyedPage


def find_terms(
    session: Session,
    text: str,
    language: str,
    place: Place = BEGINNING,
    *,
    order: str = "term",
    size: int = PAGE,
) -> TermPage:
    """The terms that fit.

    :param text: in the term or its translation; empty for all.
    :param language: source or target; empty for all.
    :param order: a name of `ORDERS`: by their letters, or by the time of their last change.
    """
    conditions: list[ColumnElement[bool]] = []
    if text:
        pattern = f"%{escaped(text)}%"
        conditions.append(
            or_(
                GlossaryTerm.term.ilike(pattern, escape="\\"),
                GlossaryTerm.target.ilike(pattern, escape="\\"),
            )
        )
    if language:
        conditions.append(
            or_(
                GlossaryTerm.source_language == language,
                GlossaryTerm.target_language == language,
            )
        )
    everything = select(GlossaryTerm)
    page = keyed_page(session, everything, conditions, ORDERS[order], place, size=size)
    return TermPage(terms=tuple(_listed(row[0]) for row in page.rows), page=page)


def read_one(session: Session, number: int) -> ListedTerm | None:
    """The term with this number, if it still exists."""
    row = session.get(GlossaryTerm, number)
    return _listed(row) if row else None


def save_term(
    session: Session,
    number: int | None,
    cells: Mapping[str, str],
    *,
    by: str,
    now: datetime,
) -> str:
    """Add a term, or change the one with this number; the cells are those of the table.

    :return: the term.
    :raise GlossaryError: naming the column that cannot be taken.
    """
    (source, target, term), values = read_term(cells)
    begin_change(session)
    same = session.scalar(
        select(GlossaryTerm).where(
            GlossaryTerm.source_language == source,
            GlossaryTerm.target_language == target,
            GlossaryTerm.term == term,
        )
    )
    if same is not None and same.id != number:
        session.rollback()
        raise GlossaryError(f"{term} is in the glossary already", problem="twice", field="term")
    row = session.get(GlossaryTerm, number) if number is not None else GlossaryTerm()
    if row is None:
        session.rollback()
        raise GlossaryError("This term was removed meanwhile", problem="gone", field="term")
    row.source_language, row.target_language, row.term = source, target, term
    row.target, row.clitics, row.case_sensitive, row.note = values
    row.created_at, row.created_by = now, by
    session.add(row)
    session.commit()
    return term


def _listed(row: GlossaryTerm) -> ListedTerm:
    return ListedTerm(
        id=row.id,
        source_language=row.source_language,
        target_language=row.target_language,
        term=row.term,
        target=row.target,
        clitics=row.clitics,
        case_sensitive=row.case_sensitive,
        note=row.note,
    )
