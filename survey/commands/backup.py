"""`rayak backup` and `rayak restore`: everything of a site in one file, and back."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.commands import now, open_database, output_stream, progress, settings

if TYPE_CHECKING:
    from survey.settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--packages/--no-packages", default=True, help="With the translation packages.")
def backup(file: str, packages: bool) -> None:
    """Write everything of this moment to FILE, while the service goes on.

    In it are all tables, the packages and the kept reports. Not in it: the secret key, and what
    recognises a visitor within a day. It holds comments and password hashes: keep it as such.
    """
    from survey.upkeep.backup import write_backup

    configured = settings()
    folders = _folders(configured)
    if not packages:
        del folders["packages"]
    with (
        open_database(configured, of_any_version=True) as database,
        progress("Rows") as step,
        output_stream(file, private=True) as stream,
    ):
        manifest = write_backup(
            database, folders, stream, version=version("rayak"), now=now(), say=step
        )
    click.echo(f"{sum(manifest.tables.values())} rows and {manifest.files} files.", err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True))
def restore(file: str) -> None:
    """Fill an empty database and data folder from a backup FILE, also of an older version.

    What exists is never written over. Run `rayak setup` afterwards: it makes a secret key.
    """
    import os

    from survey.upkeep.backup import restore_backup

    # Comments and hashes are in what is made here: for the service's own account only.
    os.umask(0o077)
    configured = _settings_before_setup()
    configured.data_dir.mkdir(parents=True, exist_ok=True)
    with (
        open_database(configured, of_any_version=True) as database,
        Path(file).open("rb") as stream,
    ):
        manifest = restore_backup(database, _folders(configured), stream)
    click.echo(
        f"{sum(manifest.tables.values())} rows and {manifest.files} files of {manifest.made_at} "
        "are back. Comments past their time go with the next `rayak ratings purge`."
    )


def _folders(configured: Settings) -> dict[str, Path]:
    return {"packages": configured.packages, "reports": configured.data_dir / "reports"}


def _settings_before_setup() -> Settings:
    """The settings of a folder in which no secret key has been made yet: none is needed here."""
    import os
    import secrets

    from survey.settings import Settings, SettingsError

    try:
        return settings()
    except SettingsError:
        return Settings.from_env(os.environ | {"RAYAK_SECRET_KEY": secrets.token_urlsafe(48)})
