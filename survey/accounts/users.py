"""Accounts in an administrator's hands: listed, given roles and passwords, removed; all audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.accounts.accounts import (
    AccountError,
    audited_event,
    authenticate,
    checked_name,
    hashed_password,
)
from survey.accounts.roles import Role
from survey.models import AdminUser
from survey.services import begin_write


class UnknownAccount(LookupError):
    """There is no account with this number."""


class UnknownName(AccountError):
    """There is no account of this name."""


class NameTaken(AccountError):
    """Another account has this name."""


class LastAdmin(AccountError):
    """Without this account nobody could manage the service."""


class WrongPassword(AccountError):
    """The password that should be replaced is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account as it may be shown."""

    id: int
    name: str
    role: Role
    created_at: datetime


def list_users(session: Session) -> list[User]:
    """Every account, by name."""
    rows = session.scalars(select(AdminUser).order_by(AdminUser.name))
    return [User(id=r.id, name=r.name, role=r.role, created_at=r.created_at) for r in rows]


def user_named(session: Session, name: str) -> User:
    """The account of this name.

    :raise UnknownName: when there is none.
    """
    user = next((u for u in list_users(session) if u.name == name.strip()), None)
    if user is None:
        raise UnknownName(f"There is no account named {name}; see `rayak admin list`")
    return user


def add_user(
    session: Session, name: str, password: str, role: Role, *, actor: str, now: datetime
) -> None:
    """Make an account; one of the same name is left alone.

    :raise NameTaken: when there is one.
    :raise AccountError: for an empty or long name, or a password of a wrong length.
    """
    name, hashed = checked_name(name), hashed_password(password)
    begin_write(session)
    if session.scalar(select(AdminUser.id).filter_by(name=name)) is not None:
        session.rollback()
        raise NameTaken(
            f"There is an account named {name} already; `rayak admin password` gives it a new "
            "password, `rayak admin role` another role"
        )
    session.add(AdminUser(name=name, password_hash=hashed, role=role, created_at=now))
    session.add(audited_event(actor, "account made", f"{name} ({role.value})", now))
    session.commit()


def change_role(session: Session, user_id: int, role: Role, *, actor: str, now: datetime) -> User:
    """Give an account another role; its sessions end.

    :raise UnknownAccount: when it does not exist.
    :raise LastAdmin: for the last administrator.
    """
    row = _locked(session, user_id, keeps_admin=role is Role.ADMIN)
    if row.role is not role:
        event = f"{row.name} ({row.role.value} -> {role.value})"
        row.role = role
        row.session_epoch += 1
        session.add(audited_event(actor, "account role changed", event, now))
    changed = User(id=row.id, name=row.name, role=row.role, created_at=row.created_at)
    session.commit()
    return changed


def set_password(
    session: Session, user_id: int, password: str, *, actor: str, now: datetime
) -> str:
    """Give an account a new password; its sessions end. Gives its name.

    :raise UnknownAccount: when it does not exist.
    :raise AccountError: for a password of a wrong length.
    """
    hashed = hashed_password(password)
    row = _locked(session, user_id, keeps_admin=True)
    row.password_hash = hashed
    row.session_epoch += 1
    session.add(audited_event(actor, "account password changed", row.name, now))
    name = row.name
    session.commit()
    return name


def change_own_password(
    session: Session, user_id: int, name: str, old: str, new: str, *, now: datetime
) -> None:
    """Replace one's own password, knowing it.

    :raise WrongPassword: when the old one is another.
    :raise AccountError: for a new one of a wrong length.
    """
    hashed_password(new)
    if authenticate(session, name, old) is None:
        raise WrongPassword("The old password is another one")
    set_password(session, user_id, new, actor=name, now=now)


def remove_user(session: Session, user_id: int, *, actor: str, now: datetime) -> str:
    """Remove an account; what it did stays in the log. Gives its name.

    :raise UnknownAccount: when it does not exist.
    :raise LastAdmin: for the last administrator.
    """
    row = _locked(session, user_id, keeps_admin=False)
    name = row.name
    session.delete(row)
    session.add(audited_event(actor, "account removed", name, now))
    session.commit()
    return name


def _locked(session: Session, user_id: int, *, keeps_admin: bool) -> AdminUser:
    """An account to be changed, in a writing transaction that no other change of roles passes."""
    begin_write(session)
    # Locked together and in one order: of two administrators who demote each other one is left.
    query = select(AdminUser).where((AdminUser.role == Role.ADMIN) | (AdminUser.id == user_id))
    query = query.order_by(AdminUser.id).with_for_update().execution_options(populate_existing=True)
    rows = session.scalars(query).all()
    row = next((r for r in rows if r.id == user_id), None)
    if row is None:
        session.rollback()
        raise UnknownAccount(user_id)
    admins = [r for r in rows if r.role is Role.ADMIN]
    if row.role is Role.ADMIN and not keeps_admin and len(admins) == 1:
        session.rollback()
        raise LastAdmin(f"{row.name} is the last administrator; make another account one before")
    return row
