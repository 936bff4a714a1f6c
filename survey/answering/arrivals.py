"""Answers on their way into the database: what their rows will say, and what tells repetitions."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from survey.answering.personal_data import mask
from survey.answering.tokens import Submission
from survey.answering.visitors import Visitor
from survey.ratings import Rating, Shown, SpamReason, State, local_day

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An answer on its way into the database: its columns, and what tells a repetition."""

    values: Values
    rating: Rating
    visitor: Visitor | None
    repeat_seconds: float
    random_bytes: Callable[[int], bytes]


def arrival(
    rating: Rating,
    submission: Submission,
    *,
    now: datetime,
    zone: tzinfo,
    min_seconds: float = 0.0,
    visitor: Visitor | None = None,
    repeat_seconds: float = 600.0,
    spam: SpamReason = SpamReason.NONE,
    countries: Collection[str] = (),
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Arrival:
    """An answer as it will be stored.

    The token's nonce is the idempotency key: sent again, it is the same answer, and with another
    level it changes that answer. An answer quicker than `min_seconds`, or one that is `spam` for
    another reason, is kept as spam. With a `visitor`, a second form from the same address, browser
    and page changes the first answer within `repeat_seconds`; later on the same day it is kept as a
    possible duplicate. The comment is masked (see `survey.answering.personal_data`).
    """
    # A form of the future was there before the clock was set back: nobody knows how long.
    age = now - submission.issued_at
    if not spam and timedelta() <= age < timedelta(seconds=min_seconds):
        spam = SpamReason.TOO_QUICK
    rating = replace(rating, comment=mask(rating.comment, countries))
    values = _screen(submission.shown) | {
        "disclaimer_acknowledged": rating.acknowledged and bool(submission.shown.disclaimer),
        "nonce": submission.nonce,
        "answered_at": now,
        "day": local_day(now, zone),
        "rating": rating.level,
        "state": State.SPAM if spam else State.COUNTED,
        "spam_reason": spam,
        "visitor_key": None,
    }
    return Arrival(
        values=values,
        rating=rating,
        visitor=None if spam else visitor,
        repeat_seconds=repeat_seconds,
        random_bytes=random_bytes,
    )


def _screen(shown: Shown) -> Values:
    """The columns of what was shown; `question` and `disclaimer` still by their digests."""
    engine = shown.translator
    return {
        "page": shown.page,
        "article": shown.article,
        "revision": shown.revision,
        "site_language": shown.site_language,
        "shown_language": shown.shown_language,
        "source_language": shown.source_language,
        "translation": shown.translation,
        "engine": engine.name,
        "engine_version": engine.version,
        "engine_checksum": engine.checksum,
        "question": shown.question,
        "disclaimer": shown.disclaimer,
        "channel": shown.channel,
    }
