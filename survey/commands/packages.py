"""`rayak packages`: the Argos packages that translate."""

from __future__ import annotations

from pathlib import Path

import click

from survey.commands import settings
from translate import packages as store


@click.group()
def packages() -> None:
    """The Argos packages that translate; a version 0.x is a starter, for trying out only."""


@packages.command("list")
def list_() -> None:
    """Print the installed packages."""
    folder = settings().packages
    found = store.installed(folder)
    for package in found:
        click.echo(package.label)
    for problem in store.broken(folder):
        click.echo(f"rayak: not usable: {problem}", err=True)
    if any(p.is_starter for p in found):
        click.echo(
            "\nStarter packages show that everything works; their text is not to be relied on.\n"
            "Install a full Argos package from a file: rayak packages install FILE.argosmodel",
        )
    if not found:
        raise click.ClickException(f"no package in {folder}; install one, or run `rayak setup`")


@packages.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def install(files: tuple[Path, ...]) -> None:
    """Install .argosmodel FILES, each in the place of an older package of its pair."""
    folder = settings().packages
    for file in files:
        click.echo(f"Installed: {store.install(file, folder).label}")


@packages.command()
@click.argument("source")
@click.argument("target")
def remove(source: str, target: str) -> None:
    """Remove the package that translates SOURCE into TARGET, such as: remove en fr."""
    for package in store.remove(settings().packages, source, target):
        click.echo(f"Removed: {package.label}")


@packages.command()
def verify() -> None:
    """Compare every installed file with its checksum; exit code 1 when one differs."""
    folder = settings().packages
    found = store.installed(folder)
    wrong = store.broken(folder) + [p for package in found for p in store.verify(package)]
    for problem in wrong:
        click.echo(problem)
    if wrong:
        raise click.ClickException(f"{len(wrong)} problems; install the packages again")
    click.echo(f"{len(found)} packages are as they were installed.")
