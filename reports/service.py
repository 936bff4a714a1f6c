"""Builds the report of a period from sums of the roll-ups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from reports import VERSION
from reports.comparison import compare, engine_changes, triage
from reports.cube import (
    OTHER_ARTICLES,
    TOTAL,
    Cube,
    article_cell,
    channel_cell,
    engine_cell,
    language_cell,
    step_cell,
)
from reports.periods import step_start, steps, unit_of
from reports.report import (
    Change,
    Figures,
    HiddenCell,
    Report,
    Row,
    Scope,
    Source,
    Step,
    Unit,
    WordingShown,
)
from reports.summary import Counts, control_limits
from reports.verdicts import contrast
from survey import queries
from survey.queries import CommentText, Filters
from survey.ratings import Channel, State, Translation, WordingKind

TOP_ARTICLES = 50
NEWEST_COMMENTS = 100


class BadPeriod(ValueError):
    """A period that ends before it begins."""


def build_report(session: Session, filters: Filters, *, minimum_cell: int = 10) -> Report:
    """The report that was asked for; only reads. Same answers and filters give an equal report.

    :raise BadPeriod: when the period ends before it begins.
    """
    scope = _scope(session, filters)
    if scope.first and scope.last and scope.last < scope.first:
        raise BadPeriod(f"the period ends on {scope.last}, before it begins on {scope.first}")
    report = _Builder(session, scope, minimum_cell).report()
    before = _scope_before(session, filters, scope)
    if before is None or report.figures is None:
        return report
    earlier = _Builder(session, before, minimum_cell).report()
    return replace(report, change=_change(report.figures, earlier, minimum_cell))


def _scope_before(session: Session, filters: Filters, scope: Scope) -> Scope | None:
    """The period before one whose first day was asked for; None when nobody answered so early."""
    span = queries.span(session)
    if filters.start is None or scope.first is None or scope.last is None or span is None:
        return None
    if span.first >= scope.first:
        return None
    length = scope.last - scope.first
    last = scope.first - timedelta(days=1)
    return replace(scope, first=max(last - length, span.first), last=last)


def _change(now: Figures, earlier: Report, minimum: int) -> Change | None:
    first, last = earlier.scope.first, earlier.scope.last
    if earlier.figures is None or earlier.empty or first is None or last is None:
        return None
    found = contrast(now.counts, earlier.figures.counts, minimum=minimum)
    return Change(first=first, last=last, contrast=found)


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
    )


class _Builder:
    """One report in the making: what was read, and the parts made of it."""

    def __init__(self, session: Session, scope: Scope, minimum: int) -> None:
        self.session = session
        self.scope = scope
        self.minimum = minimum
        # Before the first answer there are no days; any single one is as empty.
        first = scope.first or date.min
        self.period = queries.Period(first=first, last=scope.last or first)
        self.unit = unit_of(self.period.first, self.period.last)
        self.grain = queries.Unit.MONTH if self.unit is Unit.MONTH else queries.Unit.DAY
        self.versions = queries.wordings(session)
        cells = queries.cells(session, self.period)
        self.current = _current_questions(self.versions, {c.question for c in cells})
        self.cells = [c for c in cells if c.question in self.current]
        self.left_out = len(self.cells) < len(cells)
        self.article_counts = [
            a for a in queries.articles(session, self.period) if a.question in self.current
        ]
        self.views = queries.views(session, self.period)
        self.cube = self._cube()

    def _cube(self) -> Cube:
        sizes: dict[str, int] = defaultdict(int)
        for a in self.article_counts:
            sizes[a.article] += a.answers
        top = sorted(sizes, key=lambda article: (-sizes[article], article))[:TOP_ARTICLES]
        counts = queries.steps(self.session, self.period, self.grain)
        return Cube(
            cells=self.cells,
            steps=(
                (step_start(s.start, self.unit), s) for s in counts if s.question in self.current
            ),
            articles=self.article_counts,
            top_articles=frozenset(top),
            minimum=self.minimum,
        )

    def report(self) -> Report:
        """Put the parts together."""
        language = self.scope.language
        total = self._row(TOTAL if language is None else language_cell(language), ())
        by_language = self._by_language()
        by_translation = self._by_translation()
        pairs = self._by_language_and_translation()
        by_engine = self._by_engine()
        articles = self._by_article()
        answered = total.figures.counts if total.figures else Counts()
        channels = self._by_channel()
        trend = self._trend(answered)
        views = sum(v.views for v in self.views if language in (None, v.language))
        breakdowns = {
            "language": by_language,
            "translation": by_translation,
            "language_and_translation": pairs,
            "channel": channels,
            "article": articles,
            "engine": by_engine,
            "trend": tuple(step.row for step in trend),
        }
        return Report(
            scope=self.scope,
            figures=total.figures,
            hidden=total.hidden,
            duplicates_left_out=total.duplicates_left_out,
            views=views,
            response_rate=self._response_rate(total, views),
            by_language=by_language,
            by_translation=by_translation,
            by_language_and_translation=pairs,
            by_channel=channels,
            by_article=articles,
            by_engine=by_engine,
            unit=self.unit,
            trend=trend,
            comparison=compare(
                by_translation=by_translation,
                by_language_and_translation=pairs,
                articles=self._article_pairs(),
                minimum=self.minimum,
            ),
            change=None,
            engine_changes=engine_changes(by_engine, self._engine_order(), self.minimum),
            triage=triage(self._machine_texts(), answered),
            comments=self._comments(by_language, answered),
            hidden_cells=_hidden(breakdowns),
            wording=self._wording(),
            generated_from=Source(
                last_answer=queries.last_answer(self.session, self.period),
                software=VERSION,
                minimum_cell=self.minimum,
            ),
            versions_left_out=self.left_out,
        )

    def _row(self, name: object, key: tuple[str, ...], views: int | None = None) -> Row:
        return self.cube.row(
            name, key=key, views=views, duplicates=self.scope.include_possible_duplicates
        )

    def _keys(self, table: str) -> list[object]:
        # Languages are the rows of their own table and the columns of the others.
        language = None if table == "languages" else self.scope.language
        duplicates = self.scope.include_possible_duplicates
        return list(self.cube.keys(table, language, duplicates=duplicates))

    def _seen(self, wanted: Callable[[queries.ViewCount], bool]) -> int:
        language = self.scope.language
        return sum(v.views for v in self.views if wanted(v) and language in (None, v.language))

    def _by_language(self) -> tuple[Row, ...]:
        languages = {str(row) for row in self._keys("languages")}
        languages |= {v.language for v in self.views}
        if self.scope.language is not None:
            languages = {self.scope.language}
        return tuple(
            self._row(
                language_cell(language),
                (language,),
                self._seen(lambda v, code=language: v.language == code),  # type: ignore[misc] # the loop variable is bound, which mypy cannot type in a lambda
            )
            for language in sorted(languages)
        )

    def _by_translation(self) -> tuple[Row, ...]:
        rows = []
        for kind in Translation:
            views = self._seen(lambda v, kind=kind: v.translation is kind)  # type: ignore[misc] # as above
            name = (
                language_cell(translation=kind)
                if self.scope.language is None
                else language_cell(self.scope.language, kind)
            )
            row = self._row(name, (kind,), views)
            if views or not _is_empty(row):
                rows.append(row)
        return tuple(rows)

    def _by_language_and_translation(self) -> tuple[Row, ...]:
        rows = []
        for code in sorted(str(row) for row in self._keys("languages")):
            if self.scope.language not in (None, code):
                continue
            for kind in Translation:
                views = self._seen(
                    lambda v, code=code, kind=kind: v.language == code and v.translation is kind  # type: ignore[misc] # as above
                )
                row = self._row(language_cell(code, kind), (code, kind), views)
                if not _is_empty(row):
                    rows.append(row)
        return tuple(rows)

    def _by_channel(self) -> tuple[Row, ...]:
        rows = []
        for channel in Channel:
            views = self._seen(lambda v, channel=channel: v.channel is channel)  # type: ignore[misc] # as above
            name = channel_cell(channel, *self._column())
            row = self._row(name, (channel,), views)
            if views or not _is_empty(row):
                rows.append(row)
        return tuple(rows)

    def _by_article(self) -> tuple[Row, ...]:
        """By article and kind of text; the rest, and the pages that are no article, at the end."""
        rows = []
        for kind in Translation:
            for article in self._keys(f"articles {kind}"):
                row = self._row(article_cell(kind, article, *self._column()), (str(article), kind))
                if not _is_empty(row):
                    rows.append(row)
        return tuple(sorted(rows, key=lambda r: (r.key[0] == OTHER_ARTICLES, -_size(r), r.key)))

    def _machine_texts(self) -> list[Row]:
        """Machine-translated articles by language, for triage."""
        kind = Translation.MACHINE
        languages = [r.key[0] for r in self._by_language()]
        return [
            self._row(article_cell(kind, article, language), (str(article), language))
            for article in self._keys(f"articles {kind}")
            if article != OTHER_ARTICLES
            for language in languages
            if self.cube.layers[State.COUNTED].counts(article_cell(kind, article, language)).total
        ]

    def _by_engine(self) -> tuple[Row, ...]:
        rows = []
        for kind in Translation:
            for engine in self._keys(f"engines {kind}"):
                name = engine_cell(kind, engine, *self._column())
                assert isinstance(engine, tuple)  # noqa: S101 -- the cube names engines so
                row = self._row(name, tuple(str(part) for part in engine))
                if kind is Translation.MACHINE and not _is_empty(row):
                    rows.append(row)
        return tuple(sorted(rows, key=lambda r: r.key))

    def _column(self) -> tuple[str, ...]:
        """The language as the last part of a cell's name, or nothing for all."""
        return (self.scope.language,) if self.scope.language is not None else ()

    def _trend(self, total: Counts) -> tuple[Step, ...]:
        views: dict[date, int] = defaultdict(int)
        for v in queries.step_views(self.session, self.period, self.grain):
            if self.scope.language in (None, v.language):
                views[step_start(v.start, self.unit)] += v.views
        share = total.satisfied / total.total if total.total else 0.0
        found: list[Step] = []
        if self.scope.first is None:
            return ()
        for first, last in steps(self.period.first, self.period.last, self.unit):
            start = step_start(first, self.unit)
            row = self._row(step_cell(start, *self._column()), (first.isoformat(),), views[start])
            found.append(Step(first=first, last=last, row=row, unusual=_unusual(row, share)))
        return tuple(found)

    def _comments(self, by_language: Sequence[Row], answered: Counts) -> tuple[CommentText, ...]:
        """The newest comments, where there are answers enough to hide among."""
        if answered.total < self.minimum:
            return ()
        shown = {row.key[0] for row in by_language if row.figures}
        return tuple(
            queries.comments(self.session, self.period, languages=shown, limit=NEWEST_COMMENTS)
        )

    def _article_pairs(self) -> dict[str, tuple[Counts, Counts]]:
        """Each article's answers under machine translations and under the original."""
        states = {State.COUNTED}
        if self.scope.include_possible_duplicates:
            states.add(State.POSSIBLE_DUPLICATE)
        sums: dict[tuple[str, Translation], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for a in self.article_counts:
            if a.state in states and self.scope.language in (None, a.language):
                sums[a.article, a.translation][a.rating] += a.answers
        return {
            article: (
                Counts.of(sums.get((article, Translation.MACHINE), {})),
                Counts.of(sums.get((article, Translation.ORIGINAL), {})),
            )
            for article in sorted({article for article, _ in sums})
        }

    def _engine_order(self) -> list[tuple[str, str]]:
        return [
            (e.engine, e.engine_version) for e in queries.engine_days(self.session, self.period)
        ]

    def _response_rate(self, total: Row, views: int) -> float | None:
        """Answers by views; None where it would not be one: hidden, not counted, or pooled out."""
        if total.figures is None or not views or self.left_out:
            return None
        rate = total.figures.counts.total / views
        return rate if rate <= 1 else None

    def _wording(self) -> tuple[WordingShown, ...]:
        asked = {c.question for c in self.cells} | set(self.current)
        shown = []
        for v in self.versions:
            question = v.kind is WordingKind.QUESTION
            if v.first_shown.date() > self.period.last and v.id not in asked:
                continue
            shown.append(
                WordingShown(
                    kind=v.kind,
                    language=v.language,
                    text=v.text,
                    sha256=v.sha256,
                    first_shown=v.first_shown,
                    covered=v.id in self.current if question else True,
                )
            )
        return tuple(shown)


def _current_questions(
    versions: Sequence[queries.WordingVersion], asked: Iterable[int]
) -> frozenset[int]:
    """The newest version of each language among those asked: versions are never pooled."""
    asked = set(asked)
    newest = {
        v.language: v.id for v in versions if v.kind is WordingKind.QUESTION and v.id in asked
    }
    return frozenset(newest.values())


def _is_empty(row: Row) -> bool:
    """Nobody answered; a row whose few duplicates are left out is not empty."""
    return row.figures is not None and row.figures.counts.total == 0 and not row.duplicates_left_out


def _size(row: Row) -> int:
    return row.figures.counts.total if row.figures else 0


def _unusual(row: Row, share: float) -> bool:
    """Whether a step's satisfied share lies outside what chance does around the overall one."""
    if row.figures is None or row.figures.satisfied.value is None:
        return False
    low, high = control_limits(share, row.figures.counts.total)
    return not low <= row.figures.satisfied.value <= high


def _hidden(breakdowns: dict[str, tuple[Row, ...]]) -> tuple[HiddenCell, ...]:
    return tuple(
        HiddenCell(breakdown=name, key=row.key, reason=row.hidden)
        for name, rows in breakdowns.items()
        for row in rows
        if row.hidden is not None
    )
