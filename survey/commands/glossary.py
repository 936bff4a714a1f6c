"""`rayak glossary`: terms that stay as they are or have a fixed translation."""

from __future__ import annotations

import click

from survey.commands import database_session, note, now, read_text, settings, write_bytes


@click.group()
def glossary() -> None:
    """Terms that stay as they are or have a fixed translation, as a CSV table."""


@glossary.command("import")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True))
def import_(path: str) -> None:
    """Add and change terms from the CSV table at PATH; all its rows or none.

    Columns: source_language, target_language (* for every language), term, target (empty: the term
    stays as it is), clitics and case (yes or no), note.
    """
    from translate.glossary_table import import_table

    text = read_text(path)
    configured = settings()
    with database_session(configured) as session:
        done = import_table(session, text, by="command line", now=now())
    note(configured, "glossary imported", f"{done.added} added, {done.changed} changed")
    click.echo(f"{done.added} terms added, {done.changed} changed, {done.unchanged} as they were.")


@glossary.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File; else standard output.")
def export(output: str | None) -> None:
    """Write all terms as a CSV table that `glossary import` takes."""
    from translate.glossary_table import export_table

    with database_session(settings()) as session:
        text = export_table(session)
    write_bytes(output, text.encode())


@glossary.command()
@click.argument("source")
@click.argument("target")
@click.argument("term")
def remove(source: str, target: str, term: str) -> None:
    """Remove TERM of the pair SOURCE TARGET, such as: remove en fr "Member State"."""
    from translate.glossary_table import remove_term

    configured = settings()
    with database_session(configured) as session:
        remove_term(session, source, target, term)
    note(configured, "glossary term removed", f"{term} ({source} {target})")
    click.echo(f"Removed: {term}")
