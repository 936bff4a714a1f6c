"""Build a starter package from the corpus folder: `python -m translate.training.starter`.

The work folder keeps everything between runs: the same command goes on where the last one stopped.
"""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .alignment import learn_alignment, pair_scores
from .blend import blend
from .checkpoint import load_checkpoint
from .corpus import Corpus, read_corpus
from .dataset import Dataset, encode_pairs
from .device import Device, choose_device
from .effort import SEED, Effort
from .mixture import mix, without_bad_alignments
from .model import with_weights
from .pairs import Pair
from .plan import Plan, Progress
from .start import Start, open_start
from .trainer import Trainer
from .vocabulary import Vocabulary, train_vocabulary

_NAMES = {"en": "English", "fr": "French", "ar": "Arabic"}
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
) -> None:
    """Fill `work` with vocabulary, encoded mixture, alignment table and held-out pairs.

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
    _say(f"pairs {counts}, left out {corpus.left_out}, badly aligned {int((weight == 0).sum())}")


def _write_held_out(corpus: Corpus, work: Path, way: Direction) -> None:
    for name, pairs in corpus.held_out.items():
        rows = ({way.source: pair.source, way.target: pair.target} for pair in pairs)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (work / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _validation(work: Path, way: Direction, vocabulary: Vocabulary) -> dict[str, Dataset]:
    """Held out of the training, and not the test sets: what decides which weights are kept."""
    return {
        name: _held_out(work, f"{name}-validation", way, vocabulary)
        for name in ("own", "general", "short")
    }


def _held_out(work: Path, name: str, way: Direction, vocabulary: Vocabulary) -> Dataset:
    rows = map(json.loads, (work / f"{name}.jsonl").read_text("utf-8").splitlines())
    pairs = [Pair(source=row[way.source], target=row[way.target]) for row in rows]
    return encode_pairs(pairs, vocabulary)


def _tell(progress: Progress) -> None:
    losses = "".join(f"  {name} {loss:.4f}" for name, loss in progress.validation.items())
    _say(
        f"step {progress.step}  tokens {progress.tokens}  loss {progress.loss:.4f}  "
        f"{progress.tokens_per_second:.0f} tokens/s  {progress.minutes:.1f} min{losses}"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def train(work: Path, way: Direction, plan: Plan, start: Start | None, device: Device) -> None:
    """Go on with the training in `work` for some minutes, or until it is terminated."""
    vocabulary = Vocabulary(work / "vocabulary.model")
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    trainer = Trainer(
        work,
        plan,
        vocabulary=vocabulary.fingerprint,
        device=device,
        start=start.weights if start else None,
        report=_tell,
        stop=lambda: bool(stopped),
    )
    outcome = trainer.run(
        Dataset.load(work / "data.npz"),
        _validation(work, way, vocabulary),
        np.load(work / "alignment.npy"),
    )
    _say(f"{outcome.reason}: step {outcome.step}, {outcome.tokens} tokens")


def pack(
    work: Path,
    way: Direction,
    plan: Plan,
    output: Path,
    *,
    start: Start | None,
    device: Device,
    version: str,
    card: str,
) -> None:
    """Write the weights in `work` that validated best as the package `output`.

    Where they were learned from a start package, they go back towards it as far as the validation
    sets allow.
    """
    # Here, because a machine that only trains may lack CTranslate2.
    from .package import Label, Language, write_package

    vocabulary = Vocabulary(work / "vocabulary.model")
    best = load_checkpoint(work / "best.pt", shape=plan.shape, vocabulary=vocabulary.fingerprint)
    weights = best.tensors["ema"]
    if start is not None:
        trainer = Trainer(
            work, plan, vocabulary=vocabulary.fingerprint, device=device, start=start.weights
        )
        found = blend(trainer, start.weights, weights, _validation(work, way, vocabulary))
        weights = found.weights
        _say(
            f"{found.share:g} of the way from the start package: validation loss "
            f"{found.loss_before:.4f}, then {found.loss_after:.4f}"
        )
    label = Label(
        source=Language(code=way.source, name=_NAMES[way.source]),
        target=Language(code=way.target, name=_NAMES[way.target]),
        version=version,
        card=card,
    )
    write_package(output, with_weights(plan.shape, weights), vocabulary, label)
    _say(f"{output}: step {best.step}, {best.tokens} tokens, {output.stat().st_size} bytes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare if needed, train if asked, write the package if asked."""
    parser = argparse.ArgumentParser(prog="python -m translate.training.starter")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--from", dest="source", choices=sorted(_NAMES), default="en")
    parser.add_argument("--to", dest="target", choices=sorted(_NAMES), required=True)
    parser.add_argument("--minutes", type=float, default=0.0, help="0: do not train")
    parser.add_argument("--cool-down", type=float, default=0.3, help="share of the minutes")
    parser.add_argument("--dropout", type=float, default=0.0, help="0.1 when text is short")
    parser.add_argument("--width", type=int, default=384, help="of the model, a multiple of 64")
    parser.add_argument("--batch-tokens", type=int, default=3_500, help="20,000 on an accelerator")
    parser.add_argument("--rate", type=float, default=1.0, help="times the usual learning rates")
    parser.add_argument("--start-from", type=Path, help="package to go on from; use --rate 0.1")
    parser.add_argument("--version", default="0.6")
    parser.add_argument("--card", type=Path, help="model card to put inside")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--vocabulary", type=int, default=8_000, help="pieces")
    parser.add_argument("--generated", type=int, default=150_000, help="grammar sentences")
    parser.add_argument("--short", type=float, help="share of labels and phrases")
    parser.add_argument("-o", "--output", type=Path)
    given = parser.parse_args(arguments)
    if [given.source, given.target].count("en") != 1:
        parser.error("one of the two languages is English: the corpus has no other pairs")
    way = Direction(source=given.source, target=given.target)
    device = choose_device(given.threads)
    given.work.mkdir(parents=True, exist_ok=True)
    start = open_start(given.start_from, way.source, way.target) if given.start_from else None
    if start:
        (given.work / "vocabulary.model").write_bytes(start.vocabulary)
    if not (given.work / "data.npz").exists():
        prepare(
            given.corpus,
            given.work,
            way,
            pieces=given.vocabulary,
            generated=given.generated,
            short=given.short,
            device=device,
        )
    effort = Effort(
        width=given.width,
        minutes=given.minutes,
        cool_down=given.cool_down,
        dropout=given.dropout,
        batch_tokens=given.batch_tokens,
        rate=given.rate,
    )
    pieces = len(Vocabulary(given.work / "vocabulary.model"))
    plan = effort.going_on(start) if start else effort.plan(pieces)
    if given.minutes:
        train(given.work, way, plan, start, device)
    if given.output:
        card = given.card.read_text("utf-8") if given.card else ""
        pack(
            given.work,
            way,
            plan,
            given.output,
            start=start,
            device=device,
            version=given.version,
            card=card,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
