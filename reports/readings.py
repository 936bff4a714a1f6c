"""What a report is made of: counts, views, wordings; each read when it is asked for, and once."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from reports.disclosure.cube import Cube
from reports.periods import unit_of
from reports.questions import covered_questions, versions_of_question
from reports.report import Scope, WordingShown
from reports.strata import Stratum
from reports.summary import Counts
from survey import queries
from survey.ratings import State, Translation, WordingKind

TOP_ARTICLES = 50
# Stands for the question of views that were counted before it was kept with them.
BEFORE_KEPT = 0


class Readings:
    """The answers and views of one period; cells below `minimum` answers are to be hidden."""

    def __init__(self, session: Session, scope: Scope, minimum: int) -> None:
        """Read nothing yet: what a report does not ask for is never read."""
        self._session = session
        self.scope = scope
        self.minimum = minimum
        # Before the first answer there are no days; any single one is as empty.
        first = scope.first or date.min
        self.period = queries.Period(first=first, last=scope.last or first)
        self.unit = unit_of(self.period.first, self.period.last)

    @cached_property
    def versions(self) -> list[queries.WordingVersion]:
        """Every version of every text."""
        return queries.wordings(self._session)

    @cached_property
    def _cells_of_all_versions(self) -> list[queries.CellCount]:
        return queries.cells(self._session, self.period)

    @cached_property
    def current(self) -> frozenset[int]:
        """The questions whose answers count: one version of each language."""
        asked = {c.question for c in self._cells_of_all_versions}
        return covered_questions(self.versions, asked, self.scope.question)

    @cached_property
    def cells(self) -> list[queries.CellCount]:
        """The answers to those questions by every dimension but time and article."""
        return [c for c in self._cells_of_all_versions if c.question in self.current]

    @property
    def versions_left_out(self) -> bool:
        """Whether there are answers to other versions."""
        return len(self.cells) < len(self._cells_of_all_versions)

    @property
    def states(self) -> tuple[State, ...]:
        """Of the answers that the report is about."""
        if self.scope.include_possible_duplicates:
            return (State.COUNTED, State.POSSIBLE_DUPLICATE)
        return (State.COUNTED,)

    def all_answers(self) -> Counts:
        """The distribution over all languages."""
        counted = (Counts(c.levels) for c in self.cells if c.state in self.states)
        return sum(counted, Counts())

    @cached_property
    def article_sizes(self) -> list[queries.ArticleSize]:
        """Every article with how many answered to which kind of text."""
        return queries.article_sizes(
            self._session,
            self.period,
            questions=self.current,
            language=self.scope.language,
            states=self.states,
        )

    @cached_property
    def _views_of_all_versions(self) -> list[queries.ViewCount]:
        return queries.views(self._session, self.period)

    @cached_property
    def _shown(self) -> frozenset[int]:
        """The questions whose views count: those whose answers do, and those of silent languages.

        A language that nobody answered in has no version whose answers count, and was shown.
        """
        if self.scope.question is not None:
            return self.current | {BEFORE_KEPT}
        questions = versions_of_question(self.versions)
        answered = {v.language for v in questions if v.id in self.current}
        silent = {v.id for v in questions if v.language not in answered}
        return self.current | silent | {BEFORE_KEPT}

    @cached_property
    def views(self) -> list[queries.ViewCount]:
        """How often those questions were shown."""
        return [v for v in self._views_of_all_versions if v.question in self._shown]

    @property
    def views_fit_answers(self) -> bool:
        """Whether the views are those of the questions whose answers count, and of no other."""
        kept = all(v.question != BEFORE_KEPT for v in self._views_of_all_versions)
        return kept or not self.versions_left_out

    @cached_property
    def step_views(self) -> list[queries.StepViews]:
        """The same by time."""
        found = queries.step_views(self._session, self.period, self.unit)
        return [v for v in found if v.question in self._shown]

    @cached_property
    def engine_order(self) -> list[tuple[str, str]]:
        """Packages and versions in the order in which they were first answered about."""
        found = queries.engine_days(self._session, self.period)
        return [(e.engine, e.engine_version) for e in found]

    @cached_property
    def last_answer(self) -> datetime | None:
        """The moment of the newest answer."""
        return queries.last_answer(self._session, self.period)

    @cached_property
    def recount(self) -> queries.Recount | None:
        """The last comparison of the roll-ups with the answers."""
        return queries.last_recount(self._session)

    @cached_property
    def top_articles(self) -> frozenset[str]:
        """Those with a row of their own, if it may be shown; the others are one."""
        sizes = sorted(self.article_sizes, key=lambda size: (-size.answers, size.article))
        return frozenset(size.article for size in sizes[:TOP_ARTICLES])

    @cached_property
    def article_views(self) -> dict[tuple[str, Translation], int]:
        """How often those questions were shown under those articles, in the chosen language.

        By article and kind of text; empty where it is not known for the days of this period.
        """
        found: Counter[tuple[str, Translation]] = Counter()
        kept = queries.article_views(self._session, self.period, self.top_articles)
        for v in kept or ():
            if v.question in self._shown and self.scope.language in (None, v.language):
                found[v.article, v.translation] += v.views
        return dict(found)

    @cached_property
    def cube(self) -> Cube:
        """The answers by every dimension, and which cells are hidden."""
        counts = queries.steps(self._session, self.period, self.unit)
        articles = queries.articles(self._session, self.period, self.top_articles)
        return Cube(
            cells=self.cells,
            steps=(s for s in counts if s.question in self.current),
            articles=(a for a in articles if a.question in self.current),
            minimum=self.minimum,
        )

    def article_pairs(self) -> list[Stratum]:
        """Each article's answers under machine translations and under the original."""
        return [
            Stratum(
                satisfied_a=size.machine_satisfied,
                total_a=size.machine,
                satisfied_b=size.original_satisfied,
                total_b=size.original,
            )
            for size in self.article_sizes
        ]

    def wording(self) -> tuple[WordingShown, ...]:
        """Versions shown by the end of the period, or asked in it; and which answers count."""
        asked = {c.question for c in self.cells} | set(self.current)
        shown = []
        for v in self.versions:
            question = v.kind is WordingKind.QUESTION
            chosen = question and v.sha256 == self.scope.question
            if v.first_shown.date() > self.period.last and v.id not in asked and not chosen:
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
