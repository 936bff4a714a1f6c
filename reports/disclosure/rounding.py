"""Figures of groups whose rows are hidden, rounded until no count can be worked out of them.

An interval has a width, and a width gives the number of answers away. So the limits are rounded
outwards, to a unit so large that as many answers as a hidden row may have do not change it.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

from reports.strata import Stratified
from reports.summary import NOTHING, Interval
from reports.verdicts import Contrast

# Units of a share to choose from; a tenth of a percentage point is what is printed anyway.
UNITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
LARGEST_OF_ODDS = 0.01
# What is larger than this by a rounding of the machine is not larger.
TINY = 1e-9


def unit_for(smaller: int, minimum: int) -> float:
    """The smallest unit in which `minimum` answers more or fewer, of `smaller`, do not show."""
    return next((unit for unit in UNITS if unit * smaller >= minimum), UNITS[-1])


def coarse(interval: Interval, unit: float) -> Interval:
    """The estimate to the nearest unit, halves away from zero, and its limits outwards."""
    if interval.value is None:
        return interval
    value, low, high = (x / unit for x in interval.bounds())
    nearest = floor(abs(value) + 0.5 + TINY) * (1 if value > 0 else -1)
    return Interval(
        value=_times(nearest, unit),
        low=_times(floor(low + TINY), unit),
        high=_times(ceil(high - TINY), unit),
    )


def coarse_contrast(c: Contrast, *, smaller: int, minimum: int) -> Contrast:
    """The comparison of groups whose rows are hidden to protect others: verdict, no counts.

    :param smaller: the answers of the smaller group.
    """
    unit = unit_for(smaller, minimum)
    return replace(
        c,
        answers_a=None,
        answers_b=None,
        difference=coarse(c.difference, unit),
        superiority=coarse(c.superiority, unit),
        p=None,
        adjusted_p=None,
        needed=coarse_number(c.needed),
    )


def coarse_strata(s: Stratified, *, smaller: int, minimum: int) -> Stratified:
    """The same for groups compared within strata; without p, from which counts can be found.

    The odds ratio goes too, unless there are answers enough for a unit that it can be read in.
    """
    unit = unit_for(smaller, minimum)
    odds_ratio = coarse(s.odds_ratio, unit) if unit <= LARGEST_OF_ODDS else NOTHING
    return replace(s, difference=coarse(s.difference, unit), odds_ratio=odds_ratio, p=None)


def coarse_number(n: int) -> int:
    """A number to its first digit, upwards."""
    step: int = 10 ** max(0, len(str(n)) - 1)
    return ceil(n / step) * step


def _times(units: int, unit: float) -> float:
    # Three decimals hold every unit; the zero keeps no sign.
    return round(units * unit, 3) + 0.0
