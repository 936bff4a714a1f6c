"""The answers of a period by every dimension a report breaks down, and which cells may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from reports.disclosure.suppression import Reason, protect
from reports.disclosure.tables import ALL, Cell, Table, two_way
from reports.report import Figures, Row
from reports.summary import Counts
from survey.queries import ArticleCount, CellCount, Levels, StepCount
from survey.ratings import State, Translation

TOTAL: Cell = ("language", ALL, ALL)
OTHER_ARTICLES = ""

Key = tuple[Hashable, Hashable]


def language_cell(language: Hashable = ALL, translation: Hashable = ALL) -> Cell:
    """The name of a cell of the table languages x kinds of text; margins by leaving out."""
    return ("language", language, translation)


def channel_cell(channel: Hashable, language: Hashable = ALL) -> Cell:
    """The name of a cell of the table channels x languages."""
    return language_cell(language) if channel == ALL else ("channel", channel, language)


def step_cell(start: Hashable, language: Hashable = ALL) -> Cell:
    """The name of a cell of the table steps of time x languages."""
    return language_cell(language) if start == ALL else ("step", start, language)


def article_cell(translation: Hashable, article: Hashable, language: Hashable = ALL) -> Cell:
    """The name of a cell of the table articles x languages, one table for each kind of text."""
    if article == ALL:
        return language_cell(language, translation)
    return ("article", translation, article, language)


def engine_cell(translation: Hashable, engine: Hashable, language: Hashable = ALL) -> Cell:
    """The name of a cell of the table engines x languages, one for each kind of text."""
    if engine == ALL:
        return language_cell(language, translation)
    return ("engine", translation, engine, language)


@dataclass(slots=True)
class Layer:
    """Distributions by cell name of the answers in one state, and which cells are hidden."""

    cells: dict[Cell, list[int]] = field(default_factory=dict)
    tables: dict[str, dict[Key, int]] = field(default_factory=lambda: defaultdict(dict))
    hidden: Mapping[Cell, Reason] = field(default_factory=dict)

    def add(self, name: Cell, levels: Levels, sign: int = 1) -> None:
        """Count answers in a cell, or take them out of it (`sign` -1)."""
        cell = self.cells.get(name)
        if cell is None:
            cell = self.cells[name] = [0] * len(levels)
        for place, answers in enumerate(levels):
            cell[place] += sign * answers

    def counts(self, name: Cell) -> Counts:
        """The distribution of a cell; zeros when nobody answered there."""
        one, two, three, four, five = self.cells.get(name, (0, 0, 0, 0, 0))
        return Counts((one, two, three, four, five))


class Cube:
    """Two layers, the counted answers and the possible duplicates, each protected by itself.

    A report with duplicates adds the two layers' shown cells: so the switch between with and
    without them gives nothing away either.
    """

    def __init__(
        self,
        *,
        cells: Iterable[CellCount],
        steps: Iterable[StepCount],
        articles: Iterable[ArticleCount],
        minimum: int,
    ) -> None:
        """Sort the counts into tables, and decide what to hide.

        Articles that are not among `articles` become one row, `OTHER_ARTICLES`, with the pages
        that are none.
        """
        self.layers = {State.COUNTED: Layer(), State.POSSIBLE_DUPLICATE: Layer()}
        self.names: dict[str, Callable[[Hashable, Hashable], Cell]] = {
            "languages": language_cell,
            "channels": channel_cell,
            "steps": step_cell,
        }
        for c in cells:
            self._add_cell(c)
        for step in steps:
            self._enter(step, "steps", (step.start, step.language), edge_only=True)
        for a in articles:
            self._move_to_article(a)
        for state, layer in self.layers.items():
            self._protect(layer, minimum, single_is_total=state is not State.COUNTED)

    def _add_cell(self, c: CellCount) -> None:
        self._enter(c, "languages", (c.language, c.translation))
        self._enter(c, "channels", (c.channel, c.language), edge_only=True)
        kind = c.translation
        self._enter(c, f"articles {kind}", (OTHER_ARTICLES, c.language), edge_only=True)
        if kind is not Translation.ORIGINAL:
            engine = (c.engine, c.engine_version)
            self._enter(c, f"engines {kind}", (engine, c.language), edge_only=True)

    def _enter(
        self,
        c: CellCount | StepCount | ArticleCount,
        table: str,
        key: Key,
        *,
        edge_only: bool = False,
        sign: int = 1,
    ) -> None:
        """Count into a table's cell and its margins; `edge_only` when others fill the columns."""
        layer = self.layers[c.state]
        name = self._name(table)
        cells = layer.tables[table]
        cells[key] = cells.get(key, 0) + sign * sum(c.levels)
        row, column = key
        names = [name(row, column), name(row, ALL)]
        if not edge_only:
            names += [name(ALL, column), name(ALL, ALL)]
        for cell in names:
            layer.add(cell, c.levels, sign)

    def _move_to_article(self, a: ArticleCount) -> None:
        """Out of the row of other pages, into the article's own."""
        table = f"articles {a.translation}"
        self._enter(a, table, (OTHER_ARTICLES, a.language), edge_only=True, sign=-1)
        self._enter(a, table, (a.article, a.language), edge_only=True)

    def _name(self, table: str) -> Callable[[Hashable, Hashable], Cell]:
        if table not in self.names:
            family, kind = table.split(" ")
            maker = article_cell if family == "articles" else engine_cell
            translation = Translation(kind)
            self.names[table] = lambda row, column: maker(translation, row, column)
        return self.names[table]

    def _protect(self, layer: Layer, minimum: int, *, single_is_total: bool) -> None:
        tables = [two_way(cells, self._name(name)) for name, cells in layer.tables.items()]
        shown = {TOTAL}
        if single_is_total:
            shown |= _equal_to_total(tables)
        layer.hidden = protect(tables, minimum=minimum, always_shown=frozenset(shown))

    def row(
        self, name: Cell, *, key: tuple[str, ...], duplicates: bool, views: int | None = None
    ) -> Row:
        """The cell as a row of a breakdown, hidden where it must be.

        A hidden row has no views either: nobody answers without one, so one view would tell that
        there was one answer at most.
        """
        counted, possible = self.layers[State.COUNTED], self.layers[State.POSSIBLE_DUPLICATE]
        if name in counted.hidden:
            return Row(key=key, figures=None, hidden=counted.hidden[name])
        counts = counted.counts(name)
        left_out = duplicates and name in possible.hidden
        if duplicates and not left_out:
            counts = counts + possible.counts(name)
        return Row(key=key, figures=Figures.of(counts), views=views, duplicates_left_out=left_out)

    def comparable(self, name: Cell, *, duplicates: bool, minimum: int) -> Counts | None:
        """The answers of a cell that is large enough to be compared, even where it is hidden.

        A row may be hidden only to protect another; what a comparison says of it then is coarse.
        """
        counts = self.layers[State.COUNTED].counts(name)
        possible = self.layers[State.POSSIBLE_DUPLICATE]
        if counts.total < max(1, minimum):
            return None
        return (
            counts + possible.counts(name) if duplicates and name not in possible.hidden else counts
        )

    def is_hidden(self, name: Cell) -> bool:
        """Whether the counted answers of a cell are hidden, for whatever reason."""
        return name in self.layers[State.COUNTED].hidden

    def is_shown_whole(self, name: Cell, *, duplicates: bool) -> bool:
        """Whether a cell's row shows all that is asked for: its possible duplicates too, or not."""
        states = (State.COUNTED, State.POSSIBLE_DUPLICATE) if duplicates else (State.COUNTED,)
        return not any(name in self.layers[state].hidden for state in states)

    def keys(self, table: str, language: str | None, *, duplicates: bool) -> list[Hashable]:
        """The rows of a table that have answers, in one language or in all."""
        found: dict[Hashable, None] = {}
        for state, layer in self.layers.items():
            if state is State.POSSIBLE_DUPLICATE and not duplicates:
                continue
            for (row, column), answers in layer.tables.get(table, {}).items():
                if answers and language in (None, column):
                    found[row] = None
        return list(found)


def _equal_to_total(tables: Iterable[Table]) -> set[Cell]:
    """Margins that are alone in their table, so that they are the total itself."""
    names: set[Cell] = set()
    for table in tables:
        if not any(e.name == TOTAL for e in table.edges):
            continue
        total = next(e.answers for e in table.edges if e.name == TOTAL)
        names |= {e.name for e in table.edges if e.answers == total}
    return names
