"""Statements that fail tell nothing of the values, whether SQLAlchemy ran them or the driver."""

from __future__ import annotations

import traceback
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DataError, IntegrityError

from survey.db import Database
from survey.models import Comment, DailyCount
from survey.rollup import dimensions
from survey.rollup.rows import addition


def test_a_refused_row_is_an_integrity_error_that_does_not_carry_its_values(
    database: Database,
) -> None:
    """Errors end in logs, and a row may hold what somebody wrote."""
    row = dict.fromkeys(dimensions(DailyCount)) | {"answers": 1}
    with database.scope() as session:
        connection = session.connection()
        statement = addition(connection.dialect, DailyCount)
        with pytest.raises(IntegrityError) as refused:
            statement.run(connection, [row])
    assert refused.value.params is None
    assert not refused.value.connection_invalidated


def test_a_comment_that_cannot_be_stored_is_not_in_the_error(database: Database) -> None:
    """Its time to be deleted would not reach the log."""
    words = {"text": "a telling comment", "day": date(2026, 1, 1), "written_at": datetime.now(UTC)}
    with database.scope() as session, pytest.raises(IntegrityError) as refused:
        session.execute(insert(Comment), [words | {"response_id": 7}])
    assert "telling" not in str(refused.value)


@pytest.mark.parametrize("missing", ["day", "written_at"])
def test_a_row_that_a_database_quotes_in_its_message_is_not_in_the_error(
    database: Database, missing: str
) -> None:
    """PostgreSQL writes 'Failing row contains' and all of it; so would a traceback."""
    words = {"text": "a telling comment", "day": date(2026, 1, 1), "written_at": datetime.now(UTC)}
    row = words | {"response_id": 7, missing: None}
    with database.scope() as session, pytest.raises(IntegrityError) as refused:
        session.execute(insert(Comment), [row])
    assert "telling" not in "".join(traceback.format_exception(refused.value))
    assert missing in str(refused.value)


def test_a_row_that_the_driver_was_given_is_not_in_its_error_either(database: Database) -> None:
    row = dict.fromkeys(dimensions(DailyCount)) | {"answers": 1, "engine": "telling-engine"}
    with database.scope() as session:
        connection = session.connection()
        statement = addition(connection.dialect, DailyCount)
        with pytest.raises(IntegrityError) as refused:
            statement.run(connection, [row])
    assert "telling-engine" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_value_of_the_wrong_kind_is_not_in_the_error(database: Database) -> None:
    with database.scope() as session, pytest.raises(DataError) as refused:
        session.execute(text("SELECT CAST(:words AS integer)"), {"words": "tell" + "ing"})
    assert "telling" not in "".join(traceback.format_exception(refused.value))
