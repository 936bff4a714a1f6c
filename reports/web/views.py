"""The report page and its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from reports import estimates
from reports.articles import Articles
from reports.files import export
from reports.findings import change, sentences, verdict
from reports.labels import (
    article_code,
    article_name,
    breakdowns,
    flag_words,
    notes,
    question_label,
    scope_lines,
    source_line,
    step_label,
    versions_lines,
)
from reports.periods import months_ended
from reports.pictures import Name, pictures
from reports.questions import versions_of_question
from reports.report import Report
from reports.service import build_report
from reports.texts import LANGUAGES, Texts
from reports.web.forms import LONGEST_YEARS, FilterForm, read
from survey import queries
from survey.queries import Period, WordingVersion
from survey.ratings import Wording

MIME_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}

USUAL_DAYS = (7, 30, 90, 365)
# Of a picture: for a page and for a phone.
WIDTHS = ("wide", "narrow")
# Rows of a breakdown that the page shows at once.
LONGEST_TABLE = 20
LONGEST_COMMENTS = 10
# The newest months are seen at once, as many as there may be behind a fold.
MONTHS_OFFERED = 13
MOST_MONTHS = 12 * LONGEST_YEARS


def blueprint(
    *,
    session: Callable[[], Session],
    wording: Callable[[str], Wording],
    locale: Callable[[], str],
    minimum_cell: int,
    whole_months: bool,
    today: Callable[[], date],
    articles: Articles,
) -> Blueprint:
    """The report's addresses, to be registered under the guarded admin blueprint.

    `session` gives the request's session, `locale` the code of its language, `today` the site's
    day, `articles` what is known of the articles that the report names. With `whole_months` a
    report is of one month that has ended: periods that never overlap cannot be subtracted.
    """
    routes = Blueprint("reports", __name__)
    views = ReportViews(
        session=session,
        wording=wording,
        locale=locale,
        minimum_cell=minimum_cell,
        whole_months=whole_months,
        today=today,
        articles=articles,
    )
    routes.get("")(views.report_page)

    def add_files(state: BlueprintSetupState) -> None:
        # A blueprint puts a slash between its prefix and a rule; here the prefix itself goes on.
        for kind in export.FORMATS:
            endpoint = f"{state.name_prefix}.{state.name}.report_{kind}".lstrip(".")
            view = partial(views.report_file, kind)
            state.app.add_url_rule(f"{state.url_prefix or ''}.{kind}", endpoint, view)

    routes.record(add_files)
    return routes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportViews:
    """The views of the report."""

    session: Callable[[], Session]
    wording: Callable[[str], Wording]
    locale: Callable[[], str]
    minimum_cell: int
    whole_months: bool
    today: Callable[[], date]
    articles: Articles

    def report_page(self) -> ResponseReturnValue:
        """The report that was asked for, with its filters."""
        form = self._asked()
        report = self._build(form)
        texts = Texts(self.locale())
        periods = self._periods(form, texts)
        page = _page(report, form, texts, self.wording(self.locale())) | {
            "periods": periods[:MONTHS_OFFERED],
            "earlier_periods": periods[MONTHS_OFFERED:],
            "whole_months": self.whole_months,
            "questions": _questions(queries.wordings(self.session()), form, texts),
        }
        return render_template("reports/report.html", **page), 200 if report else 422

    def report_file(self, kind: str) -> ResponseReturnValue:
        """The same report as a file."""
        form = self._asked()
        report = self._build(form)
        chart = request.args.get("chart", Name.BARS)
        width = request.args.get("width", "wide")
        if report is None or chart not in list(Name) or width not in WIDTHS:
            choices = [f"chart: {', '.join(Name)}", f"width: {', '.join(WIDTHS)}"]
            problems = [e.message for e in form.errors] or choices
            return Response("\n".join(problems) + "\n", 422, mimetype="text/plain")
        content = export.write(report, kind, self.locale(), chart=chart, narrow=width == "narrow")
        response = Response(content, content_type=MIME_TYPES[kind])
        if kind not in ("svg", "png", "json"):
            response.headers.set(
                "Content-Disposition", "attachment", filename=_file_name(report, kind)
            )
        return response

    def _asked(self) -> FilterForm:
        versions = queries.wordings(self.session())
        return read(
            request.args,
            languages=LANGUAGES,
            today=self.today(),
            versions=versions,
            whole_months=self.whole_months,
        )

    def _periods(self, form: FilterForm, texts: Texts) -> list[tuple[str, str, bool]]:
        if self.whole_months:
            return _months(form, texts, self.today(), queries.span(self.session()))
        return _periods(form, texts, self.today())

    def _build(self, form: FilterForm) -> Report | None:
        if form.filters is None:
            return None
        return build_report(
            self.session(), form.filters, minimum_cell=self.minimum_cell, articles=self.articles
        )


def _page(
    report: Report | None, form: FilterForm, texts: Texts, wording: Wording
) -> dict[str, object]:
    """What the template is given."""
    page: dict[str, object] = {
        "form": form,
        "texts": texts,
        "report": report,
        "languages": [(code, texts.language_name(code)) for code in LANGUAGES],
    }
    if report is None:
        return page
    query: dict[str, Any] = form.query() | {"lang": texts.language}
    return page | {
        "scope": scope_lines(report, texts),
        "versions": versions_lines(report, texts),
        "verdict": verdict(report.comparison, texts),
        "sentences": sentences(report, texts)[1:],
        "change": change(report, texts),
        "pictures": [
            (p, url_for(".report_svg", chart=p.name, **query)) for p in pictures(report, texts)
        ],
        "files": [(kind, url_for(f".report_{kind}", **query)) for kind in export.FORMATS],
        "estimates": estimates,
        "levels": list(enumerate(wording.scale, 1)),
        "breakdowns": breakdowns(report, texts),
        "step_label": lambda step: step_label(step, report.unit, texts),
        "flag_words": flag_words,
        "article_name": article_name,
        "article_code": article_code,
        "longest_table": LONGEST_TABLE,
        "longest_comments": LONGEST_COMMENTS,
        "zip": zip,
        "notes": notes(report, texts),
        "source": source_line(report, texts),
        "minimum": texts.count(report.generated_from.minimum_cell),
    }


def _questions(
    versions: Sequence[WordingVersion], form: FilterForm, texts: Texts
) -> list[tuple[str, str]]:
    """The versions of the question to choose from; none where there is nothing to choose."""
    found = versions_of_question(versions)
    languages = {v.language for v in found}
    if len(found) == len(languages) and not form.question:
        return []
    return [(v.sha256, question_label(v, texts)) for v in found]


def _periods(form: FilterForm, texts: Texts, today: date) -> list[tuple[str, str, bool]]:
    """Links to the usual periods: label, address, and whether it is the one shown."""
    kept: dict[str, Any] = form.query() | {"lang": texts.language}
    kept = {name: value for name, value in kept.items() if name not in ("from", "to")}
    links = []
    for days in USUAL_DAYS:
        start = (today - timedelta(days=days - 1)).isoformat()
        address = url_for(".report_page", **(kept | {"from": start}))
        current = form.start == start and form.end in ("", today.isoformat())
        links.append((texts("last_days", n=texts.count(days)), address, current))
    everything = not form.start and not form.end
    return [*links, (texts("whole"), url_for(".report_page", **kept), everything)]


def _months(
    form: FilterForm, texts: Texts, today: date, answered: Period | None
) -> list[tuple[str, str, bool]]:
    """Links to the months that have ended since the first answer, as `_periods` gives them."""
    kept: dict[str, Any] = form.query() | {"lang": texts.language}
    begun = answered.first if answered else today
    number = (today.year - begun.year) * 12 + today.month - begun.month
    links = []
    for first, last in months_ended(today, min(max(number, MONTHS_OFFERED), MOST_MONTHS)):
        days = {"from": first.isoformat(), "to": last.isoformat()}
        address = url_for(".report_page", **(kept | days))
        links.append((texts.month(first), address, form.start == days["from"]))
    return links


def _file_name(report: Report, kind: str) -> str:
    days = [day.isoformat() for day in (report.scope.first, report.scope.last) if day]
    return "-".join(["satisfaction", *days]) + f".{kind}"
