"""Recognises a repeated answer for a day and nobody afterwards: the salt, and the key under it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from survey import rollup
from survey.models import Response, VisitorSalt
from survey.ratings import State

SALT_BYTES = 32
# Keys emptied in one statement: the database's write lock is given back in between.
KEYS_AT_ONCE = 2_000
# Made once: making a statement costs more than running it.
_SALT = select(VisitorSalt.salt).where(VisitorSalt.day == bindparam("day"))
_COUNTS = Response.state.in_((State.COUNTED, State.POSSIBLE_DUPLICATE))
_KEYS = select(Response.visitor_key).where(
    Response.visitor_key.in_(bindparam("keys", expanding=True)), _COUNTS
)
_LOCKS = select(
    func.pg_advisory_xact_lock(
        func.unnest(bindparam("numbers", type_=ARRAY(BigInteger))).column_valued("number")
    )
)
_NEWEST = (
    select(Response)
    .where(Response.visitor_key == bindparam("key"), _COUNTS)
    .order_by(Response.answered_at.desc(), Response.id.desc())
    .limit(1)
    .with_for_update()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Where an answer came from; goes into a key and is never stored."""

    address: str
    agent: str


def visitor_key(salt: bytes, visitor: Visitor, page: str) -> str:
    """HMAC-SHA-256 of address, user agent and page under the day's salt, as 64 hex digits."""
    message = "\0".join((visitor.address, visitor.agent, page))
    return hmac.new(salt, message.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def salt_of(session: Session, day: date, random_bytes: Callable[[int], bytes]) -> bytes:
    """The day's salt, made on first use; what is left of earlier days goes then. No commit here.

    :param random_bytes: such as `secrets.token_bytes`; nothing that could be computed again.
    """
    connection = session.connection()
    found: bytes | None = connection.scalar(_SALT, {"day": day})
    if found is not None:
        return found
    session.execute(delete(VisitorSalt).where(VisitorSalt.day < day))
    made = rollup.insert(session, VisitorSalt).values(day=day, salt=random_bytes(SALT_BYTES))
    session.execute(made.on_conflict_do_nothing(index_elements=["day"]))
    return connection.scalars(_SALT, {"day": day}).one()


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the keys under which an answer counts in some way.

    Each key is locked until the commit: of two forms of one visitor at the same moment the second
    waits, and then finds the first.
    """
    if not keys:
        return set()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # Always in the same order: two transactions must not wait for each other crosswise.
        numbers = sorted(int.from_bytes(bytes.fromhex(key[:16]), signed=True) for key in keys)
        connection.execute(_LOCKS, {"numbers": numbers})
    return set(connection.scalars(_KEYS, {"keys": sorted(keys)}))


def earlier_answer(session: Session, key: str) -> Response | None:
    """The newest answer under this key that counts in some way; locked until the commit."""
    return session.scalar(_NEWEST, {"key": key})


def destroy_salts(session: Session, *, before: date) -> int:
    """Delete the salts of earlier days; gives how many there were. The caller commits."""
    return len(
        list(
            session.scalars(
                delete(VisitorSalt).where(VisitorSalt.day < before).returning(VisitorSalt.day)
            )
        )
    )


def empty_keys(session: Session, *, before: date) -> int:
    """Empty up to `KEYS_AT_ONCE` keys of earlier days; gives how many. The caller commits."""
    old = (
        select(Response.id)
        .where(Response.visitor_key.is_not(None), Response.day < before)
        .limit(KEYS_AT_ONCE)
    )
    emptied = session.scalars(
        update(Response).where(Response.id.in_(old)).values(visitor_key=None).returning(Response.id)
    )
    return len(list(emptied))


def window_covers(earlier: Response, now: datetime, seconds: float) -> bool:
    """Whether an answer is young enough to be changed; a clock set back makes none too old."""
    return (now - earlier.answered_at).total_seconds() <= seconds
