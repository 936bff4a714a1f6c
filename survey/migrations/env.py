"""Alembic's entry: one history over the tables of both sides."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, DateTime, MetaData, TypeDecorator, create_engine

from survey.models import Base as SurveyBase
from survey.settings import Settings
from translate.models import Base as TranslateBase


def target() -> list[MetaData]:
    """The tables the migrations must produce."""
    return [SurveyBase.metadata, TranslateBase.metadata]


def as_plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our time type as what the database sees: a migration must not import the models."""
    if kind == "type" and isinstance(item, TypeDecorator) and isinstance(item.impl, DateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Run the migrations on a connection, inside its transaction."""
    context.configure(
        connection=connection,
        target_metadata=target(),
        render_as_batch=True,
        compare_type=True,
        render_item=as_plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    # `alembic` on the command line, for developers writing a migration.
    with create_engine(Settings.from_env().database_url).begin() as own:
        run(own)
