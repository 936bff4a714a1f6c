"""What a translation gives back: the text, its segments, and what made it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from translate.argos.package_folder import Package
from translate.checks import Flag


class Provenance(StrEnum):
    """Where a segment's text comes from."""

    MACHINE = "machine"
    MEMORY = "memory"
    HUMAN = "human"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A sentence and its translation; offsets are characters of the whole texts, end excluded.

    In HTML `target` holds the sentence's tags, and there are no offsets in the source.
    """

    source: str
    target: str
    start: int | None
    end: int | None
    target_start: int
    target_end: int
    provenance: Provenance
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A text in the other language, with the packages that were gone through (two for a pivot)."""

    text: str
    segments: tuple[Segment, ...]
    packages: tuple[Package, ...]

    @property
    def is_pivot(self) -> bool:
        """Whether it went by way of English."""
        return len(self.packages) > 1

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag of any segment, sorted."""
        return tuple(sorted({f for s in self.segments for f in s.flags}))


def engine_name(route: Sequence[Package]) -> str:
    """What translated, for answers and reports: `argos en-fr`, or two joined by a plus."""
    return " + ".join(p.name for p in route)


def engine_version(route: Sequence[Package]) -> str:
    """The versions of the packages gone through: `1.9`, or two joined by a plus."""
    return "+".join(p.version for p in route)


def engine_checksum(route: Sequence[Package]) -> str:
    """The checksum of the package gone through, or a digest of both."""
    if len(route) == 1:
        return route[0].checksum
    return hashlib.sha256("".join(p.checksum for p in route).encode()).hexdigest()
