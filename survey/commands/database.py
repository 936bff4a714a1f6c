"""`rayak db`: the database's schema, and moving to another database."""

from __future__ import annotations

import click

from survey.commands import settings


@click.group()
def db() -> None:
    """The database's schema, and moving to another database."""


@db.command()
def upgrade() -> None:
    """Bring the schema to the newest migration; repeatable, keeps everything."""
    from survey.db import Database

    database = Database(settings().database_url)
    database.upgrade()
    database.close()
    click.echo("The database is at the newest migration.")


@db.command()
@click.argument("address")
def move(address: str) -> None:
    """Copy everything into the empty database ADDRESS, of either kind; the old one stays.

    Stop the service first: what is written to the old database meanwhile is not copied.
    """
    from survey.commands import open_database, progress
    from survey.db import Database
    from survey.upkeep.transfer import copy

    with (
        open_database(settings(), of_any_version=True) as old,
        progress("Copying rows") as step,
    ):
        new = Database(address)
        try:
            copied = copy(old, new, say=step)
        finally:
            new.close()
    click.echo(
        f"{sum(copied.values())} rows of {len(copied)} tables copied. Set RAYAK_DATABASE_URL to "
        "the new address, look at the site, then delete the old database: it holds comments."
    )
