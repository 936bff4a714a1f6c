"""What the command line calls: train a package from pairs, or adapt one to them."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import TrainingDependencyMissing
from .pairs import NEEDED_FROM_NOTHING, NEEDED_TO_ADAPT, read_pairs
from .plan import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to train. `pairs` is a .tsv or .tmx file, `output` the package to write."""

    pairs: Path
    output: Path
    source_code: str
    source_name: str
    target_code: str
    target_name: str
    start_from: Path | None = None
    version: str = "1.0"
    licence: str = "not stated"
    minutes: float | None = None
    """Stop after so many at the latest; None leaves it to the number of pairs."""
    threads: int | None = None
    seed: int = 1
    work: Path | None = None
    """Folder for checkpoints; None is a folder beside `output`, removed once that is written."""

    @property
    def work_folder(self) -> Path:
        """Where the training is kept until the package is written."""
        return self.work or self.output.with_name(self.output.name + ".training")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What came of a job. Losses are nats a target token on pairs held out from `pairs`."""

    output: Path
    bytes: int
    pairs: int
    held_out: int
    left_out: str
    steps: int
    tokens: int
    minutes: float
    loss_before: float | None
    """Of the start package on the same pairs; None when training from nothing."""
    loss_after: float
    reason: str


def train(job: Job, report: Callable[[Progress], None] = lambda _: None) -> Trained:
    """Train and write `job.output`; called again after a stop, it goes on where it was.

    Raises a TrainingError whose message says what to do. `report` is called every hundred steps
    and after each validation.
    """
    if importlib.util.find_spec("torch") is None:
        raise TrainingDependencyMissing("PyTorch")
    needed = NEEDED_TO_ADAPT if job.start_from else NEEDED_FROM_NOTHING
    found = read_pairs(job.pairs, job.source_code, job.target_code, needed)

    from .lesson import teach  # PyTorch is loaded only now, after the cheap checks

    return teach(job, found, report)
