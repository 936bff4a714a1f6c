"""Which hidden cells of linked tables follow from the shown ones, by solving for them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

# Arithmetic modulo a large prime is exact and quick; that a number which is not zero is a
# multiple of this one has a chance of about 10^-18.
PRIME = (1 << 61) - 1

Equation = dict[Hashable, int]


def determined(equations: Iterable[Equation]) -> set[Hashable]:
    """The unknowns that have one value in every solution.

    Each equation gives the coefficients of its unknowns; what they sum to is known but does not
    matter. Gauss and Jordan's elimination: an unknown is determined when its row, fully reduced,
    holds nothing else.
    """
    rows: dict[Hashable, Equation] = {}
    users: dict[Hashable, set[Hashable]] = {}
    for equation in equations:
        row = _reduced(equation, rows)
        if not row:
            continue
        pivot = min(row, key=lambda unknown: len(users.get(unknown, ())))
        inverse = pow(row[pivot], -1, PRIME)
        row = {unknown: value * inverse % PRIME for unknown, value in row.items()}
        for other in list(users.get(pivot, ())):
            _subtract(rows[other], row, rows[other][pivot])
            _note(users, other, rows[other], row)
        rows[pivot] = row
        for unknown in row:
            if unknown != pivot:
                users.setdefault(unknown, set()).add(pivot)
        users.pop(pivot, None)
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _reduced(equation: Equation, rows: dict[Hashable, Equation]) -> Equation:
    """The equation without the unknowns that have a row of their own."""
    row = {unknown: value % PRIME for unknown, value in equation.items() if value % PRIME}
    for unknown in list(row):
        if unknown in rows and unknown in row:
            _subtract(row, rows[unknown], row[unknown])
    return row


def _subtract(row: Equation, other: Equation, factor: int) -> None:
    for unknown, value in other.items():
        left = (row.get(unknown, 0) - factor * value) % PRIME
        if left:
            row[unknown] = left
        else:
            row.pop(unknown, None)


def _note(
    users: dict[Hashable, set[Hashable]], pivot: Hashable, row: Equation, changed: Equation
) -> None:
    """Keep the index of which rows use an unknown right, after a row has changed."""
    for unknown in changed:
        if unknown in row and unknown != pivot:
            users.setdefault(unknown, set()).add(pivot)
        elif unknown in users:
            users[unknown].discard(pivot)
