"""Prove that a held-out file was not trained on: `python -m translate.training.overlap HELD WORK`.

HELD is a text file of one sentence a line, or .jsonl with language codes as keys. WORK is a work
folder (what is compared are the encoded pairs that training draws from, decoded again) or a .tsv
file of pairs. Ends with 1 when a sentence of HELD, in either language, is among them.
"""

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece

from .dataset import Dataset

_RUN = 8
_LEAST_WORDS = 4
"""Shorter sentences ("Send us your feedback") are common property, reported but no leak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Held-out sentences that stand among the pairs; `sharing` have 8 words in a row in common."""

    held_out: int
    compared: int
    same: tuple[str, ...]
    same_short: tuple[str, ...]
    sharing: int


def find_overlap(held_out: Sequence[str], trained_on: Iterator[str]) -> Overlap:
    """Compare without case, punctuation and compatibility forms of characters."""
    wanted = {_key(sentence): sentence for sentence in held_out}
    runs: dict[tuple[str, ...], set[str]] = {}
    for key in wanted:
        for run in _runs(key):
            runs.setdefault(run, set()).add(key)
    found: set[str] = set()
    sharing: set[str] = set()
    compared = 0
    for sentence in trained_on:
        compared += 1
        key = _key(sentence)
        if key in wanted:
            found.add(key)
        for run in _runs(key):
            sharing |= runs.get(run, set())
    return Overlap(
        held_out=len(wanted),
        compared=compared,
        same=tuple(wanted[key] for key in sorted(found) if len(key.split()) >= _LEAST_WORDS),
        same_short=tuple(wanted[key] for key in sorted(found) if len(key.split()) < _LEAST_WORDS),
        sharing=len(sharing),
    )


def _key(sentence: str) -> str:
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", sentence)).casefold().strip()


def _runs(key: str) -> Iterator[tuple[str, ...]]:
    words = key.split()
    return (tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))


def _held_out(path: Path) -> list[str]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if path.suffix != ".jsonl":
        return lines
    return [text for line in lines for text in json.loads(line).values()]


def _trained_on(path: Path) -> Iterator[str]:
    if not path.is_dir():
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield from line.rstrip("\n").split("\t")[:2]
        return
    data = Dataset.load(path / "data.npz")
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path / "vocabulary.model"))
    for i in np.flatnonzero(data.weight > 0):
        source, target = data.pair(int(i))
        yield processor.decode(source.tolist())
        yield processor.decode(target.tolist())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found."""
    parser = argparse.ArgumentParser(prog="python -m translate.training.overlap")
    parser.add_argument("held", type=Path)
    parser.add_argument("work", type=Path)
    given = parser.parse_args(arguments)
    found = find_overlap(_held_out(given.held), _trained_on(given.work))
    out = sys.stdout
    out.write(f"held-out sentences               {found.held_out}\n")
    out.write(f"sentences trained on             {found.compared}\n")
    out.write(f"the same, {_LEAST_WORDS} words or more         {len(found.same)}\n")
    out.write(f"the same, shorter                {len(found.same_short)}\n")
    out.write(f"with {_RUN} words in a row in common  {found.sharing}\n")
    for sentence in (*found.same, *found.same_short):
        out.write(f"  {sentence}\n")
    return 1 if found.same else 0


if __name__ == "__main__":
    sys.exit(main())
