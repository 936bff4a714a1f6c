"""Builds the report of a period from sums of the roll-ups."""

from __future__ import annotations

from dataclasses import replace
from datetime import MAXYEAR

from sqlalchemy.orm import Session

from reports import VERSION
from reports.articles import UNKNOWN, Articles, Text
from reports.change import Earlier, asked_otherwise, change_between, period_before
from reports.comparison import compare, engine_changes, triage
from reports.disclosure.cube import OTHER_ARTICLES
from reports.questions import find_question
from reports.readings import Readings
from reports.report import HiddenCell, Report, Row, Scope, Source
from reports.rows import Rows
from reports.summary import Counts
from survey import queries
from survey.queries import CommentText, Filters
from survey.ratings import Translation

NEWEST_COMMENTS = 100
LONGEST_DAYS = 100 * 366


class BadPeriod(ValueError):
    """A period that ends before it begins, or is longer than any site is old."""


def build_report(
    session: Session,
    filters: Filters,
    *,
    minimum_cell: int = 10,
    articles: Articles = UNKNOWN,
    with_change: bool = True,
) -> Report:
    """The report that was asked for; only reads. Same answers and filters give an equal report.

    :param articles: what is known of the articles that it names.
    :param with_change: compare with the period before as well.
    :raise BadPeriod: when the period ends before it begins, or is longer than a century.
    :raise UnknownQuestion: when the question that was asked for has never been shown.
    """
    scope = _scope(session, filters)
    if scope.first and scope.last and scope.last < scope.first:
        raise BadPeriod(f"the period ends on {scope.last}, before it begins on {scope.first}")
    if scope.last and scope.last.year >= MAXYEAR:
        raise BadPeriod(f"the period ends in the year {scope.last.year}, the last of the calendar")
    if scope.first and scope.last and (scope.last - scope.first).days > LONGEST_DAYS:
        raise BadPeriod(f"the period from {scope.first} to {scope.last} is longer than a century")
    report = _build(session, scope, minimum_cell)
    report = _with_articles(session, report, articles)
    before = _scope_before(session, filters, scope) if with_change else None
    if before is None:
        return report
    earlier = _earlier(session, before, minimum_cell)
    if asked_otherwise(report, earlier):
        return replace(report, asked_otherwise_before=True)
    return replace(report, change=change_between(report, earlier, minimum_cell))


def _earlier(session: Session, scope: Scope, minimum: int) -> Earlier:
    """The totals of a period: most of what its report would be made of is not read."""
    read = Readings(session, scope, minimum)
    total = Rows(read).total()
    return Earlier(
        first=read.period.first,
        last=read.period.last,
        figures=total.figures,
        views=total.views or 0,
        response_rate=total.response_rate,
        questions={v.language: v.sha256 for v in read.versions if v.id in read.current},
    )


def _with_articles(session: Session, report: Report, articles: Articles) -> Report:
    """The report with the titles of its articles, and the flags of those in its triage."""
    slugs = {row.key[0] for row in report.by_article} | {t.article for t in report.triage}
    slugs -= {OTHER_ARTICLES}
    if not slugs:
        return report
    flags = articles.flag_counts(session, [(t.article, t.language) for t in report.triage])

    def flags_of(text: Text) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(flags.get(text, {}).items(), key=lambda f: (-f[1], f[0])))

    return replace(
        report,
        triage=tuple(replace(t, flags=flags_of((t.article, t.language))) for t in report.triage),
        titles=articles.titles(session, sorted(slugs)),
    )


def _scope_before(session: Session, filters: Filters, scope: Scope) -> Scope | None:
    """The period before one whose first day was asked for; None when nobody answered so early.

    Days before the first answer of all are left out of it.
    """
    span = queries.span(session)
    if filters.start is None or scope.first is None or scope.last is None or span is None:
        return None
    if span.first >= scope.first:
        return None
    first, last = period_before(scope.first, scope.last)
    return replace(scope, first=max(first, span.first), last=last)


def _scope(session: Session, filters: Filters) -> Scope:
    """The filters with days in place of what was left open."""
    span = queries.span(session)
    first, last = (span.first, span.last) if span else (filters.end, filters.start)
    start = filters.start or (min(first, filters.end or first) if first else None)
    end = filters.end or (max(last, filters.start or last) if last else None)
    return Scope(
        first=start,
        last=end,
        language=filters.language,
        include_possible_duplicates=filters.include_possible_duplicates,
        question=find_question(queries.wordings(session), filters.question).sha256
        if filters.question
        else None,
    )


def _build(session: Session, scope: Scope, minimum: int) -> Report:
    """The report of these days, without the change from the ones before."""
    read = Readings(session, scope, minimum)
    rows = Rows(read)
    total = rows.total()
    answered = total.figures.counts if total.figures else Counts()
    by_language, by_translation = rows.by_language(), rows.by_translation()
    pairs, by_channel = rows.by_language_and_translation(), rows.by_channel()
    by_article, by_engine = rows.by_article(), rows.by_engine()
    trend = rows.trend(answered)
    hidden = {
        "language": by_language,
        "translation": by_translation,
        "language_and_translation": pairs,
        "channel": by_channel,
        "article": by_article,
        "engine": by_engine,
        "trend": tuple(step.row for step in trend),
    }
    return Report(
        scope=scope,
        figures=total.figures,
        hidden=total.hidden,
        duplicates_left_out=total.duplicates_left_out,
        views=total.views,
        response_rate=total.response_rate,
        by_language=by_language,
        by_translation=by_translation,
        by_language_and_translation=pairs,
        by_channel=by_channel,
        by_article=by_article,
        by_engine=by_engine,
        unit=read.unit,
        trend=trend,
        comparison=compare(
            plain=rows.pair(scope.language) if total.figures else None,
            pairs=rows.pairs() if total.figures else {},
            articles=read.article_pairs() if total.figures else (),
            articles_exact=rows.article_pairs_are_shown(),
            minimum=minimum,
        ),
        change=None,
        engine_changes=engine_changes(by_engine, read.engine_order, minimum),
        triage=triage(rows.machine_texts(), answered),
        comments=_comments(session, read, pairs, answered),
        hidden_cells=_hidden(hidden),
        wording=read.wording(),
        generated_from=Source(
            last_answer=read.last_answer,
            recount=read.recount,
            software=VERSION,
            minimum_cell=minimum,
        ),
        versions_left_out=read.versions_left_out,
    )


def _comments(
    session: Session, read: Readings, pairs: tuple[Row, ...], answered: Counts
) -> tuple[CommentText, ...]:
    """The newest comments, each of a language and kind of text with answers enough to hide among.

    A comment says its language, kind and level: beside a hidden row it would tell of that row.
    """
    if answered.total < read.minimum:
        return ()
    shown = {(row.key[0], Translation(row.key[1])) for row in pairs if row.figures}
    return tuple(
        queries.comments(
            session,
            read.period,
            texts=shown,
            questions=read.current,
            limit=NEWEST_COMMENTS,
        )
    )


def _hidden(breakdowns: dict[str, tuple[Row, ...]]) -> tuple[HiddenCell, ...]:
    return tuple(
        HiddenCell(breakdown=name, key=row.key, reason=row.hidden)
        for name, rows in breakdowns.items()
        for row in rows
        if row.hidden is not None
    )
