"""The training loop: draws batches, moves the weights, validates, saves, and stops in time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .alignment import guidance_loss
from .batches import Batch, draw_batches, in_order
from .checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from .dataset import Dataset
from .device import Device
from .errors import TrainingDiverged
from .loss import tied_cross_entropy
from .model import Translator
from .optimiser import Optimiser
from .plan import Plan, Progress
from .vocabulary import PAD

_GUIDANCE = 0.8
_PATIENCE_FOR_INFINITY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where training stopped; the averaged weights that validated best are in best.pt."""

    step: int
    tokens: int
    minutes: float
    best_loss: float
    reason: str


class Trainer:
    """One training in the folder `work`; goes on from the checkpoint found there."""

    def __init__(
        self,
        work: Path,
        plan: Plan,
        *,
        vocabulary: str,
        device: Device,
        start: Tensor | None = None,
        report: Callable[[Progress], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """`vocabulary` is its SHA-256; `start` are flat weights to start from instead of chance."""
        torch.manual_seed(plan.seed)
        self._plan, self._device, self._vocabulary = plan, device, vocabulary
        self._report, self._stop = report, stop
        self._last, self._best = work / "last.pt", work / "best.pt"
        self.model = Translator(plan.shape, plan.dropout).to(device.name)
        self._optimiser = Optimiser(self.model, plan.rates)
        if start is not None:
            self._optimiser.weights.copy_(start)
            self._optimiser.average.copy_(start)
        self.model.to(device.precision)
        self._optimiser.publish()
        self._step = self._tokens = 0
        self._best_loss = float("inf")
        if self._last.exists():
            found = load_checkpoint(self._last, shape=plan.shape, vocabulary=vocabulary)
            self._optimiser.restore(found.tensors)
            self._step, self._tokens = found.step, found.tokens
            self._best_loss = found.best_loss

    def run(
        self,
        data: Dataset,
        validation: Mapping[str, Dataset],
        alignment: NDArray[np.float16] | None = None,
    ) -> Outcome:
        """Train until the budget is spent, validation stops improving or `stop` says so.

        A checkpoint is left at every end, also when an exception passes through.
        """
        began = self._clock()
        try:
            reason = self._loop(data, validation, alignment, began)
        finally:
            self._save(self._last, self._optimiser.state())
        self._validate(validation)
        return Outcome(
            step=self._step,
            tokens=self._tokens,
            minutes=(self._clock() - began) / 60,
            best_loss=self._best_loss,
            reason=reason,
        )

    def _loop(
        self,
        data: Dataset,
        validation: Mapping[str, Dataset],
        alignment: NDArray[np.float16] | None,
        began: float,
    ) -> str:
        plan = self._plan
        table = self._table(alignment)
        if self._best_loss == float("inf"):
            self._validate(validation)
        saved = reported = self._clock()
        without_improvement = infinite = seen = 0
        loss_sum = 0.0
        batches = draw_batches(
            data,
            tokens=plan.batch_tokens,
            seed=plan.seed,
            step=self._step,
            short_first=plan.short_first,
        )
        for batch in batches:
            minutes = (self._clock() - began) / 60
            spent = plan.spent(self._step, minutes)
            if self._stop():
                return "stopped from outside"
            if spent >= 1:
                return "the budget is spent"
            loss, norm = self._update(batch, table, plan.scale(self._step, spent))
            infinite = 0 if norm < float("inf") else infinite + 1
            if infinite >= _PATIENCE_FOR_INFINITY:
                raise TrainingDiverged(
                    "The gradient is not a number any more. Lower the learning rate and go on "
                    f"from {self._last}, which is from before."
                )
            self._step += 1
            self._tokens += batch.tokens
            loss_sum += loss * batch.tokens
            seen += batch.tokens
            due = self._step % plan.validate_every == 0
            if due or self._step % 100 == 0:
                before = self._best_loss
                losses = self._validate(validation) if due else {}
                without_improvement = without_improvement + due if self._best_loss >= before else 0
                now = self._clock()
                self._report(
                    Progress(
                        step=self._step,
                        tokens=self._tokens,
                        loss=loss_sum / seen,
                        tokens_per_second=seen / (now - reported),
                        minutes=minutes,
                        validation=losses,
                    )
                )
                reported, loss_sum, seen = self._clock(), 0.0, 0
            if without_improvement >= plan.patience:
                return "validation no longer improves"
            if self._clock() - saved > 60 * plan.save_every_minutes:
                self._save(self._last, self._optimiser.state())
                saved = self._clock()
        raise AssertionError("batches are endless")

    def _update(self, batch: Batch, table: Tensor | None, scale: float) -> tuple[float, float]:
        """One step; the mean loss a token, and the gradient's norm."""
        self.model.train()
        source, given, expected = self._tensors(batch)
        hidden, attentions = self.model(source, given)
        real = expected != PAD
        loss = tied_cross_entropy(
            hidden[real], self.model.embedding.weight, expected[real], self._plan.smoothing
        ) / int(real.sum())
        total = loss
        if table is not None and self._step < self._plan.guided:
            strength = _GUIDANCE * (1 - self._step / self._plan.guided) / len(attentions)
            for attention in attentions:
                total = total + strength * guidance_loss(table, source, expected, attention)
        self.model.zero_grad(set_to_none=True)
        total.backward()
        average = min(self._plan.averaging, 1 - 1 / (1 + self._step / 10))
        norm = self._optimiser.step(self._step + 1, scale, average)
        return float(loss.detach()), norm

    def measure(self, flat: Tensor, validation: Mapping[str, Dataset]) -> dict[str, float]:
        """Mean loss a target token of the weights `flat`, without smoothing, by name."""
        self._optimiser.publish(flat)
        self.model.eval()
        losses = {}
        with torch.no_grad():
            for name, data in validation.items():
                total, tokens = 0.0, 0
                for batch in in_order(data, tokens=self._plan.batch_tokens):
                    source, given, expected = self._tensors(batch)
                    hidden, _ = self.model(source, given)
                    real = expected != PAD
                    weight = self.model.embedding.weight
                    total += float(tied_cross_entropy(hidden[real], weight, expected[real], 0.0))
                    tokens += batch.tokens
                losses[name] = total / tokens
        self._optimiser.publish()
        return losses

    def _validate(self, validation: Mapping[str, Dataset]) -> dict[str, float]:
        """Losses of the averaged weights; the best ever are kept in best.pt."""
        losses = self.measure(self._optimiser.average, validation)
        mean = sum(losses.values()) / len(losses)
        if mean < self._best_loss:
            self._best_loss = mean
            self._save(self._best, {"ema": self._optimiser.average})
        return losses

    def _table(self, alignment: NDArray[np.float16] | None) -> Tensor | None:
        if alignment is None or self._step >= self._plan.guided:
            return None
        return torch.from_numpy(alignment).to(self._device.name)

    def _tensors(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        source, given, expected = (
            torch.from_numpy(ids).to(self._device.name)
            for ids in (batch.source, batch.decoder_input, batch.expected)
        )
        return source, given, expected

    def _save(self, path: Path, tensors: dict[str, Tensor]) -> None:
        save_checkpoint(
            path,
            Checkpoint(
                shape=self._plan.shape,
                vocabulary=self._vocabulary,
                step=self._step,
                tokens=self._tokens,
                best_loss=self._best_loss,
                tensors=tensors,
            ),
        )

    @staticmethod
    def _clock() -> float:
        return time.monotonic()
