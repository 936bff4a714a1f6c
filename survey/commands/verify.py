"""`rayak verify`: do the stored counts agree with the answers themselves?"""

from __future__ import annotations

import click

from survey import rollup
from survey.commands import database_session, settings
from survey.queries import begin_snapshot
from survey.services import mend_rollup


@click.command()
@click.option("--mend", is_flag=True, help="Write the counts anew from the answers.")
def verify(mend: bool) -> None:
    """Recount every answer and compare with the roll-up; exit code 1 when they differ."""
    with database_session(settings()) as session:
        begin_snapshot(session)
        wrong = rollup.mismatches(session)
        for m in wrong:
            cell = ", ".join(f"{k}={v}" for k, v in m.key.items())
            click.echo(f"{m.table}: {m.recounted} answers, {m.stored} in the roll-up: {cell}")
        if wrong and mend:
            mend_rollup(session)
            click.echo(f"{len(wrong)} cells mended.")
        elif wrong:
            raise click.ClickException(
                f"{len(wrong)} cells differ; `rayak verify --mend` writes them anew"
            )
        else:
            click.echo("The roll-up agrees with the answers.")
