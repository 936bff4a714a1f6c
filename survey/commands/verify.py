"""`rayak verify`: do the stored counts agree with the answers themselves?"""

from __future__ import annotations

import click

from survey.commands import database_session, now, settings
from survey.upkeep import verification


@click.command()
@click.option("--mend", is_flag=True, help="Write the counts anew from the answers.")
def verify(mend: bool) -> None:
    """Recount every answer and compare with the roll-up; exit code 1 when they differ.

    Reports say when this was done last and what it found.
    """
    with database_session(settings()) as session:
        wrong = verification.verify(session, now=now(), mend=mend)
        for m in wrong:
            cell = ", ".join(f"{k}={v}" for k, v in m.key.items())
            click.echo(f"{m.table}: {m.recounted} answers, {m.stored} in the roll-up: {cell}")
        if wrong and mend:
            click.echo(f"{len(wrong)} cells mended.")
        elif wrong:
            raise click.ClickException(
                f"{len(wrong)} cells differ; `rayak verify --mend` writes them anew"
            )
        else:
            click.echo("The roll-up agrees with the answers.")
