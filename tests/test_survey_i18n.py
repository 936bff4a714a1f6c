"""Languages, days and times are written as the page's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from survey.web.i18n import day, language_name, language_names, moment

RABAT = ZoneInfo("Africa/Casablanca")


@pytest.mark.parametrize(
    ("page", "alone", "inside"),
    [("en", "Arabic", "Arabic"), ("fr", "Arabe", "arabe"), ("ar", "العربية", "العربية")],
)
def test_a_language_is_called_as_the_page_calls_it(
    app: Flask, page: str, alone: str, inside: str
) -> None:
    with app.test_request_context(f"/{page}/"):
        assert language_name("ar") == alone
        assert language_name("ar", inside=True) == inside
        assert language_names(["ar"]) == [("ar", alone)]


@pytest.mark.parametrize(
    ("page", "shown", "at"),
    [
        ("en", "Nov 8, 2026", "Nov 8, 2026, 2:05 PM"),
        ("fr", "8 nov. 2026", "8 nov. 2026, 14:05"),
        ("ar", "8 نوفمبر 2026", "8 نوفمبر 2026، 2:05 م"),
    ],
)
def test_no_day_can_be_taken_for_a_month(app: Flask, page: str, shown: str, at: str) -> None:
    """11/8 is one day in Washington and another in Rabat."""
    with app.test_request_context(f"/{page}/"):
        assert day(date(2026, 11, 8)) == shown
        assert " ".join(moment(datetime(2026, 11, 8, 14, 5, tzinfo=RABAT)).split()) == at
