"""Sentence pairs from a TSV or TMX file: read, checked, and counted by what was wrong."""

import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .errors import NotEnoughPairs, SwappedLanguages, UnreadablePairs

LONGEST_LINE = 20_000
"""Characters; a longer line is a broken file, and splitting it would cost more than it teaches."""
LONGEST_SIDE = 1_000
"""Characters of one side; longer ones are paragraphs, which the service never translates whole."""
NEEDED_FROM_NOTHING = 20_000
NEEDED_TO_ADAPT = 50

_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "fa": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "ur": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "uk": re.compile(r"[\u0400-\u04ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FREQUENT = {
    "en": _words("the of and to in is that for was with on are be this from it by an"),
    "fr": _words("le la les de des et du en un une est que pour dans au par sur qui"),
    "es": _words("el la los las de y que en un una es por para con del se su al"),
}
_MOJIBAKE = re.compile(r"\ufffd|Ã[\u0080-\u00bf©¨ª«®´]|â€[™œ\u009d“”]|Ø§|Ù„")


class Problem(StrEnum):
    """Why a pair was left out."""

    COLUMNS = "not two columns"
    LINE = "line too long"
    EMPTY = "an empty side"
    LENGTH = "a side longer than a sentence"
    RATIO = "sides of very different length"
    ENCODING = "wrongly decoded characters"
    SCRIPT = "a side in another script"
    COPY = "target is a copy of the source"
    DUPLICATE = "a repeated pair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One sentence and its translation."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSet:
    """The usable pairs of a file, in its order, and how many were left out and why."""

    pairs: tuple[Pair, ...]
    problems: dict[Problem, int]

    def describe(self) -> str:
        """One line for people, such as "3 left out: an empty side (2), a repeated pair (1)."."""
        left_out = sum(self.problems.values())
        if not left_out:
            return "None left out."
        reasons = ", ".join(f"{problem} ({n})" for problem, n in sorted(self.problems.items()))
        return f"{left_out} left out: {reasons}."


def read_pairs(path: Path, source_code: str, target_code: str, needed: int) -> PairSet:
    """Read `path` (.tsv or .tmx) and keep what can be learned from.

    Raises UnreadablePairs, SwappedLanguages, or NotEnoughPairs when fewer than `needed` are left.
    """
    suffix = path.suffix.lower()
    if suffix not in {".tsv", ".txt", ".tmx"}:
        raise UnreadablePairs(f"{path}: give a .tsv file (source, tab, target) or a .tmx file.")
    if not path.is_file():
        raise UnreadablePairs(f"{path}: no such file.")
    raw = _tmx(path, source_code, target_code) if suffix == ".tmx" else _tsv(path)
    found = check_pairs(raw, source_code, target_code)
    if len(found.pairs) < needed:
        raise NotEnoughPairs(len(found.pairs), needed, found.describe())
    return found


def check_pairs(raw: Iterable[Pair | Problem], source_code: str, target_code: str) -> PairSet:
    """Keep the usable pairs of `raw`; refuse the whole when most look exchanged."""
    problems: Counter[Problem] = Counter()
    kept: dict[tuple[str, str], Pair] = {}
    exchanged = 0
    for item in raw:
        if isinstance(item, Problem):
            problems[item] += 1
            continue
        pair = Pair(source=_tidy(item.source), target=_tidy(item.target))
        exchanged += _looks_exchanged(pair, source_code, target_code)
        problem = problem_of(pair, source_code, target_code)
        if problem is None and (pair.source, pair.target) in kept:
            problem = Problem.DUPLICATE
        if problem is None:
            kept[pair.source, pair.target] = pair
        else:
            problems[problem] += 1
    if exchanged * 2 > len(kept) + sum(problems.values()):
        raise SwappedLanguages(
            f"Most lines have {target_code} first and {source_code} second: exchange the columns, "
            f"or train --from {target_code} --to {source_code}."
        )
    return PairSet(pairs=tuple(kept.values()), problems=dict(problems))


def problem_of(pair: Pair, source_code: str, target_code: str) -> Problem | None:
    """The first reason not to learn from `pair`."""
    source, target = pair.source, pair.target
    if not source or not target:
        return Problem.EMPTY
    if max(len(source), len(target)) > LONGEST_SIDE:
        return Problem.LENGTH
    if _MOJIBAKE.search(source) or _MOJIBAKE.search(target):
        return Problem.ENCODING
    if min(len(source), len(target)) * 3 < max(len(source), len(target)) - 20:
        return Problem.RATIO
    if not _in_script(source, source_code) or not _in_script(target, target_code):
        return Problem.SCRIPT
    if source == target and len(source.split()) > 4:
        return Problem.COPY
    return None


def _tsv(path: Path) -> Iterator[Pair | Problem]:
    """One item a line; the file is read in pieces, so a line of any length costs bounded memory."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE and not line.endswith("\n"):
                    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                        pass
                    yield Problem.LINE
                elif line.strip("\r\n"):
                    columns = line.rstrip("\r\n").split("\t")
                    yield (
                        Pair(source=columns[0], target=columns[1])
                        if len(columns) in {2, 3}  # a third column names the source of the pair
                        else Problem.COLUMNS
                    )
    except UnicodeDecodeError as error:
        raise UnreadablePairs(
            f"{path}: not UTF-8 (byte {error.start} of a block). Save the file as UTF-8 and retry."
        ) from error


def _tmx(path: Path, source_code: str, target_code: str) -> Iterator[Pair | Problem]:
    """One item a translation unit, parsed as a stream."""
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    try:
        with path.open("rb") as head:
            if b"<!ENTITY" in head.read(65_536):
                raise UnreadablePairs(f"{path}: a TMX file with entity declarations is refused.")
        for _, element in ElementTree.iterparse(path):  # noqa: S314 -- entities refused above
            if element.tag != "tu":
                continue
            sides: dict[str, str] = {}
            for variant in element.iter("tuv"):
                code = (variant.get(language) or variant.get("lang") or "").lower()
                segment = variant.find("seg")
                sides[re.split(r"[-_]", code)[0]] = (
                    "" if segment is None else "".join(segment.itertext())
                )
            element.clear()
            if source_code in sides and target_code in sides:
                yield Pair(source=sides[source_code], target=sides[target_code])
            else:
                yield Problem.COLUMNS
    except ElementTree.ParseError as error:
        raise UnreadablePairs(f"{path}: not well-formed TMX ({error}).") from error


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _in_script(text: str, code: str) -> bool:
    """Whether the letters of `text` may be `code`; short labels and codes pass in any script."""
    letters = len(_LETTER.findall(text))
    if letters < 4:
        return True
    script = _SCRIPTS.get(code)
    if script is None:
        return len(_LATIN.findall(text)) * 2 >= letters
    # Product names and acronyms stay Latin inside other scripts: a third is enough.
    return len(script.findall(text)) * 3 >= letters


def _looks_exchanged(pair: Pair, source_code: str, target_code: str) -> bool:
    if (source_code in _SCRIPTS) != (target_code in _SCRIPTS):
        return not (_in_script(pair.source, source_code) or _in_script(pair.target, target_code))
    here, there = _FREQUENT.get(source_code), _FREQUENT.get(target_code)
    if here is None or there is None:
        return False
    source, target = set(pair.source.lower().split()), set(pair.target.lower().split())
    right = len(source & here) + len(target & there)
    return len(source & there) + len(target & here) > right + 1
