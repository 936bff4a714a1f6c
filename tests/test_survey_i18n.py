"""Languages, days and times are written as the page's language writes them."""

from __future__ import annotations

import tracemalloc
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from survey.language_tags import language_code
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


def test_a_strangers_endless_language_tags_are_not_remembered() -> None:
    """They come with requests of 100 kB; a thousand of them would take 100 MB for good."""
    tracemalloc.start()
    try:
        assert {language_code(f"{n}{'x' * 90_000}") for n in range(100)} == {""}
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ar-MA", "ar"),
        ("zh_Hant_TW", "zh"),
        ("iw", "he"),
        ("ar-x-mtfrom-en", "ar"),
        ("en-US-u-ca-gregory", "en"),
        ("x-private", ""),
        ("xx", ""),
        ("", ""),
    ],
)
def test_a_language_tag_tells_its_language(tag: str, code: str) -> None:
    """Also with the extensions of BCP 47, by which Google names what it translated."""
    assert language_code(tag) == code
