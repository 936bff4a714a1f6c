"""Keys of API clients, what they may use, and what they used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from translate.errors import ApiKeyError, QuotaExceeded, UnknownKey
from translate.models import ApiKey, UsageDay
from translate.transaction import begin_write

_PREFIX = "rayak_"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it may be shown: never the secret itself. None stands for no limit."""

    id: int
    name: str
    characters_per_day: int | None
    requests_per_minute: int | None
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was used with one key on a UTC day."""

    day: date
    key: str
    requests: int
    characters: int


def create_key(
    session: Session,
    name: str,
    secret: str,
    *,
    characters_per_day: int | None = None,
    requests_per_minute: int | None = None,
    now: datetime,
) -> tuple[Key, str]:
    """Make a key and store its hash only.

    :param secret: 32 random characters or more, from `secrets.token_urlsafe(32)`.
    :return: the key, and the text to hand over: it is shown this once.
    :raise ApiKeyError: for a name that is taken, empty or too long, or a limit below one.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise ApiKeyError(f"A key needs a name of 1 to {LONGEST_NAME} characters")
    for limit in (characters_per_day, requests_per_minute):
        if limit is not None and not 1 <= limit < 2**31:
            raise ApiKeyError("A limit is a number from 1 up; leave it out for none")
    if len(secret) < 32:
        raise ValueError("a key's secret needs 32 characters")
    text = f"{_PREFIX}{secret}"
    begin_write(session)
    if session.scalar(select(ApiKey.id).where(ApiKey.name == name)) is not None:
        session.rollback()
        raise ApiKeyError(f"There is a key named {name} already; revoked keys keep their names")
    row = ApiKey(
        name=name,
        sha256=_digest(text),
        characters_per_day=characters_per_day,
        requests_per_minute=requests_per_minute,
        created_at=now,
    )
    session.add(row)
    session.flush()
    key = _key(row)
    session.commit()
    return key, text


def list_keys(session: Session) -> list[Key]:
    """Every key, revoked ones too, by name."""
    return [_key(row) for row in session.scalars(select(ApiKey).order_by(ApiKey.name))]


def revoke_key(session: Session, name: str, *, now: datetime) -> None:
    """Make a key useless from now on; its usage stays.

    :raise UnknownKey: when there is no such key in use.
    """
    begin_write(session)
    row = session.scalar(select(ApiKey).where(ApiKey.name == name, ApiKey.revoked_at.is_(None)))
    if row is None:
        session.rollback()
        raise UnknownKey(f"There is no key {name} in use; see `rayak keys list`")
    row.revoked_at = now
    session.commit()


def find_key(session: Session, text: str) -> Key:
    """The key a caller sent.

    :raise UnknownKey: when it is none of ours, or revoked.
    """
    row = session.scalar(
        select(ApiKey).where(ApiKey.sha256 == _digest(text), ApiKey.revoked_at.is_(None))
    )
    if row is None:
        raise UnknownKey("Invalid API key")
    return _key(row)


def has_keys(session: Session) -> bool:
    """Whether any key is in use. While none is, clients may send what they like as one."""
    return session.scalar(select(ApiKey.id).where(ApiKey.revoked_at.is_(None)).limit(1)) is not None


def take(session: Session, key: Key, characters: int, *, now: datetime) -> None:
    """Count one request of so many characters, in one write, unless it is over the day's quota.

    :raise QuotaExceeded: and nothing is counted.
    """
    day = now.astimezone(UTC).date()
    begin_write(session)
    insert = _insert(session).values(day=day, key_id=key.id, requests=1, characters=characters)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["day", "key_id"],
            set_={
                "requests": UsageDay.requests + 1,
                "characters": UsageDay.characters + insert.excluded.characters,
            },
        )
    )
    used = session.scalar(
        select(UsageDay.characters).where(UsageDay.day == day, UsageDay.key_id == key.id)
    )
    limit = key.characters_per_day
    if limit is not None and used is not None and used > limit:
        session.rollback()
        raise QuotaExceeded(
            f"The key's {limit} characters a day are used up: {limit - used + characters} are left "
            f"and the request has {characters}; the count starts anew at midnight UTC"
        )
    session.commit()


def usage(session: Session, *, since: date, key_id: int | None = None) -> list[Usage]:
    """What was used day by day, newest first, of one key or of all."""
    query = (
        select(UsageDay, ApiKey.name)
        .join(ApiKey, ApiKey.id == UsageDay.key_id)
        .where(UsageDay.day >= since)
        .order_by(UsageDay.day.desc(), ApiKey.name)
    )
    if key_id is not None:
        query = query.where(UsageDay.key_id == key_id)
    return [
        Usage(day=row.day, key=name, requests=row.requests, characters=row.characters)
        for row, name in session.execute(query)
    ]


def _key(row: ApiKey) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        characters_per_day=row.characters_per_day,
        requests_per_minute=row.requests_per_minute,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )


def _digest(text: str) -> str:
    # The secret is random and long: a plain hash cannot be turned round, and is quick to look up.
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _insert(session: Session) -> Any:
    dialect = session.get_bind().dialect.name
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(UsageDay)
