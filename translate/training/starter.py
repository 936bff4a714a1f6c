"""Build a starter package from the corpus folder: `python -m translate.training.starter`.

The work folder keeps everything between runs: the same command goes on where the last one stopped.
"""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from .alignment import learn_alignment, pair_scores
from .checkpoint import load_checkpoint
from .corpus import Corpus, read_corpus
from .dataset import Dataset, encode_pairs
from .device import choose_device
from .mixture import mix, without_bad_alignments
from .model import with_weights
from .package import Label, Language, write_package
from .pairs import Pair
from .plan import Plan, Progress, Shape
from .trainer import Trainer
from .vocabulary import Vocabulary, train_vocabulary

_NAMES = {"fr": "French", "ar": "Arabic"}
_SEED = 11
_FOR_VOCABULARY = 250_000
_FOR_ALIGNMENT = 250_000


def prepare(corpus_folder: Path, work: Path, code: str, pieces: int, generated: int) -> None:
    """Fill `work` with vocabulary, encoded mixture, alignment table and held-out pairs."""
    corpus = read_corpus(corpus_folder, code, generated)
    mixture = mix(corpus.groups, code, _SEED)
    vocabulary_path = work / "vocabulary.model"
    if not vocabulary_path.exists():
        drawn = np.unique(
            np.random.default_rng(_SEED).choice(
                len(mixture.pairs), _FOR_VOCABULARY, p=mixture.weight / mixture.weight.sum()
            )
        )
        sentences = (
            side for i in drawn for side in (mixture.pairs[i].source, mixture.pairs[i].target)
        )
        train_vocabulary(sentences, vocabulary_path, size=pieces, languages=("en", code))
    vocabulary = Vocabulary(vocabulary_path)
    data = encode_pairs(mixture.pairs, vocabulary, mixture.weight)
    table = learn_alignment(data, len(vocabulary), sentences=_FOR_ALIGNMENT, seed=_SEED)
    np.save(work / "alignment.npy", table)
    weight = without_bad_alignments(
        data.weight, [mixture.group[i] for i in data.origin], pair_scores(data, table)
    )
    _write_held_out(corpus, work, code)
    replace(data, weight=weight).save(work / "data.npz")  # last: its presence means all is there
    counts = {name: mixture.group.count(name) for name in dict.fromkeys(mixture.group)}
    _say(f"pairs {counts}, left out {corpus.left_out}, badly aligned {int((weight == 0).sum())}")


def _write_held_out(corpus: Corpus, work: Path, code: str) -> None:
    parts = {
        "own-validation": corpus.own_validation,
        "own-test": corpus.own_test,
        "general-validation": corpus.general_validation,
        "general-test": corpus.general_test,
    }
    for name, pairs in parts.items():
        rows = ({"en": pair.source, code: pair.target} for pair in pairs)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (work / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _held_out(work: Path, name: str, code: str, vocabulary: Vocabulary) -> Dataset:
    rows = map(json.loads, (work / f"{name}.jsonl").read_text("utf-8").splitlines())
    return encode_pairs([Pair(source=row["en"], target=row[code]) for row in rows], vocabulary)


def _tell(progress: Progress) -> None:
    losses = "".join(f"  {name} {loss:.4f}" for name, loss in progress.validation.items())
    _say(
        f"step {progress.step}  tokens {progress.tokens}  loss {progress.loss:.4f}  "
        f"{progress.tokens_per_second:.0f} tokens/s  {progress.minutes:.1f} min{losses}"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def train(
    work: Path, code: str, *, minutes: float, cool_down: float, dropout: float, threads: int
) -> None:
    """Go on with the training in `work` for some minutes, or until it is terminated."""
    vocabulary = Vocabulary(work / "vocabulary.model")
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    trainer = Trainer(
        work,
        Plan(
            shape=Shape(vocabulary=len(vocabulary)),
            minutes=minutes,
            cool_down=cool_down,
            dropout=dropout,
            seed=_SEED,
            patience=1_000,  # the minutes decide
        ),
        vocabulary=vocabulary.fingerprint,
        device=choose_device(threads),
        report=_tell,
        stop=lambda: bool(stopped),
    )
    outcome = trainer.run(
        Dataset.load(work / "data.npz"),
        {
            "own": _held_out(work, "own-validation", code, vocabulary),
            "general": _held_out(work, "general-validation", code, vocabulary),
        },
        np.load(work / "alignment.npy"),
    )
    _say(f"{outcome.reason}: step {outcome.step}, {outcome.tokens} tokens")


def pack(work: Path, code: str, output: Path, *, version: str, card: str) -> None:
    """Write the weights in `work` that validated best as the package `output`."""
    vocabulary = Vocabulary(work / "vocabulary.model")
    shape = Shape(vocabulary=len(vocabulary))
    best = load_checkpoint(work / "best.pt", shape=shape, vocabulary=vocabulary.fingerprint)
    label = Label(
        source=Language(code="en", name="English"),
        target=Language(code=code, name=_NAMES[code]),
        version=version,
        card=card,
    )
    write_package(output, with_weights(shape, best.tensors["ema"]), vocabulary, label)
    _say(f"{output}: step {best.step}, {best.tokens} tokens, {output.stat().st_size} bytes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare if needed, train if asked, write the package if asked."""
    parser = argparse.ArgumentParser(prog="python -m translate.training.starter")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--to", choices=sorted(_NAMES), required=True)
    parser.add_argument("--minutes", type=float, default=0.0, help="0: do not train")
    parser.add_argument("--cool-down", type=float, default=0.3, help="share of the minutes")
    parser.add_argument("--dropout", type=float, default=0.0, help="0.1 when text is short")
    parser.add_argument("--version", default="0.4")
    parser.add_argument("--card", type=Path, help="model card to put inside")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--vocabulary", type=int, default=8_000, help="pieces")
    parser.add_argument("--generated", type=int, default=150_000, help="grammar sentences")
    parser.add_argument("-o", "--output", type=Path)
    given = parser.parse_args(arguments)
    given.work.mkdir(parents=True, exist_ok=True)
    if not (given.work / "data.npz").exists():
        prepare(given.corpus, given.work, given.to, given.vocabulary, given.generated)
    if given.minutes:
        train(
            given.work,
            given.to,
            minutes=given.minutes,
            cool_down=given.cool_down,
            dropout=given.dropout,
            threads=given.threads,
        )
    if given.output:
        card = given.card.read_text("utf-8") if given.card else ""
        pack(given.work, given.to, given.output, version=given.version, card=card)
    return 0


if __name__ == "__main__":
    sys.exit(main())
