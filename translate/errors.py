"""What can go wrong on the translate side; each message says what, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from translate.argos.package_fault import Finding


class TranslateError(Exception):
    """Anything below; a command prints it in one line, a web module gives it a status."""


class UnknownLanguage(TranslateError, ValueError):
    """No installed package knows this language."""


class UnsupportedPair(TranslateError, ValueError):
    """Both languages are known, but no package leads from one to the other."""


class EngineBusy(TranslateError):
    """Too many requests wait already; worth trying again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"The translator is busy; try again in {retry_after} seconds")
        self.retry_after = retry_after


class EngineFailed(TranslateError):
    """A model could not be loaded or run; the text is untouched."""


class PackageError(TranslateError, ValueError):
    """A package cannot be installed, found or removed; the message says why."""


class BadPackage(PackageError):
    """A file is no usable Argos package; `finding` says why, for pages in the reader's language."""

    def __init__(self, finding: Finding, *, file: str = "") -> None:
        super().__init__(f"{file} cannot be installed: {finding}" if file else str(finding))
        self.finding = finding


class UnknownPackage(PackageError):
    """No package of this pair is installed."""


class ArticleError(TranslateError, ValueError):
    """An article or a page cannot be taken in."""


class GlossaryError(TranslateError, ValueError):
    """A glossary term or table cannot be taken.

    `problem` names the kind of fault and `field` the column, for pages that say it in the reader's
    language; `line` is that of a table, 0 for none; `others` are the further faults of a table.
    """

    def __init__(
        self,
        message: str,
        *,
        problem: str = "",
        field: str = "",
        line: int = 0,
        others: Sequence[GlossaryError] = (),
    ) -> None:
        super().__init__(message)
        self.problem = problem
        self.field = field
        self.line = line
        self.others = tuple(others)


class ApiKeyError(TranslateError, ValueError):
    """A key cannot be made as asked."""


class UnknownKey(ApiKeyError):
    """No key in use is called so, or has this secret."""


class QuotaExceeded(TranslateError):
    """A key's characters of the day are used up."""


class BadFile(TranslateError, ValueError):
    """A document cannot be read as what it says it is."""


class ShelfFull(TranslateError):
    """No room for another document; worth trying again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"Too many translated documents wait to be fetched; try again in {retry_after} seconds"
        )
        self.retry_after = retry_after


class FileTooLarge(TranslateError, ValueError):
    """A document holds more text than is translated at once."""
