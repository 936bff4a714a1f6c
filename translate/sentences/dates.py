"""Days written out in English, French or Arabic text."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from babel.dates import get_month_names

# Arabic has three sets of month names: of Egypt and the Gulf, the Maghreb, and the Levant.
_LOCALES = {
    "en": ("en",),
    "fr": ("fr",),
    "ar": ("ar_EG", "ar_MA", "ar_DZ", "ar_SY"),
}


def first_day(text: str, language: str) -> date | None:
    """The first full date of a text: `12 November 2025`, `November 9, 2025`, `1er mai 2025`.

    Of a period, `from 11 to 13 November 2025`, the first day.
    """
    months = _months(language)
    for match in _pattern(language).finditer(text):
        parts = match.groupdict()
        day = parts["start"] or parts["day"] or parts["then"]
        month = months[(parts["month"] or parts["before"]).casefold()]
        try:
            return date(int(parts["year"] or parts["american_year"]), month, int(day))
        except ValueError:
            continue
    return None


@cache
def _months(language: str) -> dict[str, int]:
    """Numbers of the months by their names."""
    return {
        str(name).casefold(): int(number)
        for locale in _LOCALES.get(language, ("en",))
        for number, name in get_month_names("wide", locale=locale).items()
    }


@cache
def _pattern(language: str) -> re.Pattern[str]:
    names = "|".join(re.escape(n) for n in sorted(_months(language), key=len, reverse=True))
    day = r"\d{1,2}"
    return re.compile(
        rf"(?<!\d)(?:(?P<start>{day})(?:er)?\s*(?:to|and|au|et|إلى|-|–|—)\s*)?"
        rf"(?P<day>{day})(?:er|st|nd|rd|th)?\s+(?:of\s+|de\s+)?(?P<month>{names}),?\s+"
        rf"(?P<year>\d{{4}})(?!\d)"
        rf"|\b(?P<before>{names})\s+(?P<then>{day})(?:st|nd|rd|th)?,?\s+(?P<american_year>\d{{4}})(?!\d)",
        re.IGNORECASE,
    )
