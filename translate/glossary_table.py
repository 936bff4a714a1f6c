"""The glossary as a CSV table: out for a spreadsheet, in again with every row checked."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from translate.errors import GlossaryError
from translate.glossary import EVERY_LANGUAGE
from translate.languages import is_code
from translate.models import GlossaryTerm

COLUMNS = ("source_language", "target_language", "term", "target", "clitics", "case", "note")
_LONGEST = {"term": 200, "target": 200, "note": 500}
_MOST_ROWS = 5_000
_YES_NO = {"yes": True, "no": False, "": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """How many terms were added, changed, and left as they were."""

    added: int
    changed: int
    unchanged: int


def export_table(session: Session) -> str:
    """All terms as CSV with a header. An empty `target` means that the term stays as it is.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    rows = session.scalars(
        select(GlossaryTerm).order_by(
            GlossaryTerm.source_language, GlossaryTerm.target_language, GlossaryTerm.term
        )
    )
    for row in rows:
        writer.writerow(
            [
                row.source_language,
                row.target_language,
                _guarded(row.term),
                _guarded(row.target or ""),
                "yes" if row.clitics else "no",
                "yes" if row.case_sensitive else "no",
                _guarded(row.note),
            ]
        )
    return out.getvalue()


def import_table(session: Session, text: str, *, by: str, now: datetime) -> TableReport:
    """Add and change terms from CSV; what the table does not name stays. All rows or none.

    :raise GlossaryError: naming the line that cannot be taken, and why.
    """
    wanted = _read(text)
    session.rollback()
    session.connection(execution_options={"writes": True})
    known = {
        (row.source_language, row.target_language, row.term): row
        for row in session.scalars(select(GlossaryTerm))
    }
    added = changed = 0
    for place, values in wanted.items():
        row = known.get(place)
        if row is None:
            row = GlossaryTerm(source_language=place[0], target_language=place[1], term=place[2])
            session.add(row)
            added += 1
        elif _values(row) == values:
            continue
        else:
            changed += 1
        row.target, row.clitics, row.case_sensitive, row.note = values
        row.created_at, row.created_by = now, by
    session.commit()
    return TableReport(added=added, changed=changed, unchanged=len(wanted) - added - changed)


def remove_term(session: Session, source: str, target: str, term: str) -> None:
    """Remove one term.

    :raise GlossaryError: when there is no such term.
    """
    session.rollback()
    session.connection(execution_options={"writes": True})
    gone = session.execute(
        delete(GlossaryTerm)
        .where(
            GlossaryTerm.source_language == source,
            GlossaryTerm.target_language == target,
            GlossaryTerm.term == term,
        )
        .returning(GlossaryTerm.id)
    )
    if gone.first() is None:
        session.rollback()
        raise GlossaryError(f"The glossary has no term {term} from {source} to {target}")
    session.commit()


_Values = tuple[str | None, bool, bool, str]


def _values(row: GlossaryTerm) -> _Values:
    return row.target, row.clitics, row.case_sensitive, row.note


def _read(text: str) -> dict[tuple[str, str, str], _Values]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = reader.fieldnames or []
        missing = [c for c in COLUMNS[:4] if c not in header]
        if missing:
            raise GlossaryError(f"The table lacks the columns {', '.join(missing)}")
        found: dict[tuple[str, str, str], _Values] = {}
        for row in reader:
            if len(found) >= _MOST_ROWS:
                raise GlossaryError(f"The table has more than {_MOST_ROWS} terms")
            try:
                place, values = _term(row)
            except GlossaryError as error:
                raise GlossaryError(f"Line {reader.line_num}: {error}") from error
            if place in found:
                raise GlossaryError(f"Line {reader.line_num}: {place[2]} is there twice")
            found[place] = values
    except csv.Error as error:
        raise GlossaryError(f"Line {reader.line_num}: this is no CSV: {error}") from error
    return found


def _term(row: dict[str, str | None]) -> tuple[tuple[str, str, str], _Values]:
    cells = {name: _bare(row.get(name) or "") for name in COLUMNS}
    source, target = cells["source_language"].lower(), cells["target_language"].lower()
    if not is_code(source):
        raise GlossaryError(f"{source or 'an empty cell'} is no language code")
    if target != EVERY_LANGUAGE and not is_code(target):
        raise GlossaryError(f"{target or 'an empty cell'} is no language code, nor *")
    if not any(c.isalnum() for c in cells["term"]):
        raise GlossaryError("a term needs a letter or a digit")
    if target == EVERY_LANGUAGE and cells["target"]:
        raise GlossaryError("a fixed translation needs one target language, not *")
    for name, longest in _LONGEST.items():
        if len(cells[name]) > longest:
            raise GlossaryError(f"{name} is longer than {longest} characters")
    switches = []
    for name, default in (("clitics", "no"), ("case", "yes")):
        value = (cells[name] or default).lower()
        if value not in _YES_NO:
            raise GlossaryError(f"{name} must be yes or no, not {value[:20]}")
        switches.append(_YES_NO[value])
    values = (cells["target"] or None, switches[0], switches[1], cells["note"])
    return (source, target, cells["term"]), values


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else cell


def _bare(cell: str) -> str:
    text = " ".join(cell.replace("\0", "").split())
    return text[1:] if text.startswith(("'=", "'+", "'-", "'@", "''")) else text
