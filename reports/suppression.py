"""Which cells of linked tables may not be shown, so that no sum and no difference gives them away.

A table with its margins is a graph: its rows and columns are nodes, its hidden cells edges. A
hidden cell can be computed from the shown ones exactly when its edge is a bridge (Gusfield 1988,
SIAM Journal on Computing 17:552-571); so each edge needs a cycle, made of the cheapest cells.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.disclosure import determined

ALL = "*"

Cell = Hashable
Node = tuple[str, Hashable]


class Reason(StrEnum):
    """Why a cell is hidden."""

    FEW = "fewer_than_minimum"
    PARTNER = "protects_another_row"


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


def protect(
    tables: Iterable[Table], *, minimum: int, always_shown: frozenset[Cell]
) -> dict[Cell, Reason]:
    """What to hide in tables that share cells by name, with the reason.

    A cell with fewer than `minimum` answers is hidden, and others with it until none of them,
    nor the known sum of several in one row or column, can be computed below `minimum`. Cells of
    `always_shown` stay; what follows from them alone cannot be protected.
    """
    tables = list(tables)
    hidden: dict[Cell, Reason] = {}
    for table in tables:
        for edge in table.edges:
            if 0 < edge.answers < minimum and edge.name not in always_shown:
                hidden[edge.name] = Reason.FEW
    while True:
        _close_all(tables, hidden, minimum, always_shown)
        partner = _partner_of_a_computable_cell(tables, hidden, always_shown)
        if partner is None:
            return hidden
        hidden[partner] = Reason.PARTNER


def _close_all(
    tables: list[Table], hidden: dict[Cell, Reason], minimum: int, always_shown: frozenset[Cell]
) -> None:
    """Close each table in turn, until what one hides changes nothing in the others."""
    changed = True
    while changed:
        changed = False
        for table in tables:
            for name in _close(table, frozenset(hidden), minimum, always_shown):
                hidden[name] = Reason.PARTNER
                changed = True


def _partner_of_a_computable_cell(
    tables: list[Table], hidden: dict[Cell, Reason], always_shown: frozenset[Cell]
) -> Cell | None:
    """What to hide next where several tables together still give a small cell away.

    The smallest shown cell in a row or column with it; None when nothing is given away that
    could be protected.
    """
    around: dict[tuple[int, Node], list[Edge]] = defaultdict(list)
    for number, table in enumerate(tables):
        for edge in table.edges:
            around[number, ("row", edge.row)].append(edge)
            around[number, ("column", edge.column)].append(edge)
    equations = [
        {e.name: _sign(e, side) for e in edges if e.name in hidden}
        for (_, (side, _)), edges in around.items()
    ]
    exposed = determined(equations)
    candidates = [
        edge
        for edges in around.values()
        if any(e.name in exposed and hidden[e.name] is Reason.FEW for e in edges)
        for edge in edges
        if edge.name not in hidden and edge.name not in always_shown
    ]
    return min(candidates, key=lambda e: (e.answers, repr(e.name))).name if candidates else None


def _sign(edge: Edge, side: str) -> int:
    """A margin is what the others of its row or column sum to."""
    return -1 if (edge.column if side == "row" else edge.row) == ALL else 1


def _close(
    table: Table, hidden: frozenset[Cell], minimum: int, always_shown: frozenset[Cell]
) -> list[Cell]:
    """Cells to hide besides, so that no hidden edge is a bridge and no known sum is small."""
    graph = _Graph(table, hidden, always_shown)
    hopeless = set(graph.fixed)
    while True:
        bridges = graph.bridges()
        exposed = graph.exposed(bridges, minimum) - hopeless
        if not exposed:
            return graph.added
        edge = min(exposed, key=lambda i: (table.edges[i].answers, repr(table.edges[i].name)))
        path = graph.cheapest_cycle(edge, bridge=edge in bridges)
        if not path:
            hopeless.add(edge)
        graph.hide(path)


class _Graph:
    """The rows and columns of one table, joined by its cells, which are named by their places."""

    def __init__(self, table: Table, hidden: frozenset[Cell], fixed: frozenset[Cell]) -> None:
        self.edges = table.edges
        self.ends: list[tuple[Node, Node]] = [
            (("row", e.row), ("column", e.column)) for e in self.edges
        ]
        self.fixed = {i for i, e in enumerate(self.edges) if e.name in fixed}
        self.added: list[Cell] = []
        self.at: dict[Node, list[int]] = defaultdict(list)
        for i, ends in enumerate(self.ends):
            for node in ends:
                self.at[node].append(i)
        self.hidden: set[int] = set()
        self.hidden_at: dict[Node, list[int]] = defaultdict(list)
        for i, e in enumerate(self.edges):
            if e.name in hidden:
                self._hide(i)

    def _hide(self, i: int) -> None:
        self.hidden.add(i)
        for node in self.ends[i]:
            self.hidden_at[node].append(i)

    def hide(self, path: Iterable[int]) -> None:
        for i in path:
            if i not in self.hidden:
                self._hide(i)
                self.added.append(self.edges[i].name)

    def exposed(self, bridges: set[int], minimum: int) -> set[int]:
        """Hidden edges that are bridges, or lie where the hidden ones sum to a small number."""
        found = set(bridges)
        for node, hidden in self.hidden_at.items():
            if not any(self._is_margin_of(i, node) for i in hidden):
                known_sum = sum(self.edges[i].answers for i in hidden)
                if known_sum < minimum and len(hidden) < len(self.at[node]) - 1:
                    found.update(hidden)
        return found

    def _is_margin_of(self, i: int, node: Node) -> bool:
        """Whether this edge is the total of the node's row or column."""
        side, _ = node
        edge = self.edges[i]
        return (edge.column if side == "row" else edge.row) == ALL

    def cheapest_cycle(self, edge: int, *, bridge: bool) -> list[int]:
        """Edges that join the ends of `edge` another way with the fewest answers newly hidden.

        An edge that has a cycle already, but a small sum beside it, gets one of new edges only.
        """
        start, goal = self.ends[edge]
        best: dict[Node, tuple[int, int]] = {start: (0, 0)}
        came: dict[Node, tuple[Node, int]] = {}
        queue: list[tuple[tuple[int, int], str, Node]] = [((0, 0), "", start)]
        while queue:
            cost, _, node = heapq.heappop(queue)
            if node == goal:
                return self._walk_back(came, start, goal)
            if cost > best[node]:
                continue
            for i in self.at[node]:
                if i == edge or i in self.fixed:
                    continue
                if i in self.hidden and not bridge and node in (start, goal):
                    continue
                a, b = self.ends[i]
                other = b if a == node else a
                step = (0, 0) if i in self.hidden else (self.edges[i].answers, 1)
                new = (cost[0] + step[0], cost[1] + step[1])
                if other not in best or new < best[other]:
                    best[other] = new
                    came[other] = (node, i)
                    heapq.heappush(queue, (new, repr(other), other))
        return []

    @staticmethod
    def _walk_back(came: dict[Node, tuple[Node, int]], start: Node, goal: Node) -> list[int]:
        path, node = [], goal
        while node != start:
            node, i = came[node]
            path.append(i)
        return path

    def bridges(self) -> set[int]:
        """Hidden edges on no cycle of hidden edges (Tarjan's low links, without recursion)."""
        order: dict[Node, int] = {}
        low: dict[Node, int] = {}
        bridges: set[int] = set()
        for root in self.hidden_at:
            if root in order:
                continue
            order[root] = low[root] = len(order)
            stack = [(root, -1, iter(self.hidden_at[root]))]
            while stack:
                node, by, rest = stack[-1]
                step = next(rest, None)
                if step is None:
                    stack.pop()
                    if stack:
                        parent = stack[-1][0]
                        low[parent] = min(low[parent], low[node])
                        if low[node] > order[parent]:
                            bridges.add(by)
                    continue
                if step == by:
                    continue
                a, b = self.ends[step]
                other = b if a == node else a
                if other in order:
                    low[node] = min(low[node], order[other])
                else:
                    order[other] = low[other] = len(order)
                    stack.append((other, step, iter(self.hidden_at[other])))
        return bridges
