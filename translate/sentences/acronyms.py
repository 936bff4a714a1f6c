"""Names in capitals: those of known bodies, and those that a model cannot know.

A model that never saw an acronym invents something in its place or spells half of it, and of those
it saw now and then it makes another body. So a name of the table beside this file must stand in
the translation by one of its names there, and one that is nowhere must stand as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from translate.sentences.mask import Span

# Fewer capitals are left to the model: UN, EU, TV are known, and two letters prove little.
_ACRONYM = re.compile(r"(?<![\w.'’-])[A-Z]{3,12}(?![\w'’-])")
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{2,}(?!\w)")
# Capitals side by side are a stressed phrase: PRESS RELEASE.
_BESIDE = re.compile(r"[A-Z]{2,}[^\S\n]+\Z"), re.compile(r"[^\S\n]+[A-Z]{2,}(?!\w)")
# What is put together from as many pieces of the package's vocabulary is no word of it: of small
# letters, which tell a stressed word from a name, more where the word is longer.
_UNKNOWN_PIECES = 2
_SHORT, _SHORT_PIECES, _LONG_PIECES = 5, 2, 3
_COLUMNS = ("en", "fr", "ar")

# Of how many pieces of the package's vocabulary a word is made.
Pieces = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence; its span says what stands for it when the model is not to see it.

    `others` are the same body's names in the other language; without any it stays as it is.
    """

    span: Span
    written: str
    others: tuple[str, ...] = ()

    def is_in(self, translation: str) -> bool:
        """Whether a translation means the same body."""
        return any(_stands(form, translation) for form in (self.written, *self.others))


def names(sentence: str, source: str, target: str, pieces: Pieces) -> list[Name]:
    """The names of a sentence that a translation must hold, in order."""
    known = bodies(source)
    found = []
    for match in _ACRONYM.finditer(sentence):
        word, place = match.group(), match.span()
        if word in known:
            others = known[word].get(target)
            if others:
                written = others[0] if target in ("en", "fr") else word
                found.append(Name(Span(*place, written), word, others))
        elif not _is_stressed(sentence, match) and _is_unknown(word, pieces):
            found.append(Name(Span(*place, word), word))
    return found


@cache
def bodies(language: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """The table by a language's acronyms: for each the names by language."""
    path = Path(__file__).with_name("acronyms.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if line.startswith("#"):
            continue
        columns = (tuple(f.strip() for f in c.split(",")) for c in line.split(";"))
        row = dict(zip(_COLUMNS, columns, strict=True))
        # Arabic has words for them, not letters.
        if language in row and language != "ar":
            found[row[language][0]] = row
    return found


def capitals(sentence: str) -> list[Span]:
    """Every word in capitals, for a sentence in which a model has mixed two scripts."""
    return [Span(m.start(), m.end(), m.group()) for m in _CAPITALS.finditer(sentence)]


def _stands(form: str, translation: str) -> bool:
    """Arabic particles are written together with a name; Latin letters around one are no name."""
    if not form[:1].isascii():
        return form in translation
    around = r"(?<![A-Za-zÀ-ÿ])", r"(?![A-Za-zÀ-ÿ])"
    either = f"{re.escape(form)}|{re.escape(form.upper())}"
    return bool(re.search(f"{around[0]}(?:{either}){around[1]}", translation))


def _is_unknown(word: str, pieces: Pieces) -> bool:
    needed = _SHORT_PIECES if len(word) <= _SHORT else _LONG_PIECES
    # An ordinary word for stress is one of few pieces in small letters: NOTE.
    return pieces(word) >= _UNKNOWN_PIECES and pieces(word.lower()) >= needed


def _is_stressed(sentence: str, word: re.Match[str]) -> bool:
    before, after = _BESIDE
    return bool(before.search(sentence[: word.start()]) or after.match(sentence, word.end()))
