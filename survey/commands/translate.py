"""`rayak translate`: translate a text on the command line."""

from __future__ import annotations

import click

from survey.commands import (
    database_session,
    now,
    read_text,
    settings,
    translation_service,
    write_bytes,
)


@click.command()
@click.option("--from", "source", required=True, help="Language of the text, such as en.")
@click.option("--to", "target", required=True, help="Language to translate into, such as fr.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File; else standard output.")
@click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True))
def translate(source: str, target: str, output: str | None, file: str) -> None:
    """Translate FILE, or standard input; the layout stays, doubts go to standard error."""
    configured = settings()
    text = read_text(file)
    service = translation_service(configured)
    with database_session(configured) as session:
        done = service.translate([text], source, target, session=session, now=now())[0]
    write_bytes(output, done.text.encode())
    if any(package.is_starter for package in done.packages):
        click.echo("rayak: translated by a starter package; do not rely on this text", err=True)
    if done.is_pivot:
        click.echo("rayak: translated by way of English; the errors of two add up", err=True)
    for segment in done.segments:
        if segment.flags:
            flags = ", ".join(flag.value for flag in segment.flags)
            click.echo(f"rayak: check ({flags}): {segment.source[:70]}", err=True)
