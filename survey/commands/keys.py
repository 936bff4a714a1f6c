"""`rayak keys`: keys of API clients."""

from __future__ import annotations

import secrets
from datetime import timedelta

import click

from survey.commands import database_session, note, now, settings


@click.group()
def keys() -> None:
    """Keys of API clients; once there is one, a wrong key is refused."""


@keys.command()
@click.argument("name")
@click.option("--characters-per-day", type=click.IntRange(1), help="Quota; else there is none.")
@click.option("--requests-per-minute", type=click.IntRange(1), help="Limit; else there is none.")
def create(name: str, characters_per_day: int | None, requests_per_minute: int | None) -> None:
    """Make a key called NAME and print it, this once; only its hash is stored."""
    from translate.keys import create_key

    configured = settings()
    with database_session(configured) as session:
        key, text = create_key(
            session,
            name,
            secrets.token_urlsafe(32),
            characters_per_day=characters_per_day,
            requests_per_minute=requests_per_minute,
            now=now(),
        )
    note(configured, "key made", key.name)
    click.echo(f"The key {name} is made. It is shown only now:\n{text}")


@keys.command("list")
def list_() -> None:
    """Print every key with its limits and what it used in the last 30 days."""
    from translate.keys import list_keys, usage

    since = now().date() - timedelta(days=30)
    with database_session(settings()) as session:
        used: dict[str, int] = {}
        for day in usage(session, since=since):
            used[day.key] = used.get(day.key, 0) + day.characters
        for key in list_keys(session):
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "in use"
            quota = f"{key.characters_per_day} characters a day" if key.characters_per_day else ""
            limit = (
                f"{key.requests_per_minute} requests a minute" if key.requests_per_minute else ""
            )
            spent = f"{used.get(key.name, 0)} characters in 30 days"
            click.echo("  ".join(s for s in (key.name, state, quota, limit, spent) if s))


@keys.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Make the key called NAME useless from now on."""
    from translate.keys import revoke_key

    configured = settings()
    with database_session(configured) as session:
        revoke_key(session, name, now=now())
    note(configured, "key revoked", name)
    click.echo(f"The key {name} is revoked.")
