"""What an operator should know of the installed packages, without any network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

from translate.catalogue import PIVOT
from translate.package_folder import Package

_LICENCE = re.compile(r"licen[cs]e|CC0|CC[- ]BY|MIT\b|Apache|GPL", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Two languages of the site without a package; `by_pivot` when English leads between them."""

    source: str
    target: str
    by_pivot: bool


def licence_line(package: Package) -> str:
    """The line of the package's README that names its licence; empty when none does."""
    for line in package.readme.splitlines():
        if _LICENCE.search(line):
            return " ".join(line.strip(" #*|-").split())[:120]
    return ""


def licence(package: Package) -> str:
    """The line of the package's README that names its licence, or that it names none."""
    return licence_line(package) or "its README names no licence"


def gaps(packages: Sequence[Package], languages: Iterable[str]) -> list[Gap]:
    """The pairs of the site's languages that no package serves directly."""
    have = {p.pair for p in packages}
    return [
        Gap(source=a, target=b, by_pivot=(a, PIVOT) in have and (PIVOT, b) in have)
        for a, b in permutations(languages, 2)
        if (a, b) not in have
    ]


def remarks(packages: Sequence[Package], languages: Iterable[str]) -> list[str]:
    """One sentence for each starter, each pivot and each pair of the site that has no way."""
    found = [
        f"{p.from_code} -> {p.to_code} is a starter ({p.version}): its text is not to be relied "
        f"on; `rayak packages install {p.from_code} {p.to_code}` installs a full package"
        for p in packages
        if p.is_starter
    ]
    for gap in gaps(packages, languages):
        source, target = gap.source, gap.target
        if gap.by_pivot:
            found.append(
                f"{source} -> {target} goes by way of English: the errors of two translations "
                "add up"
            )
        else:
            found.append(
                f"{source} -> {target} has no package: readers of {target} get articles in "
                f"{source} untranslated"
            )
    return found
