"""Which languages can be translated into which, as the packages on the disk are right now."""

from __future__ import annotations

import threading
from pathlib import Path

from translate.argos import packages
from translate.argos.package_folder import Package
from translate.argos.package_folder import stamp as stamp_of
from translate.errors import UnknownLanguage, UnsupportedPair
from translate.languages import Language, name_of

# The language everything has a package to and from, when there is no direct one.
PIVOT = "en"


class Catalogue:
    """A cached look at a folder of packages; sees at once what another process installs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._stamp: object = None
        self._packages: dict[tuple[str, str], Package] = {}

    def packages(self) -> dict[tuple[str, str], Package]:
        """The usable packages by their pairs of codes."""
        stamp = stamp_of(self.folder)
        with self._lock:
            if stamp != self._stamp:
                self._packages = {p.pair: p for p in packages.installed(self.folder)}
                self._stamp = stamp
            return self._packages

    def route(self, source: str, target: str) -> tuple[Package, ...]:
        """The packages to go through: the direct one, else two by way of English.

        :raise UnknownLanguage: when no package knows one of the languages.
        :raise UnsupportedPair: when no way leads from one to the other.
        """
        have = self.packages()
        if (source, target) in have:
            return (have[source, target],)
        known = {code for pair in have for code in pair}
        for code in (source, target):
            if code not in known:
                raise UnknownLanguage(f"{code} is not supported")
        if (source, PIVOT) in have and (PIVOT, target) in have:
            return have[source, PIVOT], have[PIVOT, target]
        raise UnsupportedPair(
            f"{name_of(target)} ({target}) is not available as a target language "
            f"from {name_of(source)} ({source})"
        )

    def languages(self) -> list[Language]:
        """Every language with what it can be translated into, itself included, by codes."""
        have = self.packages()
        codes = sorted({code for pair in have for code in pair})
        names = {p.from_code: p.from_name for p in have.values()}
        names |= {p.to_code: p.to_name for p in have.values()}

        def reaches(a: str, b: str) -> bool:
            return a == b or (a, b) in have or ((a, PIVOT) in have and (PIVOT, b) in have)

        return [
            Language(
                code=code,
                name=names[code],
                targets=tuple(other for other in codes if reaches(code, other)),
            )
            for code in codes
        ]
