"""The filters of the report page: a form sent by GET, so that each view has an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from reports.periods import Cadence, is_month_ended, last_ended
from reports.questions import UnknownQuestion, find_question
from survey.queries import Filters, WordingVersion

# Longer periods are a slip of the keyboard, and would make a table of a thousand rows.
LONGEST_YEARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with a field, for the summary at the top and for the field itself."""

    target: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """What was asked for, as it was typed, and what it means; `filters` is None after an error."""

    start: str
    end: str
    language: str
    duplicates: bool
    question: str
    filters: Filters | None
    errors: tuple[FieldError, ...] = ()

    def error_for(self, target: str) -> str:
        """What is wrong with one field; empty when nothing is."""
        return next((e.message for e in self.errors if e.target == target), "")

    @property
    def typed(self) -> dict[str, str]:
        """The fields as they were typed, by name."""
        duplicates = "include" if self.duplicates else ""
        return {
            "from": self.start,
            "to": self.end,
            "language": self.language,
            "duplicates": duplicates,
            "question": self.question,
        }

    def query(self) -> dict[str, str]:
        """The same filters as query parameters, for links to files."""
        return {name: value for name, value in self.typed.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodForm:
    """The week or month of the overview, and the language or all, as they were asked for."""

    cadence: Cadence
    language: str
    errors: tuple[FieldError, ...] = ()

    @property
    def typed(self) -> dict[str, str]:
        """The fields as they were typed, by name."""
        return {"period": self.cadence.value, "language": self.language}

    def error_for(self, target: str) -> str:
        """What is wrong with one field; empty when nothing is."""
        return next((e.message for e in self.errors if e.target == target), "")


def read(
    args: Mapping[str, str],
    *,
    languages: tuple[str, ...],
    today: date,
    versions: Sequence[WordingVersion],
    whole_months: bool = False,
) -> FilterForm:
    """Read the filters of an address; what is wrong is said and not guessed.

    :param versions: of all texts, among which a question can be chosen by its checksum.
    :param whole_months: whether a report is of one month that has ended; without days, the last.
    """
    start, end = args.get("from", "").strip(), args.get("to", "").strip()
    language = args.get("language", "").strip()
    duplicates = args.get("duplicates", "").strip()
    question = args.get("question", "").strip()
    errors: list[FieldError] = []
    if whole_months and not start and not end:
        start, end = (day.isoformat() for day in last_ended(Cadence.MONTHLY, today))
    first = _day(start, "from", today, errors)
    # Months are chosen in one place.
    last = _day(end, "from" if whole_months else "to", today, errors)
    if first and last and first > last:
        message = _("The first day comes after the last day.")
        errors.append(FieldError(target="from", message=message))
    elif first and (last or today).year - first.year > LONGEST_YEARS:
        message = _("Choose a period of at most %(n)s years.", n=LONGEST_YEARS)
        errors.append(FieldError(target="from", message=message))
    elif whole_months and not errors and not is_month_ended(first, last, today):
        message = _("Reports of this site are of one whole month that has ended. Choose a month.")
        errors.append(FieldError(target="from", message=message))
    if language and language not in languages:
        errors.append(_no_such_language(language))
    if duplicates not in ("", "include"):
        message = _("Possible duplicates are either counted in or left out.")
        errors.append(FieldError(target="duplicates", message=message))
    try:
        question = find_question(versions, question).sha256 if question else ""
    except UnknownQuestion:
        message = _("No question has the checksum “%(name)s”.", name=question[:80])
        errors.append(FieldError(target="question", message=message))
    filters = None
    if not errors:
        filters = Filters(
            start=first,
            end=last or today,
            language=language or None,
            include_possible_duplicates=duplicates == "include",
            question=question or None,
        )
    return FilterForm(
        start=start[:40],
        end=end[:40],
        language=language,
        duplicates=duplicates == "include",
        question=question[:80],
        filters=filters,
        errors=tuple(errors),
    )


def read_period(
    args: Mapping[str, str], *, languages: tuple[str, ...], cadences: Sequence[Cadence]
) -> PeriodForm:
    """Read the period and the language of an address; what is wrong is said and not guessed.

    :param cadences: those to choose from; the first is meant where none is named. Where there is
        one only nothing is chosen.
    """
    errors = []
    asked = args.get("period", "").strip() if len(cadences) > 1 else ""
    cadence = asked or cadences[0]
    language = args.get("language", "").strip()
    if cadence not in cadences:
        errors.append(FieldError(target="period", message=_("Choose one of the list.")))
        cadence = cadences[0]
    if language and language not in languages:
        errors.append(_no_such_language(language))
    return PeriodForm(cadence=Cadence(cadence), language=language, errors=tuple(errors))


def _no_such_language(code: str) -> FieldError:
    message = _("The site has no language “%(code)s”.", code=code[:20])
    return FieldError(target="language", message=message)


def _day(text: str, target: str, today: date, errors: list[FieldError]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = _("Write a day as year-month-day, such as 2026-01-31.")
        errors.append(FieldError(target=target, message=message))
        return None
    if day > today:
        message = _("This day has not come yet.")
        errors.append(FieldError(target=target, message=message))
    return day
