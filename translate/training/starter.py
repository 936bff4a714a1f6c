"""Build a starter package from the corpus folder: `python -m translate.training.starter`.

The work folder keeps everything between runs: the same command goes on where the last one stopped.
"""

import argparse
import hashlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .blend import blend
from .checkpoint import load_checkpoint
from .claim import claim
from .dataset import Dataset
from .device import Device, choose_device
from .effort import Effort
from .errors import TrainingError
from .material import Direction, prepare, validation_sets
from .model import with_weights
from .plan import Plan, Progress
from .start import Start, open_start
from .trainer import Trainer
from .vocabulary import Vocabulary

_NAMES = {"en": "English", "fr": "French", "ar": "Arabic"}


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
        validation_sets(work, way, vocabulary),
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
        found = blend(trainer, start.weights, weights, validation_sets(work, way, vocabulary))
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
    parser = _parser()
    given = parser.parse_args(arguments)
    if [given.source, given.target].count("en") != 1:
        parser.error("one of the two languages is English: the corpus has no other pairs")
    try:
        _run(given)
    except TrainingError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
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
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--start-from", type=Path, help="package to go on from; use --rate 0.1")
    start.add_argument(
        "--turn-round", type=Path, help="package of the reverse direction to begin with"
    )
    parser.add_argument("--version", default="0.7")
    parser.add_argument("--card", type=Path, help="model card to put inside")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--vocabulary", type=int, default=8_000, help="pieces")
    parser.add_argument("--generated", type=int, default=150_000, help="grammar sentences")
    parser.add_argument("--short", type=float, help="share of labels and phrases")
    parser.add_argument("-o", "--output", type=Path)
    return parser


def _run(given: argparse.Namespace) -> None:
    work: Path = given.work
    way = Direction(source=given.source, target=given.target)
    device = choose_device(given.threads)
    start = open_start(given.start_from, way.source, way.target) if given.start_from else None
    turned = open_start(given.turn_round, way.target, way.source) if given.turn_round else None
    work.mkdir(parents=True, exist_ok=True)
    claim(work, _description(given))
    if begun := start or turned:
        (work / "vocabulary.model").write_bytes(begun.vocabulary)
    if not (work / "data.npz").exists():
        said = prepare(
            given.corpus,
            work,
            way,
            pieces=given.vocabulary,
            generated=given.generated,
            short=given.short,
            device=device,
        )
        _say(said)
    effort = Effort(
        width=given.width,
        minutes=given.minutes,
        cool_down=given.cool_down,
        dropout=given.dropout,
        batch_tokens=given.batch_tokens,
        rate=given.rate,
    )
    if start:
        plan = effort.going_on(start)
    elif turned:
        plan = effort.turned_round(turned)
    else:
        plan = effort.plan(len(Vocabulary(work / "vocabulary.model")))
    if given.minutes:
        train(work, way, plan, begun, device)
    if given.output:
        card = given.card.read_text("utf-8") if given.card else ""
        pack(
            work,
            way,
            plan,
            given.output,
            start=start,
            device=device,
            version=given.version,
            card=card,
        )


def _description(given: argparse.Namespace) -> dict[str, object]:
    """What a work folder is filled for; minutes and rates may be others each time."""
    start: Path | None = given.start_from or given.turn_round
    return {
        "languages": [given.source, given.target],
        "start": hashlib.sha256(start.read_bytes()).hexdigest() if start else "",
        "share of labels": given.short,
        "grammar sentences": given.generated,
    }


if __name__ == "__main__":
    sys.exit(main())
