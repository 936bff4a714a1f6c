"""What all tables of the translate side have in common: their base, names, moments and choices.

The survey side has the same on its own: the two share no module, and a third one for these few
lines would be one more thing that each of them needs. tests/test_models.py holds them alike.
"""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Enum, MetaData, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without zone, so the zone is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without time zone rather than guess one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# Kept by value in a column of text, which a constraint holds to the members.
_CHOICE = Enum(
    enum.Enum,
    native_enum=False,
    create_constraint=True,
    length=24,
    values_callable=lambda kind: [member.value for member in kind],
)

_COLUMN_TYPES: dict[Any, Any] = {datetime: UtcDateTime(), enum.Enum: _CHOICE}


class Base(DeclarativeBase):
    """Tables of the translate side; the survey side has a base of its own."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = _COLUMN_TYPES
