"""Accounts of the admin pages: made, checked, listed; passwords as argon2id hashes only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey.accounts.roles import Role
from survey.models import AdminUser, AuditEvent
from survey.services import begin_write

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LONGEST_NAME = 80
LONGEST_TARGET = 200
# Who did what no account did, in the audit log and beside reviewed texts.
PROGRAMS = frozenset({"command line", "setup", "sample"})

# argon2-cffi's defaults: argon2id, 64 MiB, three passes, above OWASP's 19 MiB and two.
_hasher = PasswordHasher()
# Checked when the name is unknown, so that the time of an answer does not tell who exists: the hash
# of random bytes that were thrown away. Making one would take each command a third of a second.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$B1wir9TqhmgBuOUWWhP26A"
    "$AcuGkJ7P/mWQ/4f/e0Qc22MuKM2X7EPGo7K2h/OZZIY"
)


class AccountError(ValueError):
    """An account cannot be made as asked; the message says why."""


class NameOfProgram(AccountError):
    """Nobody could tell what an account of this name does from what a program does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in, and the mark that a new password or a signing out changes."""

    id: int
    name: str
    role: Role
    mark: str


def generate_password() -> str:
    """A random password of about 119 bits."""
    return secrets.token_urlsafe(15)


def checked_name(name: str) -> str:
    """A name without spaces around it.

    :raise AccountError: when it is empty, too long or no line of text.
    :raise NameOfProgram: when the audit log calls a program so.
    """
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise AccountError(f"The name must have 1 to {LONGEST_NAME} characters")
    if name.casefold() in PROGRAMS:
        raise NameOfProgram(f"The audit log calls a program {name}; choose another name")
    return name


def hashed_password(password: str) -> str:
    """The hash that is stored of a password.

    :raise AccountError: when it is too short or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(
            f"The password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        )
    return _hasher.hash(password)


def audited_event(actor: str, action: str, target: str, now: datetime) -> AuditEvent:
    """The row of a change, for the change's own transaction."""
    return AuditEvent(at=now, actor=actor, action=action, target=target[:LONGEST_TARGET])


def authenticate(session: Session, name: str, password: str) -> Account | None:
    """The account whose name and password these are, or None without saying which was wrong."""
    user = session.scalar(select(AdminUser).filter_by(name=name.strip()))
    stored = user.password_hash if user else _NOBODY
    # The read transaction ends here: hashing is slow, and nothing may wait for it.
    session.rollback()
    try:
        _hasher.verify(stored, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return account(session, user.id) if user else None


def account(session: Session, user_id: int) -> Account | None:
    """The account with this number, if it still exists."""
    user = session.get(AdminUser, user_id)
    if user is None:
        return None
    mark = f"{user.password_hash[-16:]}-{user.session_epoch}"
    return Account(id=user.id, name=user.name, role=user.role, mark=mark)


def end_sessions(session: Session, user_id: int) -> None:
    """Make every cookie of an account worthless."""
    begin_write(session)
    session.execute(
        update(AdminUser)
        .where(AdminUser.id == user_id)
        .values(session_epoch=AdminUser.session_epoch + 1)
    )
    session.commit()


def count_accounts(session: Session) -> int:
    """How many accounts there are."""
    return session.scalar(select(func.count()).select_from(AdminUser)) or 0


def audit(session: Session, *, actor: str, action: str, target: str, now: datetime) -> None:
    """Note who did what to which object."""
    begin_write(session)
    session.add(AuditEvent(at=now, actor=actor, action=action, target=target))
    session.commit()
