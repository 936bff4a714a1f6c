"""The rows of a report's breakdowns, from what was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from reports.comparison import Pair
from reports.disclosure.cube import (
    OTHER_ARTICLES,
    article_cell,
    channel_cell,
    engine_cell,
    language_cell,
    step_cell,
)
from reports.disclosure.tables import ALL, Cell
from reports.periods import step_start, steps
from reports.readings import Readings
from reports.report import Figures, Row, Step
from reports.summary import Counts, control_limits
from survey.queries import ViewCount
from survey.ratings import Channel, State, Translation


class Rows:
    """Makes each breakdown; under a language filter, of that language's answers alone."""

    def __init__(self, readings: Readings) -> None:
        self.readings = readings
        self.language = readings.scope.language

    def total(self) -> Row:
        """All answers, which are always shown, or all of the language."""
        if self.language is None:
            figures = Figures.of(self.readings.all_answers())
            return self._rated(Row(key=(), figures=figures, views=self.views()))
        return self._row(language_cell(self.language), (), self.views())

    def views(
        self,
        *,
        language: str | None = None,
        translation: Translation | None = None,
        channel: Channel | None = None,
    ) -> int:
        """How often the question was shown, by any of these."""

        def wanted(v: ViewCount) -> bool:
            return (
                language in (None, v.language)
                and translation in (None, v.translation)
                and channel in (None, v.channel)
                and self.language in (None, v.language)
            )

        return sum(v.views for v in self.readings.views if wanted(v))

    def by_language(self) -> tuple[Row, ...]:
        """Languages with answers or views; only the chosen one under a filter."""
        languages = {str(row) for row in self._keys("languages")}
        languages |= {v.language for v in self.readings.views if v.views}
        if self.language is not None:
            languages = {self.language}
        return tuple(
            self._row(language_cell(code), (code,), self.views(language=code))
            for code in sorted(languages)
        )

    def by_translation(self) -> tuple[Row, ...]:
        """Kinds of text with answers or views."""
        rows = []
        for kind in Translation:
            views = self.views(translation=kind)
            name = language_cell(self.language or ALL, kind)
            row = self._row(name, (kind,), views)
            if views or not _is_empty(row):
                rows.append(row)
        return tuple(rows)

    def by_language_and_translation(self) -> tuple[Row, ...]:
        """Each language's kinds of text that have answers."""
        found = (
            self._row(
                language_cell(code, kind),
                (code, kind),
                self.views(language=code, translation=kind),
            )
            for code in sorted(str(row) for row in self._keys("languages"))
            if self.language in (None, code)
            for kind in Translation
        )
        return tuple(row for row in found if not _is_empty(row))

    def by_channel(self) -> tuple[Row, ...]:
        """Where answers were given."""
        rows = []
        for channel in Channel:
            views = self.views(channel=channel)
            row = self._row(channel_cell(channel, *self._column()), (channel,), views)
            if views or not _is_empty(row):
                rows.append(row)
        return tuple(rows)

    def by_article(self) -> tuple[Row, ...]:
        """By article and kind of text; the rest, and the pages that are no article, at the end."""
        rows = []
        for kind in Translation:
            for article in self._keys(f"articles {kind}"):
                name = article_cell(kind, article, *self._column())
                row = self._row(name, (str(article), kind), self._article_views(str(article), kind))
                if not _is_empty(row):
                    rows.append(row)
        return tuple(sorted(rows, key=lambda r: (r.key[0] == OTHER_ARTICLES, -_size(r), r.key)))

    def _article_views(self, article: str, kind: Translation) -> int | None:
        """How often the question was shown under an article; None where that is not to be had.

        A hidden row has none, as everywhere. Nor has the row of the other pages, from which those
        of the hidden ones could be told.
        """
        if article == OTHER_ARTICLES:
            return None
        return self.readings.article_views.get((article, kind))

    def machine_texts(self) -> Iterator[Row]:
        """Machine-translated articles by language, for triage."""
        kind = Translation.MACHINE
        languages = [row.key[0] for row in self.by_language()]
        counted = self.readings.cube.layers[State.COUNTED]
        for article in self._keys(f"articles {kind}"):
            for language in languages:
                name = article_cell(kind, article, language)
                if article != OTHER_ARTICLES and counted.counts(name).total:
                    yield self._row(name, (str(article), language))

    def by_engine(self) -> tuple[Row, ...]:
        """Versions of the packages that machine-translated."""
        rows = []
        for engine in self._keys(f"engines {Translation.MACHINE}"):
            assert isinstance(engine, tuple)  # noqa: S101 -- the cube names engines so
            name = engine_cell(Translation.MACHINE, engine, *self._column())
            row = self._row(name, tuple(str(part) for part in engine))
            if not _is_empty(row):
                rows.append(row)
        return tuple(sorted(rows, key=lambda r: r.key))

    def pair(self, language: str | None) -> Pair | None:
        """Machine-translated and original answers, in a language or in all, if both are enough."""
        read = self.readings
        names = [
            language_cell(language or ALL, kind)
            for kind in (Translation.MACHINE, Translation.ORIGINAL)
        ]
        machine, original = (
            read.cube.comparable(
                name, duplicates=read.scope.include_possible_duplicates, minimum=read.minimum
            )
            for name in names
        )
        if machine is None or original is None:
            return None
        exact = not any(read.cube.is_hidden(name) for name in names)
        return Pair(machine=machine, original=original, exact=exact)

    def article_pairs_are_shown(self) -> bool:
        """Whether each article with originals and machine translations has a whole row for both.

        With possible duplicates, a row may have to do without some of them: then it is not whole.
        """
        read = self.readings
        return all(
            size.article in read.top_articles
            and all(
                read.cube.is_shown_whole(
                    article_cell(kind, size.article, *self._column()),
                    duplicates=read.scope.include_possible_duplicates,
                )
                for kind in (Translation.MACHINE, Translation.ORIGINAL)
            )
            for size in read.article_sizes
            if size.machine and size.original
        )

    def pairs(self) -> dict[str, Pair]:
        """The same of each language that has both."""
        codes = sorted(str(row) for row in self._keys("languages"))
        found = {code: self.pair(code) for code in codes if self.language in (None, code)}
        return {code: pair for code, pair in found.items() if pair is not None}

    def trend(self, total: Counts) -> tuple[Step, ...]:
        """Every step of the period; `total` is what an unusual step is unusual among."""
        read = self.readings
        if read.scope.first is None:
            return ()
        views: dict[date, int] = defaultdict(int)
        for v in read.step_views:
            if self.language in (None, v.language):
                views[v.start] += v.views
        share = total.satisfied / total.total if total.total else None
        found: list[Step] = []
        for first, last in steps(read.period.first, read.period.last, read.unit):
            start = step_start(first, read.unit)
            row = self._row(step_cell(start, *self._column()), (first.isoformat(),), views[start])
            found.append(Step(first=first, last=last, row=row, unusual=_unusual(row, share)))
        return tuple(found)

    def _row(self, name: Cell, key: tuple[str, ...], views: int | None = None) -> Row:
        duplicates = self.readings.scope.include_possible_duplicates
        return self._rated(
            self.readings.cube.row(name, key=key, views=views, duplicates=duplicates)
        )

    def _rated(self, row: Row) -> Row:
        """The row with its response rate: answers by views; without where it would be no rate.

        That is where the answers are hidden, or are those to one of several versions of the
        question in a time when views were not kept by version, or where views were not counted.
        """
        if row.figures is None or not row.views or not self.readings.views_fit_answers:
            return row
        rate = row.figures.counts.total / row.views
        return replace(row, response_rate=rate) if rate <= 1 else row

    def _keys(self, table: str) -> list[Cell]:
        # Languages are the rows of their own table and the columns of the others.
        language = None if table == "languages" else self.language
        duplicates = self.readings.scope.include_possible_duplicates
        return list(self.readings.cube.keys(table, language, duplicates=duplicates))

    def _column(self) -> tuple[str, ...]:
        """The language as the last part of a cell's name, or nothing for all."""
        return () if self.language is None else (self.language,)


def _is_empty(row: Row) -> bool:
    """Nobody answered; a row whose few duplicates are left out is not empty."""
    return row.figures is not None and row.figures.counts.total == 0 and not row.duplicates_left_out


def _size(row: Row) -> int:
    return row.figures.counts.total if row.figures else 0


def _unusual(row: Row, share: float | None) -> bool:
    """Whether a step's satisfied share lies outside what chance does around the overall one."""
    if share is None or row.figures is None or row.figures.satisfied.value is None:
        return False
    low, high = control_limits(share, row.figures.counts.total)
    return not low <= row.figures.satisfied.value <= high
