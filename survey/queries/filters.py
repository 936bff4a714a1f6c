"""What a report is asked to cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a report is asked to cover.

    Days are whole and both included; None is the first or the last day with an answer.
    `language` is that of the text that was shown; None is all. `question` is the checksum of a
    version of the question, or its beginning; None is the newest version of each language.
    """

    start: date | None = None
    end: date | None = None
    language: str | None = None
    include_possible_duplicates: bool = False
    question: str | None = None
