"""`rayak admin`: accounts of the admin pages."""

from __future__ import annotations

import sys

import click

from survey.accounts.accounts import create_account, generate_password
from survey.accounts.roles import Role
from survey.commands import database_session, now, settings


@click.group()
def admin() -> None:
    """Accounts of the admin pages."""


@admin.command()
@click.option("--name", default="admin", show_default=True, help="Name to sign in with.")
@click.option(
    "--role",
    type=click.Choice([r.value for r in Role]),
    default=Role.ADMIN.value,
    show_default=True,
    help="viewer sees reports; editor also edits; admin also manages the service.",
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; else make one."
)
def create(name: str, role: str, password_stdin: bool) -> None:
    """Make an account, or give an existing one a new password."""
    password = generate_password()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    with database_session(settings()) as session:
        create_account(session, name, password, Role(role), actor="command line", now=now())
    if password_stdin:
        click.echo(f"The account {name} ({role}) is saved.")
    else:
        click.echo(f"The account {name} ({role}) is saved. Password, shown only now: {password}")
