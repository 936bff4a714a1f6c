"""Statements put into the driver's words fail as SQLAlchemy's own do."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from survey.db import Database
from survey.models import DailyCount
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
