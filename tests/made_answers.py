"""Made-up answers, always the same ones."""

from __future__ import annotations

from datetime import date

from survey.exchange.export import (
    ExportedAnswer,
)
from survey.exchange.synthetic import Plan, made_up
from tests.screens import WORDINGS


def made(number: int, seed: int = 1) -> list[ExportedAnswer]:
    """So many made-up answers within ninety days."""
    plan = Plan(number=number, first=date(2026, 1, 1), last=date(2026, 3, 31), seed=seed)
    return list(made_up(plan, WORDINGS, lambda _language: "The Institute"))
