"""The starter packages' corpus folder, read into groups of pairs, with the held-out parts apart.

The folder holds `en-LANG.tsv.xz` (English, translation, source), `own.jsonl` (triples of our own
writing) and `grammar/grammar.py`, a generator of institutional news. It is no part of the project;
what we wrote for the starter packages afterwards is: `writing/en-LANG.tsv` beside this file, and
`writing/short.tsv`, labels and everyday phrases in three languages.
"""

import json
import lzma
import random
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .pairs import Pair

_LEFT_OUT = ("Hansard",)  # its terms are not confirmed
_CLOSE = (
    "UN Parallel", "NTREX", "tico", "sdg", "Europarl", "opensource.guide", "cds-snc", "xquad",
    "PUD", "UDHR", "LASER", "gender-eval", "refugies", "unicef",
)  # fmt: skip
"""Sources near institutional prose."""
_HELD_OUT = ("NTREX", "tico", "PUD")
_WRITING = Path(__file__).resolve().parent / "writing"
_COLUMN = {"fr": 1, "ar": 2}
_RATIO = {"fr": (0.6, 2.1), "ar": (0.45, 1.6)}
_COMMON = r"\u0000-\u024f\u2000-\u206f\u20a0-\u20bf\u2100-\u214f\u2190-\u21ff\u2200-\u22ff"
_CHARACTERS = {"fr": re.compile(f"[{_COMMON}]*"), "ar": re.compile(f"[{_COMMON}\u0600-\u06ff]*")}
_ARABIC, _LATIN = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-zÀ-ÿ]")
_NUMBER = re.compile(r"\d+")
_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_VOWELS = re.compile("[\u064b-\u0652\u0670]")  # news is printed without them
_ONE_IN = 20  # of the labels and everyday phrases is held out
_BLOCK = 10  # own writing is held out by blocks: neighbours are often of one article


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Pairs by group, and what training must never see, each part by its name; `left_out` counts
    pairs by reason.
    """

    groups: dict[str, list[Pair]]
    held_out: dict[str, list[Pair]]
    left_out: dict[str, int]


def read_corpus(folder: Path, source: str, target: str, generated: int) -> Corpus:
    """Read, filter and divide the corpus for one direction; one of the languages is English.

    `generated` is how many sentences the grammar is asked for. Both directions of two languages
    hold out the same sentences.
    """
    if target != "en":
        return _from_english(folder, target, generated)
    found = _from_english(folder, source, generated)
    return Corpus(
        groups={name: _turned(pairs) for name, pairs in found.groups.items()},
        held_out={name: _turned(pairs) for name, pairs in found.held_out.items()},
        left_out=found.left_out,
    )


def _turned(pairs: Iterable[Pair]) -> list[Pair]:
    return [Pair(source=pair.target, target=pair.source) for pair in pairs]


def _from_english(folder: Path, code: str, generated: int) -> Corpus:
    own, validation, test = _own(folder / "own.jsonl", code)
    held = sides([*validation, *test])
    left_out: Counter[str] = Counter()
    groups: dict[str, list[Pair]] = {
        name: [] for name in ("close", "laws", "docs", "everyday", "labels", "technical")
    }
    candidates: list[Pair] = []
    seen: set[tuple[str, str]] = set()
    for pair, source in _lines(folder / f"en-{code}.tsv.xz", code):
        if source.startswith(_LEFT_OUT):
            continue
        key = normalised(pair.source), normalised(pair.target)
        reason = _fault(pair, source, code)
        if reason is None and not held.isdisjoint(key):
            reason = "held out"
        if reason is None and key in seen:
            reason = "duplicate"
        if reason is not None:
            left_out[reason] += 1
            continue
        seen.add(key)
        words = len(pair.source.split())
        if (group := _group(source, words)) is not None:
            groups[group].append(pair)
        if any(name in source for name in _HELD_OUT) and 6 <= words <= 40:
            candidates.append(pair)
    candidates.sort(key=lambda pair: (pair.source, pair.target))
    random.Random(7).shuffle(candidates)  # noqa: S311 -- a fixed order, no secret
    held |= sides(candidates[:800])
    groups["own"] = [*own, *_written(_WRITING / f"en-{code}.tsv")]
    short = _written(_WRITING / "short.tsv", _COLUMN[code])
    groups["short"] = [pair for i, pair in enumerate(short) if i % _ONE_IN]
    groups["grammar"] = _grammar(folder / "grammar" / "grammar.py", code, generated)
    return Corpus(
        groups={
            name: [pair for pair in pairs if held.isdisjoint(sides([pair]))]
            for name, pairs in groups.items()
            if pairs
        },
        held_out={
            "own-validation": validation,
            "own-test": test,
            "general-validation": candidates[:300],
            "general-test": candidates[300:800],
            "short-validation": short[::_ONE_IN],
        },
        left_out=dict(left_out),
    )


def normalised(sentence: str) -> str:
    """`sentence` without case and punctuation: two that agree in it count as the same."""
    return re.sub(r"\W+", " ", sentence).casefold().strip()


def sides(pairs: Iterable[Pair]) -> set[str]:
    """Both sides of `pairs`: a translation seen beside another source is a leak too."""
    return {normalised(side) for pair in pairs for side in (pair.source, pair.target)}


def _own(path: Path, code: str) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Training, validation and test pairs of our own writing, the last two 200 each."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [Pair(source=row["en"], target=_VOWELS.sub("", row[code])) for row in rows]
    blocks = list(range(0, len(pairs), _BLOCK))
    random.Random(20261125).shuffle(blocks)  # noqa: S311 -- a fixed order, no secret

    def chosen(starts: list[int]) -> list[Pair]:
        return [pair for start in sorted(starts) for pair in pairs[start : start + _BLOCK]]

    test, validation = chosen(blocks[:20]), chosen(blocks[20:40])
    held = sides([*validation, *test])
    return [pair for pair in pairs if held.isdisjoint(sides([pair]))], validation, test


def _written(path: Path, column: int = 1) -> list[Pair]:
    """Our own later writing, English and a column; none for a language without such a file."""
    if not path.exists():
        return []
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Pair(source=row[0], target=_VOWELS.sub("", row[column])) for row in rows]


def _lines(path: Path, code: str) -> Iterator[tuple[Pair, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            english, other, source = line.rstrip("\n").split("\t")
            other = unicodedata.normalize("NFC", other)
            if code == "ar":
                other = re.sub(r"\s+([،؛؟.:!])", r"\1", other.translate(_WESTERN))
            yield Pair(source=english, target=other), source


def _grammar(script: Path, code: str, count: int) -> list[Pair]:
    command = [sys.executable, str(script), str(count), "11"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 -- the operator's own corpus
    rows = (row.split("\t") for row in done.stdout.splitlines())
    pairs = dict.fromkeys(
        (row[0], _VOWELS.sub("", row[_COLUMN[code]])) for row in rows if len(row) == 3
    )
    return [Pair(source=english, target=other) for english, other in pairs]


def _group(source: str, words: int) -> str | None:
    if any(name in source for name in _CLOSE):
        return "close"
    if "laws" in source:
        return "laws" if 4 <= words <= 45 else None
    if "Docs" in source:
        return "docs"
    if "Tatoeba" in source:
        return "everyday"
    return "labels" if words <= 4 else "technical"


def _fault(pair: Pair, source: str, code: str) -> str | None:
    """Why a pair is not learned from; stricter than for an institution's own pairs."""
    english, other = pair.source, pair.target
    if not (_CHARACTERS[code].fullmatch(english) and _CHARACTERS[code].fullmatch(other)):
        return "characters"
    if not 1 <= len(english.split()) <= 60 or len(other.split()) > 75:
        return "length"
    low, high = _RATIO[code]
    if max(len(english), len(other)) > 15 and not low <= len(other) / len(english) <= high:
        return "ratio"
    if code == "ar":
        arabic = len(_ARABIC.findall(other))
        if arabic == 0 or len(_LATIN.findall(other)) > arabic:
            return "not Arabic"
    elif len(english.split()) > 3 and normalised(english) == normalised(other):
        return "copy"
    if (
        english.count("{") != other.count("{")
        or english.count("%") > other.count("%") + 1
        or any(mark in english for mark in ("](", "```", "<!--"))
    ):
        return "markup"
    return "numbers" if _numbers_differ(pair, "laws" in source) else None


def _numbers_differ(pair: Pair, strict: bool) -> bool:
    ours = set(_NUMBER.findall(pair.source))
    theirs = set(_NUMBER.findall(pair.target.translate(_WESTERN)))
    differing, everything = ours ^ theirs, ours | theirs
    if strict and len(differing) > 0.3 * len(everything):
        return True
    long = [number for number in differing if len(number) >= 2]
    return len(long) > 1 and len(long) > 0.5 * len(everything)
