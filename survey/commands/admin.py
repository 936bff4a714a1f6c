"""`rayak admin`: accounts of the admin pages."""

from __future__ import annotations

import sys

import click

from survey.accounts import users
from survey.accounts.accounts import generate_password
from survey.accounts.roles import Role
from survey.commands import database_session, now, settings

ACTOR = "command line"
ROLES = click.Choice([r.value for r in Role])
password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; else make one."
)


@click.group()
def admin() -> None:
    """Accounts of the admin pages."""


@admin.command("list")
def list_() -> None:
    """Print every account with its role."""
    with database_session(settings()) as session:
        for user in users.list_users(session):
            click.echo(f"{user.created_at:%Y-%m-%d}  {user.role.value:6}  {user.name}")


@admin.command()
@click.option("--name", default="admin", show_default=True, help="Name to sign in with.")
@click.option(
    "--role",
    type=ROLES,
    default=Role.ADMIN.value,
    show_default=True,
    help="viewer sees reports; editor also edits; admin also manages the service.",
)
@password_stdin
def create(name: str, role: str, password_stdin: bool) -> None:
    """Make an account; a name that is taken is refused."""
    password = _password(password_stdin)
    with database_session(settings()) as session:
        users.add_user(session, name, password, Role(role), actor=ACTOR, now=now())
    _say(f"The account {name} ({role}) is made.", "" if password_stdin else password)


@admin.command()
@click.option("--name", required=True, help="Whose password it is.")
@password_stdin
def password(name: str, password_stdin: bool) -> None:
    """Give an account a new password; whoever is signed in with it is signed out."""
    new = _password(password_stdin)
    with database_session(settings()) as session:
        user = users.user_named(session, name)
        users.set_password(session, user.id, new, actor=ACTOR, now=now())
    _say(f"The account {user.name} has a new password.", "" if password_stdin else new)


@admin.command()
@click.argument("role", type=ROLES)
@click.option("--name", required=True, help="Whose role it is.")
def role(role: str, name: str) -> None:
    """Give an account another role; whoever is signed in with it is signed out."""
    with database_session(settings()) as session:
        user = users.user_named(session, name)
        users.change_role(session, user.id, Role(role), actor=ACTOR, now=now())
    click.echo(f"The account {user.name} is {role} now.")


def _password(from_stdin: bool) -> str:
    if not from_stdin:
        return generate_password()
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.UsageError("The password on standard input is not UTF-8 text") from error


def _say(done: str, made: str) -> None:
    """What was done, and the password if it was made here."""
    click.echo(f"{done} Password, shown only now: {made}" if made else done)
