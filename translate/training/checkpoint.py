"""State of a training on disk: written whole or not at all, checked when it is read."""

import os
import pickle
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from .errors import UnusableCheckpoint
from .plan import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Everything needed to go on: `tensors` are the optimiser's, `vocabulary` is its SHA-256."""

    shape: Shape
    vocabulary: str
    step: int
    tokens: int
    best_loss: float
    tensors: dict[str, Tensor]


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write to `path`; what was there stays until the new one is complete and on disk."""
    content = {
        "shape": asdict(checkpoint.shape),
        "vocabulary": checkpoint.vocabulary,
        "step": checkpoint.step,
        "tokens": checkpoint.tokens,
        "best_loss": checkpoint.best_loss,
        "tensors": checkpoint.tensors,
    }
    file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False)  # noqa: SIM115 -- closed below, on both ways
    try:
        with file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise


def load_checkpoint(path: Path, *, shape: Shape, vocabulary: str) -> Checkpoint:
    """Read `path`; raises UnusableCheckpoint when it is damaged or of another training."""
    advice = f"Give another work folder, or delete {path} to start afresh."
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        found = Checkpoint(
            shape=Shape(**content["shape"]),
            vocabulary=content["vocabulary"],
            step=content["step"],
            tokens=content["tokens"],
            best_loss=content["best_loss"],
            tensors=content["tensors"],
        )
    except FileNotFoundError as error:
        raise UnusableCheckpoint(f"There is no {path}: nothing was trained there yet.") from error
    except (RuntimeError, KeyError, TypeError, EOFError, ValueError, pickle.PickleError) as error:
        raise UnusableCheckpoint(f"{path} is damaged. {advice}") from error
    if found.shape != shape:
        raise UnusableCheckpoint(f"{path} is of a model of another size. {advice}")
    if found.vocabulary != vocabulary:
        raise UnusableCheckpoint(f"{path} was trained with another vocabulary. {advice}")
    return found
