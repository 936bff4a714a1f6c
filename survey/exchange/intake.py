"""Reads answers from files that `survey.exchange.export` wrote, checking every value."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import MAXYEAR, UTC, date, datetime
from typing import Any

from survey.exchange.export import LONGEST, NAMES, ExportedAnswer
from survey.language_tags import language_code
from survey.ratings import SCALE, Channel, SpamReason, State, Translation

# Columns that exports of earlier versions lack, with what stands for them.
LATER = {"spam_reason": ""}


class BadAnswers(ValueError):
    """A file that cannot be taken in; the message names the row and what is wrong with it."""


def from_csv(lines: Iterable[bytes]) -> Iterator[ExportedAnswer]:
    """Answers of a CSV file.

    :raise BadAnswers: at the first row that is not as written by the export.
    """
    rows = csv.DictReader(_text(lines), strict=True)
    try:
        names = tuple(rows.fieldnames or ())
        if names not in (NAMES, tuple(name for name in NAMES if name not in LATER)):
            raise BadAnswers("The first line must name the columns: " + ",".join(NAMES))
        for number, row in enumerate(rows, 1):
            if None in row or None in row.values():
                raise BadAnswers(f"Answer {number}: the line has not {len(names)} columns")
            yield _answer(number, {k: v.removeprefix("'") for k, v in row.items()})
    except csv.Error as error:
        raise BadAnswers(f"Line {rows.line_num}: this is no CSV: {error}") from error


def from_json(lines: Iterable[bytes]) -> Iterator[ExportedAnswer]:
    """Answers of a file with one JSON object a line.

    :raise BadAnswers: at the first line that is not as written by the export.
    """
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadAnswers(f"Answer {number}: this is no JSON: {error}") from error
        if not isinstance(row, dict) or LATER.keys() | row.keys() != set(NAMES):
            raise BadAnswers(f"Answer {number}: it must have exactly these: {', '.join(NAMES)}")
        yield _answer(number, row)


def _text(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadAnswers(f"Line {number} is not UTF-8") from error


def _answer(number: int, row: Mapping[str, object]) -> ExportedAnswer:
    given = {**LATER, **row}
    values: dict[str, Any] = {name: _value(number, name, given[name]) for name in NAMES}
    for name in ("nonce", "page", "question"):
        if not values[name]:
            raise BadAnswers(f"Answer {number}: {name} is empty")
    for name in ("site_language", "shown_language", "source_language"):
        _language(number, name, values[name])
    day, moment = values["day"], values["answered_at"]
    # A calendar is at most a day apart from the one of UTC, wherever the site stands.
    if abs(day.toordinal() - moment.astimezone(UTC).date().toordinal()) > 1:
        raise BadAnswers(f"Answer {number}: day {day} is not that of answered_at {moment}")
    if values["spam_reason"] and values["state"] is not State.SPAM:
        raise BadAnswers(f"Answer {number}: spam_reason says why, and state is not spam")
    return ExportedAnswer(**values)


def _language(number: int, name: str, value: str) -> None:
    """Pages name the language of an answer, and count by it: it stands in its own code.

    :raise BadAnswers: when it is none, or more than a code, such as ar-MA.
    """
    if not value or language_code(value) != value:
        raise BadAnswers(
            f"Answer {number}: {name} {value[:40]!r} is no code of a known language; "
            "write one, such as en, fr or ar"
        )


def _value(number: int, name: str, value: object) -> object:
    try:
        made = READERS.get(name, _as_text)(value)
    except (ValueError, TypeError) as error:
        raise BadAnswers(f"Answer {number}: {name} cannot be {str(value)[:40]!r}") from error
    longest = LONGEST.get(name)
    if longest and len(str(made)) > longest:
        raise BadAnswers(f"Answer {number}: {name} is longer than {longest} characters")
    return made


def _as_text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    # Half a character, as JSON can hold it, is a ValueError too.
    value.encode()
    return value


def _as_level(value: object) -> int:
    if str(value) not in map(str, SCALE):
        raise ValueError
    return int(str(value))


def _as_moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_as_text(value))
    # In the calendar's first and last year there is not every moment in every zone.
    if moment.tzinfo is None or not 1 < moment.year < MAXYEAR:
        raise ValueError
    return moment


def _as_switch(value: object) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise ValueError
    return str(value).lower() == "true"


READERS = {
    "answered_at": _as_moment,
    "day": lambda value: date.fromisoformat(_as_text(value)),
    "rating": _as_level,
    "state": lambda value: State(_as_text(value)),
    "spam_reason": lambda value: SpamReason(_as_text(value)),
    "channel": lambda value: Channel(_as_text(value)),
    "translation": lambda value: Translation(_as_text(value)),
    "disclaimer_acknowledged": _as_switch,
}
