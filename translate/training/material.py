"""What a starter package is made from: its work folder, filled once from the corpus."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .alignment import learn_alignment, pair_scores
from .corpus import Corpus, read_corpus
from .dataset import Dataset, encode_pairs
from .device import Device
from .effort import SEED
from .mixture import mix, without_bad_alignments
from .pairs import Pair
from .vocabulary import Vocabulary, train_vocabulary

_FOR_VOCABULARY = 250_000
_FOR_ALIGNMENT = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Codes of the languages; one of them is English."""

    source: str
    target: str


def prepare(
    corpus_folder: Path,
    work: Path,
    way: Direction,
    *,
    pieces: int,
    generated: int,
    short: float | None,
    device: Device,
) -> str:
    """Fill `work` with vocabulary, encoded mixture, alignment table and held-out pairs.

    Gives how many pairs of which kind there are, and how many were left out.

    A vocabulary that is there already is used: both directions of two languages can share one. So
    is an alignment table, which takes the longest.
    """
    corpus = read_corpus(corpus_folder, way.source, way.target, generated)
    mixture = mix(corpus.groups, way.source, way.target, SEED, short)
    vocabulary_path = work / "vocabulary.model"
    if not vocabulary_path.exists():
        drawn = np.unique(
            np.random.default_rng(SEED).choice(
                len(mixture.pairs), _FOR_VOCABULARY, p=mixture.weight / mixture.weight.sum()
            )
        )
        sentences = (
            side for i in drawn for side in (mixture.pairs[i].source, mixture.pairs[i].target)
        )
        languages = (way.source, way.target)
        train_vocabulary(sentences, vocabulary_path, size=pieces, languages=languages)
    vocabulary = Vocabulary(vocabulary_path)
    data = encode_pairs(mixture.pairs, vocabulary, mixture.weight)
    table_path = work / "alignment.npy"
    if not table_path.exists():
        table = learn_alignment(
            data, len(vocabulary), sentences=_FOR_ALIGNMENT, seed=SEED, device=device.name
        )
        np.save(table_path, table)
    weight = without_bad_alignments(
        data.weight,
        [mixture.group[i] for i in data.origin],
        pair_scores(data, np.load(table_path), device.name),
    )
    _write_held_out(corpus, work, way)
    replace(data, weight=weight).save(work / "data.npz")  # last: its presence means all is there
    counts = {name: mixture.group.count(name) for name in dict.fromkeys(mixture.group)}
    return f"pairs {counts}, left out {corpus.left_out}, badly aligned {int((weight == 0).sum())}"


def _write_held_out(corpus: Corpus, work: Path, way: Direction) -> None:
    for name, pairs in corpus.held_out.items():
        rows = ({way.source: pair.source, way.target: pair.target} for pair in pairs)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (work / f"{name}.jsonl").write_text(text, encoding="utf-8")


def validation_sets(work: Path, way: Direction, vocabulary: Vocabulary) -> dict[str, Dataset]:
    """Held out of the training, and not the test sets: what decides which weights are kept."""
    return {
        name: _held_out(work, f"{name}-validation", way, vocabulary)
        for name in ("own", "general", "short")
    }


def _held_out(work: Path, name: str, way: Direction, vocabulary: Vocabulary) -> Dataset:
    rows = map(json.loads, (work / f"{name}.jsonl").read_text("utf-8").splitlines())
    pairs = [Pair(source=row[way.source], target=row[way.target]) for row in rows]
    return encode_pairs(pairs, vocabulary)
