"""A report to keep: its files in every language, and the letter that goes with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from reports import estimates
from reports.articles import Articles
from reports.files.export import write
from reports.findings import change, verdict
from reports.labels import scope_lines, source_line, versions_lines
from reports.questions import earlier_questions
from reports.report import Report
from reports.service import build_report
from reports.summary import Interval
from reports.texts import Texts
from survey import queries
from survey.queries import Filters

KINDS = ("pdf", "xlsx", "csv", "json", "svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """`files` by language and format; `letter` has its subject as the first line."""

    files: dict[tuple[str, str], bytes]
    letter: str


def make_edition(
    session: Session,
    first: date,
    last: date,
    question: str = "",
    *,
    languages: Sequence[str],
    minimum_cell: int,
    articles: Articles,
) -> Edition:
    """The report of these days in these languages; built once, so that all files say the same.

    :param question: the checksum of the version it is about; empty for the newest of each language.
    """
    report = build_report(
        session,
        Filters(start=first, end=last, question=question or None),
        minimum_cell=minimum_cell,
        articles=articles,
    )
    session.rollback()
    return Edition(
        files={(lang, kind): write(report, kind, lang) for lang in languages for kind in KINDS},
        letter="\n\n\n".join(letter(report, Texts(lang)) for lang in languages) + "\n",
    )


def earlier_wordings(session: Session, first: date, last: date) -> tuple[str, ...]:
    """The checksums of questions that have answers of these days and were worded anew since.

    One for each number of changes; an edition about each says what the newest leaves out.
    """
    cells = queries.cells(session, queries.Period(first=first, last=last))
    return earlier_questions(queries.wordings(session), {c.question for c in cells})


def letter(report: Report, texts: Texts) -> str:
    """The report in a few lines of plain text, with the very sentences of the report."""
    scope = scope_lines(report, texts)
    # Letters about two wordings of one period must not look like copies of one.
    about = scope[:1] if report.scope.question is None else [scope[0], scope[-1]]
    lines = [f"{texts('title')}: {' · '.join(about)}", "", *scope[1:], ""]
    versions = versions_lines(report, texts)
    lines += [*versions, ""] if versions else []
    if report.figures is None or report.empty:
        return "\n".join([*lines, texts("no_answers"), "", source_line(report, texts)])
    figures, rate = report.figures, report.response_rate
    lines += [
        _line(texts, "answers", texts.count(figures.counts.total)),
        _line(texts, "views", texts.count(report.views)),
        _line(texts, "response_rate", texts("unknown") if rate is None else texts.percent(rate, 1)),
        _line(texts, "satisfied", _share(figures.satisfied, texts)),
        _line(texts, "dissatisfied", _share(figures.dissatisfied, texts)),
        "",
    ]
    said = [change(report, texts), verdict(report.comparison, texts)]
    lines += [sentence for sentence in said if sentence]
    return "\n".join([*lines, "", texts("note_random"), "", source_line(report, texts)])


def _line(texts: Texts, key: str, value: str) -> str:
    return texts("labelled", label=texts(key), value=value)


def _share(share: Interval, texts: Texts) -> str:
    written = estimates.share(share, texts)
    return texts("with_interval", value=written.value, interval=written.between)
