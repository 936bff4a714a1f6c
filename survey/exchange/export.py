"""The answers as files: one row an answer with what was on the screen, in constant memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from survey.models import Comment, Response, WordingRow
from survey.ratings import COMMENT_LIMIT, SCALE, Channel, SpamReason, State, Translation

ROWS_AT_ONCE = 1_000
BOM = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, and our own mark against that.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "'")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedAnswer:
    """One answer as it is given out; question and disclaimer are the texts themselves."""

    nonce: str
    answered_at: datetime
    day: date
    rating: int
    state: State
    spam_reason: SpamReason
    channel: Channel
    page: str
    article: str
    revision: str
    site_language: str
    shown_language: str
    source_language: str
    translation: Translation
    engine: str
    engine_version: str
    engine_checksum: str
    question: str
    disclaimer: str
    disclaimer_acknowledged: bool
    comment: str


NAMES = tuple(f.name for f in fields(ExportedAnswer))
VALUES = attrgetter(*NAMES)
MAY_BE_EMPTY = {
    "spam_reason",
    "article",
    "revision",
    "engine",
    "engine_version",
    "engine_checksum",
    "disclaimer",
    "comment",
}
LONGEST = {
    "nonce": 64,
    "page": 500,
    "article": 200,
    "revision": 64,
    "site_language": 16,
    "shown_language": 16,
    "source_language": 16,
    "engine": 200,
    "engine_version": 40,
    "engine_checksum": 64,
    # Masks may be longer than what they stand for.
    "comment": 10 * COMMENT_LIMIT,
}
MEANINGS = {
    "nonce": "Random number of the form; no two answers share one",
    "answered_at": "Moment of the answer, UTC",
    "day": "The site's calendar day of the answer",
    "rating": "1 (Extremely Dissatisfied) to 5 (Extremely Satisfied)",
    "state": "counted and possible_duplicate are answers; spam and withdrawn are not reported",
    "spam_reason": "Why it is spam: honeypot: a field that people leave empty was filled in; "
    "too_quick: sent too quickly for a person; no_proof: without the proof of work asked for; "
    "moderator: marked by one; empty for what is not spam, and for spam of before this was kept",
    "channel": "page: on this site; embed: in the box on another page; api: by a program",
    "page": "Address of the page that was rated",
    "article": "Short name of the article that was shown; empty for none",
    "revision": "SHA-256 of the article's original text; empty for none",
    "site_language": "Language of the page around the text",
    "shown_language": "Language of the text that was shown",
    "source_language": "Language the text was written in",
    "translation": "original; machine: by this server; reviewed: by a person; third_party: "
    "by the browser or another website's widget",
    "engine": "What translated; empty for originals",
    "engine_version": "Version of what translated",
    "engine_checksum": "Checksum of what translated",
    "question": "The question as it was asked",
    "disclaimer": "The disclaimer as it was shown; empty for none",
    "disclaimer_acknowledged": "Whether the reader confirmed having read the disclaimer",
    "comment": "What the visitor wrote, with personal data masked; empty for none or expired",
}


def answers(
    session: Session,
    *,
    first: date | None = None,
    last: date | None = None,
    states: Sequence[State] = (),
) -> Iterator[ExportedAnswer]:
    """Every answer in the order in which they came; days are included, None is no bound."""
    query = _query()
    if first:
        query = query.where(Response.day >= first)
    if last:
        query = query.where(Response.day <= last)
    if states:
        query = query.where(Response.state.in_(states))
    found = session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    for row in found:
        values = dict(zip(NAMES, row, strict=True))
        for name in ("disclaimer", "comment"):
            values[name] = values[name] or ""
        yield ExportedAnswer(**values)


def csv_lines(rows: Iterator[ExportedAnswer]) -> Iterator[bytes]:
    """CSV by RFC 4180 in UTF-8 with a byte order mark, for spreadsheets; safe from formulas.

    A text that begins like a formula, or with an apostrophe, has an apostrophe put before it.
    """
    yield BOM.encode()
    yield _csv_line(NAMES)
    for row in rows:
        yield safe_line(VALUES(row))


def json_lines(rows: Iterator[ExportedAnswer]) -> Iterator[bytes]:
    """One JSON object a line, in UTF-8."""
    for row in rows:
        plain = {n: _plain(value) for n, value in zip(NAMES, VALUES(row), strict=True)}
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def codebook() -> dict[str, object]:
    """What every column means, as a Table Schema (specs.frictionlessdata.io/table-schema)."""
    return {
        "fields": [_field(name) for name in NAMES],
        "primaryKey": "nonce",
        "missingValues": [""],
        "notes": "In CSV an apostrophe stands before texts that begin with one of "
        + " ".join(json.dumps(start) for start in FORMULA_STARTS)
        + "; take away the first apostrophe to have the text itself.",
    }


def _query() -> Select[Any]:
    question, disclaimer = aliased(WordingRow), aliased(WordingRow)
    elsewhere = {
        "question": question.text,
        "disclaimer": disclaimer.text,
        "comment": Comment.text,
    }
    columns = [elsewhere[n] if n in elsewhere else getattr(Response, n) for n in NAMES]
    return (
        select(*columns)
        .join(question, question.id == Response.question_id)
        .outerjoin(disclaimer, disclaimer.id == Response.disclaimer_id)
        .outerjoin(Comment, Comment.response_id == Response.id)
        .order_by(Response.id)
    )


def safe_line(values: Sequence[object]) -> bytes:
    """One line of CSV, in which no text can be run as a formula."""
    return _csv_line([_cell(value) for value in values])


def _csv_line(cells: Sequence[object]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _cell(value: object) -> object:
    plain = _plain(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, str) and plain.startswith(FORMULA_STARTS):
        return "'" + plain
    return plain


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _field(name: str) -> dict[str, object]:
    kinds: dict[str, str] = {
        "answered_at": "datetime",
        "day": "date",
        "rating": "integer",
        "disclaimer_acknowledged": "boolean",
    }
    choices = {
        "state": State,
        "spam_reason": SpamReason,
        "channel": Channel,
        "translation": Translation,
    }
    limits: dict[str, object] = {"required": name not in MAY_BE_EMPTY}
    if name in choices:
        limits["enum"] = [member.value for member in choices[name] if member.value]
    if name == "rating":
        limits |= {"minimum": SCALE[0], "maximum": SCALE[-1]}
    if name in LONGEST:
        limits["maxLength"] = LONGEST[name]
    return {
        "name": name,
        "type": kinds.get(name, "string"),
        "description": MEANINGS[name],
        "constraints": limits,
    }
