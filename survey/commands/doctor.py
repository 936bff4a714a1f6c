"""`rayak doctor`: what is set, what is installed, and what is wrong."""

from __future__ import annotations

from dataclasses import fields
from importlib.metadata import version

import click

from survey.commands import settings
from survey.db import Database, DatabaseError
from survey.settings import PREFIX, Settings


@click.command()
def doctor() -> None:
    """Print every setting and a bill of health; exit code 1 when something is wrong."""
    configured = settings()
    click.echo(f"Rayak {version('rayak')}\n\nSettings")
    for field in fields(Settings):
        value = getattr(configured, field.name)
        secret = field.metadata["secret"] and value
        shown = "(set, not shown)" if secret else _as_set(value)
        if field.name == "database_url":
            shown = Database(value).url.render_as_string(hide_password=True)
        click.echo(f"  {PREFIX}{field.metadata['name']} = {shown}    # {field.metadata['help']}")
    click.echo("\nPackages")
    wrong = _packages(configured)
    wrong += configured.unfit_for_production()
    database = Database(configured.database_url)
    try:
        database.check()
    except DatabaseError as error:
        wrong.append(str(error))
    finally:
        database.close()
    click.echo("\nHealth")
    for problem in wrong:
        click.echo(f"  WRONG  {problem}")
    if wrong:
        raise click.ClickException(f"{len(wrong)} things need attention")
    click.echo("  Everything is in order.")


def _as_set(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def _packages(configured: Settings) -> list[str]:
    """Print the installed packages; give back what is wrong with them."""
    from translate.argos import packages
    from translate.health import licence_line, remarks

    wrong = [f"not usable: {problem}" for problem in packages.broken(configured.packages)]
    found = packages.installed(configured.packages)
    for package in found:
        click.echo(f"  {package.label}  {package.size // 1024} KiB  sha256 {package.checksum[:16]}")
        click.echo(f"    {licence_line(package)}")
        wrong += map(str, packages.verify(package))
    for remark in remarks(found, configured.languages):
        click.echo(f"  NOTE  {remark}")
    if not found:
        wrong.append("No translation package is installed: run `rayak packages install`")
    return wrong
