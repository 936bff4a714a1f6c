"""Which cells of linked tables to hide, so that no sum and no difference gives them away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from reports.disclosure.graph import Graph, Node
from reports.disclosure.solving import determined
from reports.disclosure.tables import ALL, Cell, Edge, Table


class Reason(StrEnum):
    """Why a cell is hidden."""

    FEW = "fewer_than_minimum"
    PARTNER = "protects_another_row"


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
    graph = Graph(table, hidden, always_shown)
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
