"""`rayak packages`: the Argos packages that translate."""

from __future__ import annotations

from pathlib import Path

import click

from survey.commands import note, progress, settings
from survey.settings import Settings
from translate.argos import package_index
from translate.argos import packages as store
from translate.argos.package_folder import Package
from translate.health import licence_line
from translate.languages import is_code


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
            "Install full Argos packages: rayak packages install en fr (from an index),\n"
            "or from a file that was carried over: rayak packages install FILE.argosmodel",
        )
    if not found:
        raise click.ClickException(f"no package in {folder}; install one, or run `rayak setup`")


INDEX = click.option(
    "--index",
    default="",
    help="Address or path of an index, or a folder of .argosmodel files; "
    "else the setting RAYAK_PACKAGE_INDEX.",
)


@packages.command()
@INDEX
def available(index: str) -> None:
    """Print what can be had from the index, with a mark at what is installed."""
    configured = settings()
    have = {p.pair: p.version for p in store.installed(configured.packages)}
    for offer in _offers(configured, index):
        state = f"  installed: {have[offer.pair]}" if offer.pair in have else ""
        names = f"{offer.from_name} to {offer.to_name}"
        click.echo(f"{offer.from_code} {offer.to_code}  {names}  {offer.version}{state}")


@packages.command()
@click.argument("what", nargs=-1, required=True)
@INDEX
def install(what: tuple[str, ...], index: str) -> None:
    """Install .argosmodel files, or a pair from the index, such as: install en fr.

    A package takes the place of an older one of its pair once it is complete.
    """
    configured = settings()
    if len(what) == 2 and all(is_code(code) and not Path(code).exists() for code in what):
        offer = package_index.find(_offers(configured, index), *what)
        _from_index(configured, offer)
        return
    for file in what:
        if is_code(file) and not Path(file).exists():
            raise click.ClickException(
                f"{file} is no file; a pair is two languages: rayak packages install en fr"
            )
    for file in what:
        _done(configured, store.install(Path(file), configured.packages))


@packages.command()
@INDEX
def upgrade(index: str) -> None:
    """Install the newer versions that the index has of what is installed."""
    configured = settings()
    have = store.installed(configured.packages)
    newer = package_index.upgrades(have, _offers(configured, index))
    for offer in newer:
        _from_index(configured, offer)
    if not newer:
        click.echo("Every package is as new as the index has it.")


def _offers(configured: Settings, index: str) -> list[package_index.Offer]:
    """What the index has: the one given, else the one set; nothing is asked of any other.

    :raise click.ClickException: when there is neither.
    """
    index = index or configured.package_index
    if not index:
        raise click.ClickException(
            "no package index is set: give --index, or set RAYAK_PACKAGE_INDEX, to a folder, "
            f"a file or an https address; Argos' public index is {package_index.DEFAULT_INDEX}"
        )
    return package_index.available(index)


def _from_index(configured: Settings, offer: package_index.Offer) -> None:
    downloads = configured.data_dir / "downloads"
    with progress(f"Fetching {offer.from_code}-{offer.to_code} {offer.version}") as step:
        package = package_index.install(offer, configured.packages, downloads, step)
    _done(configured, package)


def _done(configured: Settings, package: Package) -> None:
    """Note and say what was installed, with the package's own words on makers and licence."""
    note(configured, "package installed", package.label)
    click.echo(f"Installed: {package.label}")
    click.echo(f"  {licence_line(package)}")
    for line in package.readme.splitlines()[:20]:
        click.echo(f"  | {line[:100]}")


@packages.command()
@click.argument("source")
@click.argument("target")
def remove(source: str, target: str) -> None:
    """Remove the package that translates SOURCE into TARGET, such as: remove en fr."""
    configured = settings()
    for package in store.remove(configured.packages, source, target):
        note(configured, "package removed", package.label)
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


@packages.command()
@click.option("--from", "source", required=True, help="Language of the source sentences.")
@click.option("--to", "target", required=True, help="Language of the translations.")
@click.option("--pairs", required=True, type=click.Path(path_type=Path), help=".tsv or .tmx file.")
@click.option("--start-from", type=click.Path(path_type=Path), help="Package to adapt.")
@click.option("--minutes", type=click.FloatRange(min=0.1), help="Stop after so many at the latest.")
@click.option("--licence", default="not stated", help="Licence of the pairs, for the model card.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def train(
    source: str,
    target: str,
    pairs: Path,
    start_from: Path | None,
    minutes: float | None,
    licence: str,
    output: Path,
) -> None:
    """Make a package from your own translations, or adapt one to them; needs PyTorch.

    Stopped and called again, it goes on where it was. The package is written when it is done.
    """
    from translate.languages import name_of
    from translate.training.job import Job
    from translate.training.job import train as start
    from translate.training.plan import Progress

    def report(p: Progress) -> None:
        validation = "".join(f"  {name} {loss:.2f}" for name, loss in p.validation.items())
        click.echo(
            f"step {p.step}  {p.tokens} tokens  {p.tokens_per_second:.0f}/s  loss {p.loss:.2f}"
            f"{validation}  {p.minutes:.0f} min",
            err=True,
        )

    job = Job(
        pairs=pairs,
        output=output,
        source_code=source,
        source_name=name_of(source),
        target_code=target,
        target_name=name_of(target),
        start_from=start_from,
        minutes=minutes,
        licence=licence,
    )
    done = start(job, report)
    before = f" (before: {done.loss_before:.2f})" if done.loss_before is not None else ""
    click.echo(
        f"{done.output} written, {done.bytes // 1024} KiB, from {done.pairs} pairs; "
        f"loss on {done.held_out} held-out pairs {done.loss_after:.2f}{before}; {done.reason}"
    )
    click.echo(f"Install it with: rayak packages install {done.output}")
