"""The accounts of the admin pages, and what was done there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from survey.accounts.roles import Role
from survey.models.base import Base


class AdminUser(Base):
    """An account of the admin pages."""

    __tablename__ = "admin_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role]
    created_at: Mapped[datetime]
    # Counts the signings out: a session cookie of an earlier count is worthless.
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")


class AuditEvent(Base):
    """Who did what to which object; nothing about visitors."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(200))
