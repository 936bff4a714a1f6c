"""`rayak verify`: do the stored counts agree with the answers themselves?"""

from __future__ import annotations

import click

from survey.commands import database_session, now, settings
from survey.rollup import Mismatch
from survey.upkeep import verification


@click.command()
@click.option("--mend", is_flag=True, help="Write the counts anew from the answers.")
def verify(mend: bool) -> None:
    """Recount every answer and compare with the roll-up; exit code 1 when they differ.

    Reports say when this was done last and what it found.
    """
    with database_session(settings()) as session:
        wrong = verification.verify(session, now=now(), mend=mend, say=_say)
    if wrong and mend:
        click.echo(f"{wrong} cells mended.")
    elif wrong:
        raise click.ClickException(f"{wrong} cells differ; `rayak verify --mend` writes them anew")
    else:
        click.echo("The roll-up agrees with the answers.")


def _say(wrong: Mismatch) -> None:
    cell = ", ".join(f"{name}={value}" for name, value in wrong.key.items())
    click.echo(f"{wrong.table}: {wrong.recounted} answers, {wrong.stored} in the roll-up: {cell}")
