"""Finds what may tell who somebody is in a comment, and masks it before the comment is stored."""

from __future__ import annotations

import re
from collections.abc import Collection

EMAIL = "[e-mail]"
ACCOUNT = "[account]"
IDENTITY = "[identity number]"
TELEPHONE = "[telephone]"

# Identity numbers in each country's own notation. Long runs of digits need no entry here: they are
# masked as telephone numbers.
COUNTRIES: dict[str, str] = {
    "AE": r"784[- ]?\d{4}[- ]?\d{7}[- ]?\d",
    "EG": r"[23]\d{13}",
    "ES": r"(?:\d{8}|[XYZ][- ]?\d{7})[- ]?[A-Z]",
    "FR": r"[1-478][ ]?\d{2}[ ]?\d{2}[ ]?\d[\dAB][ ]?\d{3}[ ]?\d{3}(?:[ ]?\d{2})?",
    "GB": r"[A-CEGHJ-PR-TW-Z]{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D]",
    "IT": r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]",
    "MA": r"[A-Z]{1,2}[ ]?\d{5,6}",
    "SA": r"[12]\d{9}",
    "TN": r"\d{8}",
    "US": r"\d{3}-\d{2}-\d{4}",
}

# Every repetition has an upper bound, so that no text takes more than linear time.
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}[@\uff20][\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ACCOUNT = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:"
    r"[A-Z0-9]{11,30}"
    r"|[ -]?[A-Z0-9]{4}(?:[ -]?(?=[A-Z]{0,3}\d)[A-Z0-9]{4}){1,6}"
    r"(?:[ -]?(?=[A-Z]{0,2}\d)[A-Z0-9]{1,3})?"
    r")(?!\w)",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<!\w)(?:\+[ ]?)?\(?\d(?:[\s()./\u2010-\u2013-]{0,3}\d){6,40}(?!\w)")
_DATE = re.compile(
    r"(?:1[89]|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:1[89]|20)\d\d"
    r"|(?:1[89]|20)\d\d ?[-/\u2013] ?(?:1[89]|20)\d\d"
)
_FEWEST_DIGITS = 8
_FEWEST_ACCOUNT_DIGITS = 8


def mask(text: str, countries: Collection[str] = ()) -> str:
    """The text with e-mail addresses, accounts, identity and telephone numbers in brackets' place.

    :param countries: codes from `COUNTRIES` whose identity numbers are looked for too.
    Digits of any script count as digits. Dates and spans of years are left as they are. Masking
    a masked text changes nothing.
    """
    text = _EMAIL.sub(EMAIL, text)
    text = _ACCOUNT.sub(_account, text)
    if countries:
        text = _identity(frozenset(countries)).sub(IDENTITY, text)
    return _TELEPHONE.sub(_telephone, text)


def _account(found: re.Match[str]) -> str:
    """International bank account numbers (ISO 13616); words of letters are none."""
    return ACCOUNT if _digits(found.group()) >= _FEWEST_ACCOUNT_DIGITS else found.group()


def _telephone(found: re.Match[str]) -> str:
    """Any number of eight digits and more, however it is grouped; with a plus, seven."""
    number = found.group()
    if _DATE.fullmatch(number):
        return number
    fewest = _FEWEST_DIGITS - number.startswith("+")
    return TELEPHONE if _digits(number) >= fewest else number


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _identity(countries: frozenset[str]) -> re.Pattern[str]:
    patterns = "|".join(COUNTRIES[code] for code in sorted(countries))
    return re.compile(rf"(?<!\w)(?:{patterns})(?!\w)", re.IGNORECASE)
