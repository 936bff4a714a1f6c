"""What an operator should know of the installed packages, without any network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import permutations

from translate.catalogue import PIVOT
from translate.package_folder import Package

_LICENCE = re.compile(r"licen[cs]e|CC0|CC[- ]BY|MIT\b|Apache|GPL", re.IGNORECASE)


def licence(package: Package) -> str:
    """The line of the package's README that names its licence, or that it names none."""
    for line in package.readme.splitlines():
        if _LICENCE.search(line):
            return " ".join(line.strip(" #*|-").split())[:120]
    return "its README names no licence"


def remarks(packages: Sequence[Package], languages: Iterable[str]) -> list[str]:
    """One sentence for each starter, each pivot and each pair of the site that has no way."""
    found = [
        f"{p.from_code} -> {p.to_code} is a starter ({p.version}): its text is not to be relied "
        f"on; `rayak packages install {p.from_code} {p.to_code}` installs a full package"
        for p in packages
        if p.is_starter
    ]
    have = {p.pair for p in packages}
    for source, target in permutations(languages, 2):
        if (source, target) in have:
            continue
        if (source, PIVOT) in have and (PIVOT, target) in have:
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
