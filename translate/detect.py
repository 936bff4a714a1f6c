"""Which language a text is in, among those asked about, or none of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from translate import known_words, n_grams
from translate.languages import scripts

# Below this the answer is a guess.
UNSURE = 50.0

_LONGEST = 4_000
# Scripts of one language among those that packages exist for; in any other it may be a neighbour's.
_OF_ONE = frozenset({"GREEK", "HANGUL", "HEBREW", "THAI"})
# Letters of Persian, Urdu and their neighbours, which Arabic does not use.
_NOT_ARABIC = frozenset("پچژگکیےہھںٹڈڑۀۂڭێۆ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """A language with a confidence from 0 to 100; the empty code stands for "none of these"."""

    language: str
    confidence: float


def detect(text: str, languages: Collection[str]) -> list[Detection]:
    """The likely languages of a text among `languages`, best first; never empty.

    Confidence is honest about short texts: one word of Latin letters is hardly ever sure.
    """
    sample = text[:_LONGEST]
    found = _scripts(sample)
    letters = sum(found.values())
    if not letters:
        return [Detection(language="", confidence=0.0)]
    scores: dict[str, float] = {}
    for group in _groups(languages):
        written = {script for code in group for script in scripts(code)}
        share = sum(found[script] for script in written) / letters
        if share:
            part = sample if share == 1 else _words_in(sample, written)
            scores |= {code: share * score for code, score in _shares(part, group).items()}
    other = max(0.0, 1.0 - sum(scores.values()))
    ranked = sorted(
        [Detection(language=c, confidence=round(100 * s, 1)) for c, s in scores.items() if s > 0]
        + ([Detection(language="", confidence=round(100 * other, 1))] if other > 0.01 else []),
        key=lambda d: -d.confidence,
    )
    return ranked[:3] or [Detection(language="", confidence=100.0)]


def _shares(text: str, group: list[str]) -> dict[str, float]:
    """How likely each language of a group is for a text in their letters, together at most 1."""
    if known_words.are_known(group):
        return known_words.shares(text, group)
    if group == ["ar"]:
        return {"ar": _arabic(text)}
    if len(group) == 1 and _OF_ONE.issuperset(scripts(group[0])):
        return {group[0]: 1.0}
    return n_grams.shares(text, group)


def _arabic(text: str) -> float:
    """How likely a text in Arabic letters is Arabic: one in ten that is none is too many."""
    letters = sum(c.isalpha() for c in text)
    return max(0.0, 1.0 - 10 * sum(c in _NOT_ARABIC for c in text) / letters)


def _groups(languages: Collection[str]) -> list[list[str]]:
    """The languages by what they are written in: those that share a script, in one group."""
    groups: list[list[str]] = []
    for code in languages:
        kin = [g for g in groups if any(set(scripts(code)) & set(scripts(o)) for o in g)]
        groups = [g for g in groups if g not in kin]
        groups.append([*(other for g in kin for other in g), code])
    return groups


def _scripts(text: str) -> Counter[str]:
    """How many letters a text has of each script, as Unicode's names of letters begin."""
    found: Counter[str] = Counter()
    for letter, count in Counter(c for c in text if c.isalpha()).items():
        found[_script(letter)] += count
    return found


def _words_in(text: str, written: Collection[str]) -> str:
    """The words of a text that have a letter of some scripts."""
    words = re.findall(r"\w+", text)
    return " ".join(w for w in words if any(_script(c) in written for c in w))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]
