"""A corpus folder with little of everything that the one of the starter packages has."""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from pathlib import Path

from translate.training.pairs import Pair


def little_corpus(folder: Path, pairs: Sequence[Pair]) -> Path:
    """Fill `folder` with 420 triples of own writing, these English-French pairs, and a grammar.

    Every fourth pair is of a source of which sentences are held out.
    """
    own = [{"en": f"Own text {n}.", "fr": f"Texte {n}.", "ar": f"نص {n}."} for n in range(420)]
    lines = "".join(json.dumps(row) + "\n" for row in own)
    (folder / "own.jsonl").write_text(lines, "utf-8")
    with lzma.open(folder / "en-fr.tsv.xz", "wt", encoding="utf-8") as file:
        for number, pair in enumerate(pairs):
            source = "NTREX" if number % 4 == 3 else "UN Parallel"
            file.write(f"{pair.source}\t{pair.target}\t{source}\n")
    (folder / "grammar").mkdir()
    script = 'print("The fair opens.\\tLa foire ouvre.\\tيفتتح المعرض.")\n'
    (folder / "grammar" / "grammar.py").write_text(script, "utf-8")
    return folder
