"""`rayak reports`: the kept reports and their way to recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from survey.commands import database_session, now, open_database, settings

if TYPE_CHECKING:
    from survey.keeping.kept import Kept


@click.group()
def reports() -> None:
    """Kept weekly and monthly reports; `rayak report --keep` makes one."""


@reports.command("list")
def list_reports() -> None:
    """Every kept report, the newest first, and what became of each letter."""
    from survey.keeping import kept

    with database_session(settings()) as session:
        found = kept.listed(session)
    for report in found:
        click.echo(line(report))
        for d in report.deliveries:
            problem = f"  {d.problem}" if d.problem else ""
            click.echo(f"       {d.recipient}  {d.state}  {d.attempts} attempts{problem}")
    if not found:
        click.echo("No report is kept: see `rayak report --keep` and RAYAK_REPORT_SCHEDULE.")


@reports.command()
@click.option("--again", type=int, help="Number of a report whose unsent letters go out anew.")
def send(again: int | None) -> None:
    """Send the letters that wait; exit code 1 when one could not go out."""
    from survey.app.chores import report_keeper
    from survey.keeping import deliveries
    from survey.keeping.delivery_state import DeliveryState

    configured = settings()
    if not configured.smtp_url:
        raise click.ClickException("There is no mail server: set RAYAK_SMTP_URL")
    with open_database(configured) as database:
        if again is not None:
            with database.scope() as session:
                number = deliveries.send_again(session, again, now=now())
            if not number:
                raise click.ClickException(f"Report {again} has no letter that was not sent")
        tried = report_keeper(configured, database).send_waiting()
    for delivery, state in tried:
        click.echo(f"{delivery.recipient}  {state}")
    wrong = sum(state is not DeliveryState.SENT for _, state in tried)
    if wrong:
        raise click.ClickException(
            f"{wrong} of {len(tried)} letters did not go out; see `rayak reports list`"
        )
    if not tried:
        click.echo("No letter waits.")


def line(report: Kept) -> str:
    """A kept report on one line."""
    what = f"made {report.made_at:%Y-%m-%d %H:%M} UTC" if report.made_at else "not made"
    problem = f"  {report.problem}" if report.problem else ""
    about = f"  question {report.question[:8]}" if report.question else ""
    period = f"{report.first} to {report.last}"
    return f"{report.id:>5}  {report.cadence:<8} {period}  {what}{about}{problem}"
