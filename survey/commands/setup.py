"""`rayak setup`: everything the service needs before its first start; repeatable."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from survey.accounts.accounts import count_accounts, generate_password
from survey.accounts.roles import Role
from survey.accounts.users import add_user
from survey.commands import (
    database_session,
    note,
    now,
    progress,
    settings,
    translation_service,
)
from survey.db import Database
from survey.ratings import read_wording
from survey.services import register_wordings, shown_texts
from survey.settings import Settings
from survey.wording_changes import current_wordings

ROOT = Path(__file__).resolve().parent.parent.parent


@click.command()
@click.option("--samples/--no-samples", default=True, help="Bring in the sample articles.")
def setup(samples: bool) -> None:
    """Make the secret key, database, packages, sample articles, translations and an account.

    What is there already is kept. A password is made and printed once, when there is no account.
    """
    # Comments and hashes are in what is made here: for the service's own account only.
    os.umask(0o077)
    _make_secret()
    configured = settings()
    database = Database(configured.database_url)
    database.upgrade()
    database.close()
    _install_starters(configured)
    with database_session(configured) as session:
        texts = shown_texts(
            current_wordings(session, read_wording()).values(), configured.organisation_in
        )
        register_wordings(session, texts, now=now())
        if samples:
            from translate.articles.sample_articles import import_samples

            added = import_samples(session, ROOT / "translate" / "samples", now=now())
            if added:
                click.echo(f"{added} sample articles added.")
    _translate(configured)
    with database_session(configured) as session:
        if count_accounts(session) == 0:
            password = generate_password()
            add_user(session, "admin", password, Role.ADMIN, actor="setup", now=now())
            click.echo(
                "\nAdmin pages at /admin: user admin, password (shown only this once): " + password
            )
            click.echo("A new password: rayak admin password --name admin\n")


def _make_secret() -> None:
    """A random key in the data folder, readable by its owner only, when none is given."""
    env = os.environ
    if env.get("RAYAK_SECRET_KEY") or env.get("RAYAK_SECRET_KEY_FILE"):
        return
    folder = Path(env.get("RAYAK_DATA_DIR", "data")).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(folder / "secret-key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48) + "\n")


def _install_starters(configured: Settings) -> None:
    """Install a shipped starter for each pair that has no package, or an older starter."""
    from translate.argos import packages

    for installed in packages.install_starters(ROOT / "translate" / "starter", configured.packages):
        note(configured, "package installed", installed.label, actor="setup")
        click.echo(f"Starter package {installed.label} installed.")


def _translate(configured: Settings) -> None:
    """Translate what has no translation yet, as far as there are packages."""
    from translate.articles.publication import translate_articles

    service = translation_service(configured)
    with database_session(configured) as session, progress("Translating articles") as step:
        translate_articles(session, service, configured.languages, now=now(), progress=step)
