"""Which language a text is in, among those asked about, or none of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

# Below this the answer is a guess.
UNSURE = 50.0

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LONGEST = 4_000
_SCRIPTS = {"ar": "ARABIC", "en": "LATIN", "fr": "LATIN"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Frequent words of one language that are no words of the other.
_WORDS = {
    "en": _words(
        "the of and to in that is was for it with as his on be at by had not are but from or have "
        "an they which you were her all she there would their we him been has when who will more "
        "if no out so said what up its about into than them can only other new some could time "
        "these two may then do first any my now such like our over man me even most made after "
        "also did many before must through back years where much your way well down should because "
        "each just those people how too good very make world still own see men work long get here "
        "between both life being under never day same another know while last might us great old "
        "year off come since against go came right used take three"
    ),
    "fr": _words(
        "le la les de des du un une et à au aux est sont était dans pour par sur avec que qui ne "
        "pas plus se son sa ses ce cette ces il elle ils elles nous vous je on mais ou où donc "
        "leur leurs été être avoir fait comme tout tous toute toutes sans sous entre aussi bien "
        "très même deux trois après avant lors depuis encore ainsi dont chez vers peut ont avait "
        "mon ma mes notre votre nos vos quel quelle c'est d'un d'une qu'il l'institut bonjour "
        "merci oui non quand alors parce jamais toujours rien chaque autre autres année ans jour "
        "monde pays vie temps pendant contre lui y en"
    ),
}
_ENDINGS = {
    "en": ("ing", "ed", "tion", "ly", "ness", "ship", "ful", "th", "ght", "wn", "ck", "sh"),
    "fr": (
        "tion",
        "ment",
        "eux",
        "euse",
        "aux",
        "ique",
        "é",
        "ée",
        "ées",
        "és",
        "eur",
        "ais",
        "ait",
        "ons",
        "ez",
        "elle",
        "ette",
        "oir",
        "isme",
        "ance",
    ),
}
_FRENCH_MARKS = frozenset("éèêëàâçîïôûùœ")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)


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
    scripts = _scripts(sample)
    letters = sum(scripts.values())
    if not letters:
        return [Detection(language="", confidence=0.0)]
    scores: dict[str, float] = {}
    latin = scripts["LATIN"] / letters
    for code in languages:
        script = _SCRIPTS.get(code, "LATIN")
        if script != "LATIN":
            scores[code] = scripts[script] / letters
    rivals = [c for c in languages if _SCRIPTS.get(c, "LATIN") == "LATIN"]
    scores |= {c: latin * share for c, share in _latin_shares(sample, rivals).items()}
    other = max(0.0, 1.0 - sum(scores.values()))
    ranked = sorted(
        [Detection(language=c, confidence=round(100 * s, 1)) for c, s in scores.items() if s > 0]
        + ([Detection(language="", confidence=round(100 * other, 1))] if other > 0.01 else []),
        key=lambda d: -d.confidence,
    )
    return ranked[:3] or [Detection(language="", confidence=100.0)]


def _scripts(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for letter, count in Counter(c for c in text if c.isalpha()).items():
        found[unicodedata.name(letter, "").split(" ")[0]] += count
    return found


def _latin_shares(text: str, languages: Collection[str]) -> dict[str, float]:
    """How likely each language is, together at most 1; what speaks for none is left over."""
    words = [w.lower().replace("’", "'") for w in _WORD.findall(text)]
    points = {c: _points(words, text, c) for c in languages}
    total = sum(points.values())
    if not words or not total:
        # Nothing speaks for any of them; a word or two may be a name.
        doubt = 0.5 if len(words) <= 3 else 0.1
        return {c: doubt / len(languages) for c in languages}
    # Running text is full of frequent words; a foreign one holds few of them.
    sure = min(1.0, total / (0.25 * len(words) + 0.5))
    return {c: sure * p / total for c, p in points.items()}


def _points(words: list[str], text: str, language: str) -> float:
    known = _WORDS.get(language, frozenset())
    endings = _ENDINGS.get(language, ())
    points = 0.0
    for word in words:
        if word in known:
            points += 1.0
        elif len(word) > 4 and word.endswith(endings):
            points += 0.3
    if language == "fr":
        points += 0.5 * sum(any(c in _FRENCH_MARKS for c in w) for w in words)
        points += 0.7 * len(_ELISION.findall(text))
    return points
