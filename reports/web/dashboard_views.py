"""The first of the admin pages: what changed, whether it is noise, and what waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from reports.articles import UNKNOWN, Articles
from reports.dashboard import MOST_TEXTS, lines, trend_start
from reports.findings import change, verdict
from reports.labels import article_code, article_name, flag_words, period, recount_line, scope_lines
from reports.periods import Cadence, last_ended
from reports.pictures import trend
from reports.report import Report
from reports.service import build_report
from reports.texts import LANGUAGES, Texts
from reports.web.forms import PeriodForm, read_period
from survey import queries
from survey.queries import Filters


class Backlog(Protocol):
    """How much of a period may want a moderator's look."""

    @property
    def possible_duplicates(self) -> int:
        """Second answers that may be of one visitor."""

    @property
    def spam(self) -> int:
        """Answers that were taken for spam."""

    @property
    def comments(self) -> int:
        """What visitors wrote."""


class TranslationPackage(Protocol):
    """What translates from one language into another."""

    @property
    def from_code(self) -> str:
        """Of the language it translates from."""

    @property
    def to_code(self) -> str:
        """Of the language it translates into."""

    @property
    def version(self) -> str:
        """Its version, such as `1.9`."""

    @property
    def is_starter(self) -> bool:
        """Whether it is a small one whose text is not to be relied on."""


def blueprint(
    *,
    session: Callable[[], Session],
    locale: Callable[[], str],
    minimum_cell: int,
    whole_months: bool,
    today: Callable[[], date],
    articles: Articles,
    backlog: Callable[[Session, date, date, str | None], Backlog],
    packages: Callable[[], Sequence[TranslationPackage]],
    problems: Callable[[], Mapping[str, str]],
    may_moderate: Callable[[], bool],
) -> Blueprint:
    """`/`, to be registered under the guarded admin blueprint; for every account.

    :param whole_months: whether reports are of months only, so that none overlaps another one.
    :param articles: what is known of the articles that the report names.
    :param backlog: what waits, of the days from one to another and a language or all.
    :param packages: what the service translates with.
    :param problems: what keeps the service from doing its work, by part.
    :param may_moderate: whether the reader of the page may open the list of answers.
    """
    routes = Blueprint("dashboard", __name__)
    views = DashboardViews(
        session=session,
        locale=locale,
        minimum_cell=minimum_cell,
        cadences=(Cadence.MONTHLY,) if whole_months else tuple(Cadence),
        today=today,
        articles=articles,
        backlog=backlog,
        packages=packages,
        problems=problems,
        may_moderate=may_moderate,
    )
    routes.get("/")(views.front)
    return routes


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardViews:
    """The view of the overview, and what it is made of."""

    session: Callable[[], Session]
    locale: Callable[[], str]
    minimum_cell: int
    cadences: tuple[Cadence, ...]
    today: Callable[[], date]
    articles: Articles
    backlog: Callable[[Session, date, date, str | None], Backlog]
    packages: Callable[[], Sequence[TranslationPackage]]
    problems: Callable[[], Mapping[str, str]]
    may_moderate: Callable[[], bool]

    def front(self) -> ResponseReturnValue:
        """The last week or month that ended, and what waits."""
        form = read_period(request.args, languages=LANGUAGES, cadences=self.cadences)
        texts = Texts(self.locale())
        page: dict[str, Any] = {
            "texts": texts,
            "form": form,
            "cadences": self.cadences,
            "languages": [(code, texts.language_name(code)) for code in LANGUAGES],
            "packages": self.packages(),
            "problems": _said(self.problems()),
        }
        if form.errors:
            return render_template("reports/dashboard.html", **page, report=None), 422
        first, last = last_ended(form.cadence, self.today())
        report = self._report(first, last, form.language)
        page |= _figures(report, texts) | self._trend(form, last, texts)
        page["waiting"] = self._waiting(first, last, form.language, report)
        return render_template("reports/dashboard.html", **page)

    def _report(
        self, first: date, last: date, language: str, *, for_picture: bool = False
    ) -> Report:
        return build_report(
            self.session(),
            Filters(start=first, end=last, language=language or None),
            minimum_cell=self.minimum_cell,
            articles=UNKNOWN if for_picture else self.articles,
            with_change=not for_picture,
        )

    def _trend(self, form: PeriodForm, last: date, texts: Texts) -> dict[str, Any]:
        """The picture and its words: those of the report over a longer time, where there is one."""
        if Cadence.WEEKLY not in self.cadences:
            return {}
        span = queries.span(self.session())
        if not span or span.first > last:
            return {}
        start = trend_start(form.cadence, last, span.first)
        longer = self._report(start, last, form.language, for_picture=True)
        return {
            "trend": trend(longer, texts),
            "trend_query": _query(start, last, form.language, texts),
        }

    def _waiting(
        self, first: date, last: date, language: str, report: Report
    ) -> list[tuple[str, int, str]]:
        moderator = self.may_moderate()
        # Others learn of no language what the report hides: how few possible duplicates it has.
        counted_in = language if moderator else ""
        found = self.backlog(self.session(), first, last, counted_in or None)
        return _lines(found, report, moderator)


def _said(problems: Mapping[str, str]) -> list[str]:
    """What is wrong with the service, in the reader's language."""
    words = {
        "database": _("The database does not answer as it should."),
        "packages": _("No translation package is installed."),
        "models": _("The translation models are being loaded."),
    }
    return [words.get(part, problem) for part, problem in problems.items()]


def _query(first: date, last: date, language: str, texts: Texts) -> dict[str, str]:
    """The same days and language, for addresses of the report and its files."""
    asked = {"from": first.isoformat(), "to": last.isoformat(), "language": language}
    return {name: value for name, value in asked.items() if value} | {"lang": texts.language}


def _figures(report: Report, texts: Texts) -> dict[str, Any]:
    scope = report.scope
    if scope.first is None or scope.last is None:
        raise ValueError("the overview is of a period")
    return {
        "report": report,
        "scope": scope_lines(report, texts)[:2],
        "period": period(report, texts),
        "query": _query(scope.first, scope.last, scope.language or "", texts),
        "lines": lines(report, texts),
        "change": change(report, texts),
        "verdict": verdict(report.comparison, texts),
        "triage": [(t, flag_words(t.flags, texts)) for t in report.triage[:MOST_TEXTS]],
        "article_name": article_name,
        "article_code": article_code,
        "recount": recount_line(report.generated_from.recount, texts),
        "minimum": texts.count(report.generated_from.minimum_cell),
    }


def _lines(found: Backlog, report: Report, linked: bool) -> list[tuple[str, int, str]]:
    """What waits: its name, how much, and where it is listed, for those who may see it there."""
    scope = report.scope
    days: dict[str, Any] = {"from": scope.first, "to": scope.last, "language": scope.language}

    def address(**more: Any) -> str:
        return url_for("admin.responses.responses_page", **days, **more) if linked else ""

    return [
        (
            _("Possible duplicates"),
            found.possible_duplicates,
            address(state="possible_duplicate"),
        ),
        (_("Taken for spam"), found.spam, address(state="spam")),
        (_("New comments"), found.comments, address(commented="on")),
    ]
