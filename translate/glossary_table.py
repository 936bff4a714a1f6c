"""The glossary as a CSV table: out for a spreadsheet, in again with every row checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from translate.errors import GlossaryError
from translate.glossary import EVERY_LANGUAGE
from translate.languages import is_code
from translate.models import GlossaryTerm
from translate.transaction import begin_change

COLUMNS = ("source_language", "target_language", "term", "target", "clitics", "case", "note")
_LONGEST = {"term": 200, "target": 200, "note": 500}
_MOST_ROWS = 5_000
# How many faults of a table are told at once.
_MOST_FAULTS = 50
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
    begin_change(session)
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
    begin_change(session)
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
    found: dict[tuple[str, str, str], _Values] = {}
    wrong: list[GlossaryError] = []
    try:
        header = reader.fieldnames or []
        missing = [c for c in COLUMNS[:4] if c not in header]
        if missing:
            names = ", ".join(missing)
            raise GlossaryError(f"The table lacks the columns {names}", problem="columns")
        for row in reader:
            if len(found) >= _MOST_ROWS:
                raise GlossaryError(
                    f"The table has more than {_MOST_ROWS} terms", problem="too many"
                )
            try:
                place, values = read_term(row)
                if place in found:
                    raise GlossaryError(f"{place[2]} is there twice", problem="twice", field="term")
                found[place] = values
            except GlossaryError as error:
                wrong.append(_on_line(error, reader.line_num))
    except csv.Error as error:
        wrong.append(
            _on_line(GlossaryError(f"this is no CSV: {error}", problem="csv"), reader.line_num)
        )
    if wrong:
        first = wrong[0]
        raise GlossaryError(
            str(first),
            problem=first.problem,
            field=first.field,
            line=first.line,
            others=wrong[1:_MOST_FAULTS],
        )
    return found


def _on_line(error: GlossaryError, line: int) -> GlossaryError:
    text = f"Line {line}: {error}"
    return GlossaryError(text, problem=error.problem, field=error.field, line=line)


def read_term(row: Mapping[str, str | None]) -> tuple[tuple[str, str, str], _Values]:
    """A row of the table as it is stored.

    :raise GlossaryError: naming the column that cannot be taken.
    """
    cells = {name: _bare(row.get(name) or "") for name in COLUMNS}
    source, target = cells["source_language"].lower(), cells["target_language"].lower()
    if not is_code(source):
        raise GlossaryError(
            f"{source or 'an empty cell'} is no language code",
            problem="code",
            field="source_language",
        )
    if target != EVERY_LANGUAGE and not is_code(target):
        raise GlossaryError(
            f"{target or 'an empty cell'} is no language code, nor *",
            problem="code",
            field="target_language",
        )
    if not any(c.isalnum() for c in cells["term"]):
        raise GlossaryError("a term needs a letter or a digit", problem="empty", field="term")
    if target == EVERY_LANGUAGE and cells["target"]:
        raise GlossaryError(
            "a fixed translation needs one target language, not *", problem="star", field="target"
        )
    for name, longest in _LONGEST.items():
        if len(cells[name]) > longest:
            raise GlossaryError(
                f"{name} is longer than {longest} characters", problem="long", field=name
            )
    switches = []
    for name, default in (("clitics", "no"), ("case", "yes")):
        value = (cells[name] or default).lower()
        if value not in _YES_NO:
            raise GlossaryError(
                f"{name} must be yes or no, not {value[:20]}", problem="yes or no", field=name
            )
        switches.append(_YES_NO[value])
    values = (cells["target"] or None, switches[0], switches[1], cells["note"])
    return (source, target, cells["term"]), values


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else cell


def _bare(cell: str) -> str:
    text = " ".join(cell.replace("\0", "").split())
    return text[1:] if text.startswith(("'=", "'+", "'-", "'@", "''")) else text
