"""A two-way table as a graph: its rows and columns are nodes, its hidden cells edges.

A hidden cell can be computed from the shown ones exactly when its edge is a bridge (Gusfield 1988,
SIAM Journal on Computing 17:552-571); so each edge needs a cycle, made of the cheapest cells.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable

from reports.disclosure.tables import ALL, Cell, Table

Node = tuple[str, Hashable]


class Graph:
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
        """Hide edges besides those that were hidden from the start."""
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
