"""`rayak report`: the same report as the admin page, without a browser."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from survey.commands import database_session, now, open_database, settings, write_bytes

if TYPE_CHECKING:
    from survey.settings import Settings

FORMATS = ("csv", "json", "pdf", "png", "svg", "xlsx")
CHARTS = ("bars", "dots", "trend")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--from", "start", type=DAY, help="First day, as 2026-01-31.")
@click.option("--to", "end", type=DAY, help="Last day, included.")
@click.option(
    "--any-period",
    is_flag=True,
    help="Other days than a whole month too, where RAYAK_REPORT_PERIODS is months: for yourself.",
)
@click.option("--lang", default="en", show_default=True, help="Language of the report itself.")
@click.option("--shown", default=None, help="Only answers to texts shown in this language.")
@click.option(
    "--question",
    default=None,
    help="Only answers to a version of the question, by its checksum or the first 8 of it.",
)
@click.option("--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--possible-duplicates", is_flag=True, help="Count possible duplicates in.")
@click.option(
    "--chart",
    type=click.Choice(CHARTS),
    default="bars",
    show_default=True,
    help="Which picture svg and png show.",
)
@click.option(
    "--keep",
    type=click.Choice(("weekly", "monthly")),
    help="Keep the report of the last week or month that ended, in every format and language.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File; else standard output.")
def report(
    start: datetime | None,
    end: datetime | None,
    any_period: bool,
    lang: str,
    shown: str | None,
    question: str | None,
    kind: str,
    possible_duplicates: bool,
    chart: str,
    keep: str | None,
    output: str | None,
) -> None:
    """Write the satisfaction report of a period."""
    if keep:
        if start or end or any_period or output or shown:
            raise click.UsageError("--keep takes its period, files and languages from the settings")
        _keep(keep, question)
        return
    from reports.files.export import write
    from reports.questions import UnknownQuestion
    from reports.service import BadPeriod, build_report
    from survey.app.lookups import ARTICLES
    from survey.queries import Filters, begin_snapshot

    configured = settings()
    first, last = _days(configured, start, end, any_period)
    if lang not in configured.languages:
        raise click.UsageError(f"--lang: choose one of {', '.join(configured.languages)}")
    if shown and shown not in configured.languages:
        raise click.UsageError(f"--shown: choose one of {', '.join(configured.languages)}")
    filters = Filters(
        start=first,
        end=last,
        language=shown,
        include_possible_duplicates=possible_duplicates,
        question=question,
    )
    with database_session(configured) as session:
        begin_snapshot(session)
        try:
            built = build_report(
                session,
                filters,
                minimum_cell=configured.minimum_cell,
                articles=ARTICLES,
            )
        except (BadPeriod, UnknownQuestion) as error:
            raise click.UsageError(str(error)) from error
    write_bytes(output, write(built, kind, lang, chart=chart))


def _days(
    configured: Settings, start: datetime | None, end: datetime | None, any_period: bool
) -> tuple[date | None, date | None]:
    """The days to report on; those of the last month where reports are of months and none is said.

    :raise click.UsageError: when they are turned round, or of no month where they have to be.
    """
    from reports.periods import Cadence, is_month_ended, last_ended
    from survey.ratings import local_day

    first, last = (moment.date() if moment else None for moment in (start, end))
    if first and last and first > last:
        raise click.UsageError(f"the period is turned round: {first} comes after {last}")
    if any_period or not configured.whole_months:
        return first, last
    today = local_day(now(), configured.zone)
    if not first and not last:
        return last_ended(Cadence.MONTHLY, today)
    if not is_month_ended(first, last, today):
        raise click.UsageError(
            "RAYAK_REPORT_PERIODS is months: choose --from and --to of one whole month that has "
            "ended, or say --any-period for a report that nobody else gets"
        )
    return first, last


def _keep(cadence: str, question: str | None) -> None:
    from reports.questions import UnknownQuestion, find_question
    from survey import queries
    from survey.app.chores import report_keeper
    from survey.commands.reports import line

    configured = settings()
    if cadence not in configured.cadences:
        raise click.UsageError(
            "RAYAK_REPORT_PERIODS is months: weekly reports are not kept; say --keep monthly"
        )
    with open_database(configured) as database:
        checksum = ""
        if question:
            with database.scope() as session:
                try:
                    checksum = find_question(queries.wordings(session), question).sha256
                except UnknownQuestion as error:
                    raise click.UsageError(str(error)) from error
        keeper = report_keeper(configured, database)
        one = keeper.keep(cadence, checksum) if checksum else None
        kept = ([one] if one else []) if checksum else keeper.keep_all(cadence)
    if not kept:
        click.echo(
            "Nothing to keep: it is kept already, is being made, failed a short time ago, "
            "or nobody had answered; see `rayak reports list`."
        )
        return
    for made in kept:
        click.echo(line(made))
    problems = [made.problem for made in kept if made.problem]
    if problems:
        raise click.ClickException("; ".join(problems))
