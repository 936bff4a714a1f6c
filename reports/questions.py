"""Which versions of the question a report is about: those of one language are never added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from survey.queries import WordingVersion
from survey.ratings import WordingKind

# Characters of a checksum that name a version; a few thousand versions do not share so many.
SHORTEST_NAME = 8


class UnknownQuestion(ValueError):
    """No version of the question has this checksum; the message says which there are."""


def versions_of_question(versions: Sequence[WordingVersion]) -> list[WordingVersion]:
    """Those that are questions, by language, the newest of each first."""
    questions = [v for v in reversed(versions) if v.kind is WordingKind.QUESTION]
    return sorted(questions, key=lambda v: v.language)


def find_question(versions: Sequence[WordingVersion], name: str) -> WordingVersion:
    """The version of the question with this checksum, of which the beginning is enough.

    :raise UnknownQuestion: when there is none, or the beginning is too short to tell.
    """
    questions = versions_of_question(versions)
    found = [v for v in questions if v.sha256.startswith(name.lower())]
    if len(found) != 1 or len(name) < SHORTEST_NAME:
        known = "; ".join(f"{v.sha256[:SHORTEST_NAME]} ({v.language}) {v.text}" for v in questions)
        raise UnknownQuestion(f"{name[:80]!r} names no version of the question; there are: {known}")
    return found[0]


def earlier_questions(
    versions: Sequence[WordingVersion], asked: Collection[int]
) -> tuple[str, ...]:
    """For each number of changes back that a period has answers to, the checksum of one version.

    Together with the newest they cover every answer of the period, and each once.
    """
    found: dict[int, str] = {}
    for series in _by_language(versions, asked).values():
        for back, version in enumerate(series):
            found.setdefault(back, version.sha256)
    return tuple(checksum for back, checksum in sorted(found.items()) if back)


def covered_questions(
    versions: Sequence[WordingVersion], asked: Collection[int], chosen: str | None
) -> frozenset[int]:
    """One version of each language among those that were asked in a period.

    The newest; or, when the checksum of one is `chosen`, the one that is as many changes back as
    the chosen one is in its own language. So the answers to be had under any choices never
    overlap, and no difference of two reports gives a hidden row away.
    """
    by_language = _by_language(versions, asked)
    back = 0
    if chosen is not None:
        places = [
            place
            for series in by_language.values()
            for place, version in enumerate(series)
            if version.sha256 == chosen
        ]
        if not places:
            return frozenset()
        back = places[0]
    return frozenset(series[back].id for series in by_language.values() if len(series) > back)


def _by_language(
    versions: Sequence[WordingVersion], asked: Collection[int]
) -> dict[str, list[WordingVersion]]:
    """The versions that were asked, by language, the newest of each first."""
    found: dict[str, list[WordingVersion]] = defaultdict(list)
    for version in versions_of_question(versions):
        if version.id in asked:
            found[version.language].append(version)
    return found
