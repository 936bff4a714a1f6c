"""What a report is made of, read once: counts, views, wordings, and what of them may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from reports.cube import Cube
from reports.periods import step_start, unit_of
from reports.report import Scope, Unit, WordingShown
from reports.strata import Stratum
from survey import queries
from survey.ratings import State, WordingKind

TOP_ARTICLES = 50


class Readings:
    """The answers and views of one period; `current` are the questions whose answers count."""

    def __init__(self, session: Session, scope: Scope, minimum: int) -> None:
        """Read the period of `scope` and decide which cells to hide below `minimum` answers."""
        self.scope = scope
        self.minimum = minimum
        # Before the first answer there are no days; any single one is as empty.
        first = scope.first or date.min
        self.period = queries.Period(first=first, last=scope.last or first)
        self.unit = unit_of(self.period.first, self.period.last)
        self.versions = queries.wordings(session)
        cells = queries.cells(session, self.period)
        self.current = _current_questions(self.versions, {c.question for c in cells})
        self.cells = [c for c in cells if c.question in self.current]
        self.versions_left_out = len(self.cells) < len(cells)
        self.article_sizes = queries.article_sizes(
            session,
            self.period,
            questions=self.current,
            language=scope.language,
            states=(State.COUNTED, State.POSSIBLE_DUPLICATE)
            if scope.include_possible_duplicates
            else (State.COUNTED,),
        )
        self.views = queries.views(session, self.period)
        self.step_views = queries.step_views(session, self.period, self.grain)
        self.engine_order = [
            (e.engine, e.engine_version) for e in queries.engine_days(session, self.period)
        ]
        self.last_answer = queries.last_answer(session, self.period)
        self.recount = queries.last_recount(session)
        self.cube = self._cube(session)

    @property
    def grain(self) -> queries.Unit:
        """What the database sums time by: months where months are shown, else days."""
        return queries.Unit.MONTH if self.unit is Unit.MONTH else queries.Unit.DAY

    def _cube(self, session: Session) -> Cube:
        sizes = sorted(self.article_sizes, key=lambda size: (-size.answers, size.article))
        top = frozenset(size.article for size in sizes[:TOP_ARTICLES])
        counts = queries.steps(session, self.period, self.grain)
        return Cube(
            cells=self.cells,
            steps=(
                (step_start(s.start, self.unit), s) for s in counts if s.question in self.current
            ),
            articles=(
                a for a in queries.articles(session, self.period, top) if a.question in self.current
            ),
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
