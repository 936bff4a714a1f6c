"""Who is signed in on the admin pages, and what each role may do there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import abort, g, session
from sqlalchemy.orm import Session

from survey.accounts.accounts import LONGEST_TARGET, Account, account, audit
from survey.accounts.roles import Role

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.ADMIN: 2}


def signed_in(database: Session, *, now: datetime) -> Account | None:
    """The account of this browser's session, while it is neither idle nor old nor changed."""
    stored = session.get("account")
    if not isinstance(stored, dict):
        return None
    started = datetime.fromtimestamp(stored["started"], UTC)
    seen = datetime.fromtimestamp(stored["seen"], UTC)
    found = account(database, stored["id"])
    over = now - started > ABSOLUTE or now - seen > IDLE
    if found is None or found.mark != stored["mark"] or over:
        session.clear()
        return None
    # Written once a minute, so that not every picture of a page sets the cookie again.
    if now - seen > timedelta(minutes=1):
        session["account"] = stored | {"seen": int(now.timestamp())}
    return found


def require(role: Role) -> None:
    """Stop here with 403 unless the signed-in account has at least this role."""
    found: Account | None = g.get("account")
    if found is None or RANK[found.role] < RANK[role]:
        abort(403)


def has(role: Role) -> bool:
    """Whether the signed-in account has at least this role."""
    return RANK[current_account().role] >= RANK[role]


def current_account() -> Account:
    """Who is signed in; the guard has let nobody else in."""
    found: Account = g.account
    return found


def note(database: Session, action: str, target: str) -> None:
    """Note that the signed-in account did this to this object."""
    audit(
        database,
        actor=current_account().name,
        action=action,
        target=target[:LONGEST_TARGET],
        now=datetime.now(UTC),
    )


def start_session(found: Account, now: datetime) -> None:
    """Sign an account in on this browser."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    moment = int(now.timestamp())
    session["account"] = {"id": found.id, "mark": found.mark, "started": moment, "seen": moment}


def stay_signed_in(database: Session, user_id: int) -> None:
    """Keep the session in which somebody changed their own password.

    A new password ends every session of its account; this one begins anew.
    """
    if user_id != current_account().id:
        return
    found = account(database, user_id)
    if found is not None:
        start_session(found, datetime.now(UTC))
