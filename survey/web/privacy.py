"""What is stored about visitors, read from the schema: the privacy page cannot fall behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from survey.models import (
    Base,
    Comment,
    DailyArticleCount,
    DailyCount,
    DailyLanguageCount,
    DailyView,
    MonthlyArticleCount,
    MonthlyArticleView,
    MonthlyCount,
    Response,
    VisitorSalt,
    WordingRow,
)

PURPOSES: dict[type[Base], Any] = {
    Response: _l("One row for each answer"),
    Comment: _l("What you wrote, apart from the answer"),
    DailyCount: _l("Counts of answers by day"),
    DailyArticleCount: _l("Counts of answers by day and article"),
    DailyLanguageCount: _l("Counts of answers by day and language"),
    MonthlyCount: _l("Counts of answers by month"),
    MonthlyArticleCount: _l("Counts of answers by month and article"),
    DailyView: _l("Counts of how often the question was shown"),
    MonthlyArticleView: _l("Counts of how often the question was shown, by month and article"),
    VisitorSalt: _l("The day's random number, destroyed when the day is over"),
    WordingRow: _l("Every version of the question and of the disclaimer"),
}
COLUMNS: dict[str, Any] = {
    "id": _l("a running number"),
    "response_id": _l("the running number of the answer it belongs to"),
    "nonce": _l("a random number of the form, so that one answer counts once"),
    "answered_at": _l("the time of the answer"),
    "written_at": _l("the time of the comment"),
    "first_shown": _l("when this text was first shown"),
    "current_since": _l("when this text was last put on the pages"),
    "day": _l("the day"),
    "month": _l("the month"),
    "level_1": _l("how many answers of level 1"),
    "level_2": _l("how many answers of level 2"),
    "level_3": _l("how many answers of level 3"),
    "level_4": _l("how many answers of level 4"),
    "level_5": _l("how many answers of level 5"),
    "rating": _l("the level you chose, 1 to 5"),
    "page": _l("the address of the page where the question stood"),
    "article": _l("the article that was shown"),
    "revision": _l("a checksum of the article's text"),
    "site_language": _l("the language of the page"),
    "shown_language": _l("the language of the text that was shown"),
    "source_language": _l("the language the text was written in"),
    "translation": _l(
        "whether it was the original, machine-translated, reviewed, or translated in your browser"
    ),
    "engine": _l("what translated it"),
    "engine_version": _l("the version of what translated it"),
    "engine_checksum": _l("the checksum of what translated it"),
    "question_id": _l("the version of the question"),
    "disclaimer_id": _l("the version of the disclaimer, where one was shown"),
    "disclaimer_acknowledged": _l("whether the disclaimer was acknowledged"),
    "channel": _l("whether the answer came from a page, an embedded box or a program"),
    "state": _l("whether the answer counts"),
    "spam_reason": _l(
        "why it does not count, if it looked like a program's: a field that people leave empty was "
        "filled in, it came too quickly or without a proof of work, or a moderator said so"
    ),
    "visitor_key": _l(
        "a mark made of your address, your browser's name, the page and the day's random number; "
        "emptied when the day is over"
    ),
    "text": _l("the text"),
    "answers": _l("how many answers"),
    "views": _l("how many times shown"),
    "salt": _l("the random number"),
    "kind": _l("question or disclaimer"),
    "language": _l("the language of the text"),
    "sha256": _l("a checksum of the text"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """One table as the privacy page shows it: its name, purpose, and columns with their meaning."""

    name: str
    purpose: Any
    columns: tuple[tuple[str, Any], ...]


def stored_tables() -> list[StoredTable]:
    """Every table that has to do with visitors.

    :raise KeyError: when a column has no explanation; a test makes sure that none lacks one.
    """
    return [
        StoredTable(
            name=model.__tablename__,
            purpose=purpose,
            columns=tuple((c.name, COLUMNS[c.name]) for c in model.__table__.columns),
        )
        for model, purpose in PURPOSES.items()
    ]
