"""`rayak ratings`: the answers themselves: given out, brought in, cleared of what has expired."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from survey.commands import (
    database_session,
    now,
    open_database,
    output_stream,
    progress,
    settings,
    write_bytes,
)
from survey.ratings import State, local_day, read_wording

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from survey.exchange.export import ExportedAnswer

DAY = click.DateTime(formats=["%Y-%m-%d"])
FORMATS = ("csv", "jsonl")
OUTPUT = click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="File; else standard output."
)


@click.group()
def ratings() -> None:
    """The answers: give them out, bring them in, delete what has expired."""


@ratings.command()
@click.option(
    "--format",
    "kind",
    type=click.Choice((*FORMATS, "parquet")),
    default="csv",
    show_default=True,
)
@click.option("--from", "first", type=DAY, help="First day, as 2026-01-31.")
@click.option("--to", "last", type=DAY, help="Last day, included.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([s.value for s in State]),
    help="Only answers in this state; may be repeated.",
)
@OUTPUT
def export(
    kind: str,
    first: datetime | None,
    last: datetime | None,
    states: tuple[str, ...],
    output: str | None,
) -> None:
    """Write every answer with what was on the screen, one a row, in constant memory.

    CSV is made for spreadsheets: byte order mark, and an apostrophe before what would be a
    formula. Parquet holds types and meanings in the file; it needs requirements/parquet.txt.
    `rayak ratings codebook` says what the columns mean.
    """
    from survey.exchange.export import answers, csv_lines, json_lines
    from survey.exchange.parquet import write_parquet

    start, end = (moment.date() if moment else None for moment in (first, last))
    if start and end and start > end:
        raise click.UsageError(f"the period is turned round: {start} comes after {end}")
    with database_session(settings()) as session, output_stream(output) as stream:
        rows = answers(session, first=start, last=end, states=[State(s) for s in states])
        if kind == "parquet":
            return write_parquet(rows, stream)
        for line in (csv_lines if kind == "csv" else json_lines)(rows):
            stream.write(line)


@ratings.command()
@OUTPUT
def codebook(output: str | None) -> None:
    """Write what each exported column means, as a Table Schema in JSON."""
    from survey.exchange.export import codebook as made

    write_bytes(output, json.dumps(made(), ensure_ascii=False, indent=2).encode() + b"\n")


@ratings.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option(
    "--made-up",
    type=click.IntRange(1, 10**9),
    help="Instead of FILE: so many made-up answers for a load test, into a database without any.",
)
@click.option("--days", default=365, show_default=True, help="Days that made-up answers span.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same answers.")
def load(file: str | None, kind: str, made_up: int | None, days: int, seed: int) -> None:
    """Bring in answers of an exported FILE; those that are there already are not added again."""
    from survey.exchange.bulk import load as store

    if (file is None) == (made_up is None):
        raise click.UsageError("give a FILE, or --made-up and how many")
    with database_session(settings()) as session, progress("Loading answers") as step:
        if made_up is not None:
            done = store(
                session,
                _made_up(session, made_up, days, seed),
                say=lambda number: step(number, made_up),
            )
        else:
            from survey.exchange.intake import from_csv, from_json

            with click.open_file(str(file), "rb") as stream:
                rows = (from_csv if kind == "csv" else from_json)(stream)
                done = store(session, rows)
    click.echo(f"{done.added} answers added, {done.known} were there already.")


@ratings.command()
def purge() -> None:
    """Delete comments past RAYAK_COMMENT_DAYS, and the salts and keys of days that are over.

    `rayak serve` does the same by itself, at its start and after midnight; ratings always stay.
    """
    from survey.upkeep.retention import purge as delete_expired

    configured = settings()
    with open_database(configured) as opened:
        with opened.scope() as session:
            done = delete_expired(
                session, now=now(), zone=configured.zone, comment_days=configured.comment_days
            )
        opened.forget()
    click.echo(f"Deleted: {done.comments} comments, {done.salts} salts; emptied: {done.keys} keys.")


def _made_up(session: Session, number: int, days: int, seed: int) -> Iterator[ExportedAnswer]:
    from survey.exchange.bulk import is_empty
    from survey.exchange.synthetic import Plan, made_up

    configured = settings()
    if not is_empty(session):
        raise click.ClickException(
            "this database holds answers, which made-up ones would falsify; "
            "set RAYAK_DATA_DIR or RAYAK_DATABASE_URL to another one"
        )
    last = local_day(now(), configured.zone)
    plan = Plan(number=number, first=last - timedelta(days=days - 1), last=last, seed=seed)
    wordings = {c: w for c, w in read_wording().items() if c in configured.languages}
    return made_up(plan, wordings, configured.organisation_in)
