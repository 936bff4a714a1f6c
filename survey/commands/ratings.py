"""`rayak ratings`: the answers themselves: given out, brought in, cleared of what has expired."""

from __future__ import annotations

import click

from survey.commands import database, now, settings


@click.group()
def ratings() -> None:
    """The answers: give them out, bring them in, delete what has expired."""


@ratings.command()
def purge() -> None:
    """Delete comments past RAYAK_COMMENT_DAYS, and the salts and keys of days that are over.

    `rayak serve` does the same by itself, at its start and after midnight; ratings always stay.
    """
    from survey.retention import purge as delete_expired

    configured = settings()
    with database(configured) as opened:
        with opened.scope() as session:
            done = delete_expired(
                session, now=now(), zone=configured.zone, comment_days=configured.comment_days
            )
        opened.forget()
    click.echo(f"Deleted: {done.comments} comments, {done.salts} salts; emptied: {done.keys} keys.")
