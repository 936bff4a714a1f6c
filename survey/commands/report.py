"""`rayak report`: the same report as the admin page, without a browser."""

from __future__ import annotations

from datetime import datetime

import click

from survey.commands import database_session, settings, write_bytes

FORMATS = ("csv", "json", "pdf", "png", "svg", "xlsx")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--from", "start", type=DAY, help="First day, as 2026-01-31.")
@click.option("--to", "end", type=DAY, help="Last day, included.")
@click.option("--lang", default="en", show_default=True, help="Language of the report itself.")
@click.option("--shown", default=None, help="Only answers to texts shown in this language.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File; else standard output.")
def report(
    start: datetime | None,
    end: datetime | None,
    lang: str,
    shown: str | None,
    kind: str,
    output: str | None,
) -> None:
    """Write the satisfaction report of a period."""
    from reports.export import write
    from reports.service import build_report
    from survey.queries import Filters

    configured = settings()
    first, last = (moment.date() if moment else None for moment in (start, end))
    if first and last and first > last:
        raise click.UsageError(f"the period is turned round: {first} comes after {last}")
    if lang not in configured.languages:
        raise click.UsageError(f"--lang: choose one of {', '.join(configured.languages)}")
    with database_session(configured) as session:
        filters = Filters(start=first, end=last, language=shown)
        built = build_report(session, filters, minimum_cell=configured.minimum_cell)
    write_bytes(output, write(built, kind, lang))
