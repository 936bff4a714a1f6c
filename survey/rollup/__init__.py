"""The roll-ups of answers by day and month: counted beside each answer, and recounted."""

from survey.rollup.recount import Mismatch, mismatches, months, rebuild, summed
from survey.rollup.rows import add, add_views, insert, insert_for, rows
from survey.rollup.tables import DERIVED, ROLLUPS, Key, Rollup, dimensions, month_of, names
from survey.rollup.tally import Tally

__all__ = [
    "DERIVED",
    "ROLLUPS",
    "Key",
    "Mismatch",
    "Rollup",
    "Tally",
    "add",
    "add_views",
    "dimensions",
    "insert",
    "insert_for",
    "mismatches",
    "month_of",
    "months",
    "names",
    "rebuild",
    "rows",
    "summed",
]
