"""The words, numbers and dates of reports in English, French and Arabic, outside any request."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from reports.disclosure.suppression import Reason

LANGUAGES = ("en", "fr", "ar")
ISOLATE = "\u2068{}\u2069"
# Marks that give a number its direction; isolates do it here, wherever it is needed.
MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))


class UnknownLanguage(ValueError):
    """There are no reports in this language; the message says in which there are."""


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's words and its ways of writing numbers and dates."""

    language: str

    def __post_init__(self) -> None:
        """:raise UnknownLanguage: when there are no texts in it."""
        if self.language not in LANGUAGES:
            raise UnknownLanguage(
                f"{self.language!r}: reports are written in {', '.join(LANGUAGES)}"
            )

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return Locale.parse(self.language).text_direction == "rtl"

    def __call__(self, key: str, **values: str) -> str:
        """The text of a key, with values that are already written in this language."""
        return _tables()[self.language][key].format(**values)

    def count(self, n: int | None) -> str:
        """A whole number, grouped, in the digits of the language's readers (CLDR); or a dash."""
        return "–" if n is None else self._number(n, "#,##0")

    def decimal(self, value: float | None, digits: int = 2) -> str:
        """A number with so many decimals; a dash for none."""
        if value is None:
            return "–"
        return self._number(value, "#,##0." + "0" * digits)

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A fraction as a percentage; a dash for none."""
        if share is None:
            return "–"
        pattern = Locale.parse(self.language).percent_formats[None].pattern
        if digits:
            pattern = pattern.replace("0%", "0." + "0" * digits + "%")
            pattern = pattern.replace("0\xa0%", "0." + "0" * digits + "\xa0%")
            pattern = pattern.replace("0\u202f%", "0." + "0" * digits + "\u202f%")
        return self._number_alone(
            format_percent(share, format=pattern, locale=self.language, numbering_system="default")
        )

    def points(self, difference: float | None, digits: int = 1, *, signed: bool = True) -> str:
        """A difference of fractions in percentage points, with its sign."""
        if difference is None:
            return "–"
        return self("points", n=self.signed(difference * 100, digits, signed=signed))

    def signed(self, value: float, digits: int = 1, *, signed: bool = True) -> str:
        """A number with so many decimals and, unless it rounds to zero, its sign."""
        rounded = round(value, digits)
        number = self._number(abs(rounded), "#,##0." + "0" * digits)
        if not signed or rounded == 0:
            return number
        return self._number_alone(("+" if rounded > 0 else "\u2212") + number)

    def signed_count(self, n: int) -> str:
        """A whole number with its sign, unless it is zero."""
        number = self._number(abs(n), "#,##0")
        return self._number_alone(("+" if n > 0 else "\u2212") + number) if n else number

    def p(self, value: float) -> str:
        """A p value with its sign of relation: = 0.012, or < 0.001."""
        if value < 0.001:
            return self._number_alone("< " + self._number(0.001, "0.000"))
        return self._number_alone("= " + self._number(value, "0.000"))

    def day(self, day: date) -> str:
        """A date, written out; French says the first of a month as an ordinal."""
        written = format_date(day, format="long", locale=self.language)
        if self.language == "fr" and day.day == 1:
            return written.replace("1", "1er", 1)
        return written

    def short_day(self, day: date) -> str:
        """A date, as short as an axis needs it."""
        return format_date(day, format="d MMM", locale=self.language)

    def month(self, day: date) -> str:
        """A month and its year."""
        return format_date(day, format="MMM yyyy", locale=self.language)

    def moment(self, moment: datetime) -> str:
        """A date and time, in UTC."""
        text = format_datetime(moment, format="d MMMM yyyy, HH:mm", locale=self.language)
        return f"{text} UTC"

    def language_name(self, code: str) -> str:
        """The name of a language, in this one; the code itself where it has none."""
        name = Locale.parse(self.language).languages.get(code)
        return (name[0].upper() + name[1:]) if name else code

    def hidden(self, reason: Reason, minimum: int) -> str:
        """Why a row is hidden."""
        key = "hidden_few" if reason is Reason.FEW else "hidden_partner"
        return self(key, k=self.count(minimum))

    def isolate(self, text: str) -> str:
        """A foreign word within a sentence of this language, kept from turning its order."""
        return ISOLATE.format(text) if self.right_to_left else text

    def quoted(self, text: str) -> str:
        """Somebody's own words, in whatever direction they are written."""
        return ISOLATE.format(text)

    def _number_alone(self, text: str) -> str:
        """A number whose sign or percent sign must stay on its side among Arabic words."""
        plain = text.translate(MARKS)
        return f"\u2066{plain}\u2069" if self.right_to_left else plain

    def _number(self, value: float, pattern: str) -> str:
        return format_decimal(
            value, format=pattern, locale=self.language, numbering_system="default"
        ).translate(MARKS)
