"""The language of a text by the sequences of letters in it: any that a package may be of."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# The library's names for the codes of Argos packages.
_LABELS = {"nb": "no", "pb": "pt", "zt": "zh"}
# How much likelier a language with a package is than another, before the text is read. Of two words
# of foreign news (tests/data/languages.toml) 5 takes five for one of ours (1: none), and misses
# 13 % of our own beginnings instead of 32 %; from three words on nothing foreign is taken.
_ODDS = 5.0


def shares(text: str, languages: Collection[str]) -> dict[str, float]:
    """How likely each of `languages` is, together at most 1.

    What is left over is of the likeliest other language alone: the small chances of a hundred of
    them would together outweigh a short text's own language. Without characters that only one of
    them has, two packages of one language share alike.
    """
    likelihood = dict(identifier().rank(text))
    labels = {code: _LABELS.get(code, code) for code in languages}
    asked = {label: _ODDS * likelihood.pop(label, 0.0) for label in set(labels.values())}
    total = sum(asked.values()) + max(likelihood.values(), default=0.0)
    found = {code: asked[label] / total for code, label in labels.items()}
    return found | _apart(text, found, "zh", "zt") | _apart(text, found, "pt", "pb")


def _apart(text: str, found: dict[str, float], one: str, other: str) -> dict[str, float]:
    """What two packages of one label get of it, by the characters that only one of them uses."""
    if one not in found or other not in found:
        return {}
    simplified, traditional = _encodable(text, "gb2312"), _encodable(text, "big5")
    if one != "zh" or simplified == traditional:
        return {code: found[code] / 2 for code in (one, other)}
    likelier = one if simplified > traditional else other
    return {code: found[code] * (code == likelier) for code in (one, other)}


def _encodable(text: str, charset: str) -> int:
    """How many bytes of a text a character set of the one or the other way of writing can hold."""
    return len(text.encode(charset, errors="ignore"))


@cache
def identifier() -> LanguageIdentifier:
    """The library's model: a second to read and some 75 MiB, so only when it is asked."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
