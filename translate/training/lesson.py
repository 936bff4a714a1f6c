"""One job carried out: pairs divided and encoded, a model trained on them, a package written."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from torch import Tensor

from .alignment import learn_alignment
from .blend import blend
from .card import job_card
from .checkpoint import load_checkpoint
from .claim import claim
from .dataset import Dataset, encode_pairs
from .device import choose_device
from .errors import PackageNotWritten
from .job import Job, Trained
from .model import with_weights
from .package import Label, Language, write_package
from .pairs import Pair, PairSet
from .plan import Plan, Progress, Rates, Shape
from .start import Start, open_start
from .trainer import Outcome, Trainer
from .vocabulary import Vocabulary, train_vocabulary

_MOST_HELD_OUT = 500
_FOR_VOCABULARY = 500_000
_FOR_ALIGNMENT = 250_000
_EPOCHS_FROM_NOTHING, _EPOCHS_TO_ADAPT = 30, 12


def teach(job: Job, found: PairSet, report: Callable[[Progress], None]) -> Trained:
    """Carry out `job` on the checked pairs `found`."""
    start = open_start(job.start_from, job.source_code, job.target_code) if job.start_from else None
    work = job.work_folder
    try:
        work.mkdir(parents=True, exist_ok=True)
        claim(work, _description(job, found))
        material = _prepare(work, found, start, job)
        learned = _learn(work, material, start, report)
    except OSError as error:
        raise PackageNotWritten(
            f"The work folder {work} could not be written ({error.strerror or error}). Free some "
            "disk space and run the same command again: it goes on from the last checkpoint."
        ) from error
    trained = Trained(
        output=job.output,
        bytes=0,
        pairs=len(material.training),
        held_out=len(material.validation),
        left_out=found.describe(),
        steps=learned.outcome.step,
        tokens=learned.outcome.tokens,
        minutes=learned.outcome.minutes,
        loss_before=learned.loss_before,
        loss_after=learned.loss_after,
        reason=learned.outcome.reason,
    )
    label = Label(
        source=Language(code=job.source_code, name=job.source_name),
        target=Language(code=job.target_code, name=job.target_name),
        version=job.version,
        card=job_card(job, trained, start.card if start else None),
    )
    model = with_weights(material.plan.shape, learned.weights)
    write_package(job.output, model, material.vocabulary, label)
    if job.work is None:
        shutil.rmtree(work, ignore_errors=True)
    return replace(trained, bytes=job.output.stat().st_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    vocabulary: Vocabulary
    training: Dataset
    validation: Dataset
    plan: Plan
    threads: int | None


def _prepare(work: Path, found: PairSet, start: Start | None, job: Job) -> _Material:
    training, validation = _divide(found.pairs, job.seed)
    path = work / "vocabulary.model"
    if start is not None:
        path.write_bytes(start.vocabulary)
    elif not path.exists():
        sentences = (
            side for pair in training[:_FOR_VOCABULARY] for side in (pair.source, pair.target)
        )
        languages = (job.source_code, job.target_code)
        train_vocabulary(sentences, path, size=_pieces(len(training)), languages=languages)
    vocabulary = Vocabulary(path)
    data = encode_pairs(training, vocabulary)
    shape = start.shape if start else Shape(vocabulary=len(vocabulary))
    tokens = int(data.target_lengths.sum()) + len(data)
    plan = _adapting(shape, tokens, job) if start else _from_nothing(shape, tokens, job)
    return _Material(
        vocabulary=vocabulary,
        training=data,
        validation=encode_pairs(validation, vocabulary),
        plan=plan,
        threads=job.threads,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    weights: Tensor
    loss_before: float | None
    loss_after: float
    outcome: Outcome


def _learn(
    work: Path, material: _Material, start: Start | None, report: Callable[[Progress], None]
) -> _Learned:
    plan, validation = material.plan, {"held out": material.validation}
    fingerprint = material.vocabulary.fingerprint
    trainer = Trainer(
        work,
        plan,
        vocabulary=fingerprint,
        device=choose_device(material.threads),
        start=start.weights if start else None,
        report=report,
    )
    table = None
    if start is None:
        table = learn_alignment(
            material.training,
            len(material.vocabulary),
            sentences=min(_FOR_ALIGNMENT, len(material.training)),
            seed=plan.seed,
        )
    outcome = trainer.run(material.training, validation, table)
    best = load_checkpoint(work / "best.pt", shape=plan.shape, vocabulary=fingerprint)
    weights, before, after = best.tensors["ema"], None, outcome.best_loss
    if start is not None:
        blended = blend(trainer, start.weights, weights, validation)
        weights, before, after = blended.weights, blended.loss_before, blended.loss_after
    return _Learned(weights=weights, loss_before=before, loss_after=after, outcome=outcome)


def _from_nothing(shape: Shape, tokens: int, job: Job) -> Plan:
    batch = 3_500
    return Plan(
        shape=shape,
        batch_tokens=batch,
        dropout=0.1 if tokens < 5_000_000 else 0.0,
        steps=_EPOCHS_FROM_NOTHING * tokens // batch + 1,
        minutes=job.minutes,
        seed=job.seed,
    )


def _adapting(shape: Shape, tokens: int, job: Job) -> Plan:
    """Small steps that shrink to nothing, held near the start package: what it knew must stay."""
    batch = 1_500
    steps = max(40, _EPOCHS_TO_ADAPT * tokens // batch)
    return Plan(
        shape=shape,
        rates=Rates(adam=1e-4, muon=2e-4),
        batch_tokens=batch,
        dropout=0.1,
        warm_up=10,
        short_first=0,
        guided=0,
        steps=steps,
        minutes=job.minutes,
        cool_down=1.0,
        validate_every=max(10, steps // 10),
        patience=4,
        averaging=0.9,
        seed=job.seed,
    )


def _divide(pairs: Sequence[Pair], seed: int) -> tuple[list[Pair], list[Pair]]:
    """Training and validation pairs; no source sentence is on both sides."""
    sources = sorted({pair.source for pair in pairs})
    np.random.default_rng(seed).shuffle(sources)
    held = set(sources[: max(5, min(_MOST_HELD_OUT, len(sources) // 10))])
    training = [pair for pair in pairs if pair.source not in held]
    return training, [pair for pair in pairs if pair.source in held]


def _pieces(pairs: int) -> int:
    return 8_000 if pairs >= 60_000 else 4_000


def _description(job: Job, found: PairSet) -> dict[str, object]:
    """What tells this job from another one."""
    content = "\n".join(f"{pair.source}\t{pair.target}" for pair in found.pairs)
    return {
        "pairs": hashlib.sha256(content.encode()).hexdigest(),
        "languages": [job.source_code, job.target_code],
        "start": hashlib.sha256(job.start_from.read_bytes()).hexdigest() if job.start_from else "",
        "seed": job.seed,
    }
