"""The migrations make the tables the models describe, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from survey.db import Database, DatabaseError
from survey.models import Base as SurveyBase
from translate.models import Base as TranslateBase


def test_migrations_and_models_agree(database: Database) -> None:
    """After all migrations alembic finds nothing to add, change or remove."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        metadata = [SurveyBase.metadata, TranslateBase.metadata]
        assert compare_metadata(context, metadata) == []  # type: ignore[arg-type] # a list is taken


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    """`rayak db upgrade` is repeatable."""
    database.upgrade()
    database.check()


def test_an_older_schema_is_named_with_what_to_do(database: Database) -> None:
    """A database behind the code is refused, saying which command mends it."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="does not know"):
        database.check()


def test_an_empty_database_is_named_with_what_to_do(tmp_path: object) -> None:
    """A database without tables is refused, saying which command makes them."""
    with pytest.raises(DatabaseError, match="rayak setup"):
        Database(f"sqlite:///{tmp_path}/empty.sqlite3").check()
