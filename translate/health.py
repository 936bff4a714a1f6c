"""What an operator should know of the installed packages, without any network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

from translate.argos.catalogue import PIVOT
from translate.argos.package_folder import Package

_MARKS = r"[ \t#*_>|`-]*"
# `Licence: CC-BY-4.0`, also as an item of a list, as a heading or in bold.
_LABELLED = re.compile(
    rf"^{_MARKS}(?:model +)?licen[cs]e{_MARKS}:{_MARKS}(\S.*)$", re.IGNORECASE | re.MULTILINE
)
# A heading of its own, with the licence on the first line below.
_HEADED = re.compile(rf"^#+\s*licen[cs]e{_MARKS}$\s+(\S.*)$", re.IGNORECASE | re.MULTILINE)
# What goes on after the name, such as a reason or another sentence.
_NAME_ENDS = re.compile(r"[,;(]|\.(?:\s|$)")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Two languages of the site without a package; `by_pivot` when English leads between them."""

    source: str
    target: str
    by_pivot: bool


def licence(package: Package) -> str:
    """The licence that the package's README names, such as `CC-BY-4.0`; empty for none."""
    found = _LABELLED.search(package.readme) or _HEADED.search(package.readme)
    if found is None:
        return ""
    name = _NAME_ENDS.split(found[1], maxsplit=1)[0]
    return " ".join(name.strip(" *_`|").split())[:_LONGEST_NAME]


def licence_line(package: Package) -> str:
    """The licence for a terminal, in one line."""
    return f"Licence: {licence(package) or 'not stated in its README'}"


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
