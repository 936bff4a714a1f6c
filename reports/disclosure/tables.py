"""Two-way tables with all their margins, whose cells are named so that tables can share them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

ALL = "*"

Cell = Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One cell or margin of a table: its row, its column, its answers, its name in all tables."""

    row: Hashable
    column: Hashable
    answers: int
    name: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """A two-way table with all its margins; cells without answers are left out."""

    edges: tuple[Edge, ...]


def two_way(
    cells: Mapping[tuple[Hashable, Hashable], int],
    name: Callable[[Hashable, Hashable], Cell],
) -> Table:
    """The table of these cells with its margins, which have `ALL` as row, column or both.

    `name` gives a cell its name from row and column; two tables share a cell by naming it alike.
    """
    sums: dict[tuple[Hashable, Hashable], int] = defaultdict(int)
    for (row, column), answers in cells.items():
        for key in ((row, column), (row, ALL), (ALL, column), (ALL, ALL)):
            sums[key] += answers
    return Table(
        tuple(
            Edge(row=row, column=column, answers=answers, name=name(row, column))
            for (row, column), answers in sorted(sums.items(), key=lambda item: repr(item[0]))
            if answers
        )
    )
