"""The two sides share no module, and keep moments, choices and names in the same way."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from types import ModuleType

import pytest
from sqlalchemy import CheckConstraint, MetaData, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Mapped, mapped_column

import survey.models.base
import translate.models.base

SIDES = pytest.mark.parametrize("side", [survey.models.base, translate.models.base])


class Colour(StrEnum):
    """A choice of two."""

    RED = "red"
    DEEP_BLUE = "deep blue"


@pytest.fixture
def table(side: ModuleType) -> Table:
    """A table made on this side, and not among its own."""
    registry = side.Base.registry.__class__(
        metadata=MetaData(naming_convention=side.Base.metadata.naming_convention),
        type_annotation_map=side.Base.type_annotation_map,
    )

    @registry.mapped
    class Thing:
        __tablename__ = "thing"
        id: Mapped[int] = mapped_column(primary_key=True)
        seen: Mapped[datetime]
        colour: Mapped[Colour] = mapped_column(unique=True)

    return Thing.__table__


def as_stored(table: Table, column: str, value: object) -> object:
    """What the database is given for a value."""
    process = table.c[column].type.dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())
    return process(value)


@SIDES
def test_a_moment_without_a_zone_is_refused_rather_than_guessed(table: Table) -> None:
    """It would be another moment in another zone."""
    with pytest.raises(ValueError, match="time zone"):
        as_stored(table, "seen", datetime(2026, 1, 31, 12, tzinfo=UTC).replace(tzinfo=None))


@SIDES
def test_a_moment_is_kept_in_utc(side: ModuleType) -> None:
    """Whatever zone it came in, and aware again when it is read."""
    kept = side.UtcDateTime()
    noon = datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=1)))
    stored = kept.process_bind_param(noon, sqlite.dialect())
    assert (stored, stored.tzinfo) == (noon, UTC)
    read = kept.process_result_value(stored.replace(tzinfo=None), sqlite.dialect())
    assert (read, read.tzinfo) == (noon, UTC)


@SIDES
def test_a_choice_is_kept_by_its_value(table: Table) -> None:
    """Not by the name it has in the code."""
    assert as_stored(table, "colour", Colour.DEEP_BLUE) == "deep blue"


@SIDES
def test_constraints_have_names_that_a_migration_can_use(table: Table) -> None:
    """The primary key, the choice, and what is unique."""
    names = {str(c.name) for c in table.constraints}
    assert names == {"pk_thing", "ck_thing_colour", "uq_thing_colour"}
    check = next(c for c in table.constraints if isinstance(c, CheckConstraint))
    assert "deep blue" in str(check.sqltext.compile(compile_kwargs={"literal_binds": True}))
