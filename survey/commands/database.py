"""`rayak db`: the database's schema."""

from __future__ import annotations

import click

from survey.commands import settings


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Bring the schema to the newest migration; repeatable, keeps everything."""
    from survey.db import Database

    database = Database(settings().database_url)
    database.upgrade()
    database.close()
    click.echo("The database is at the newest migration.")
