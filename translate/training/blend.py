"""Weights between those of a start package and what was learned from there: it forgets less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from .dataset import Dataset
from .trainer import Trainer

SHARES = (0.25, 0.5, 0.75, 1.0)
_MOST = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """`share` of the way from old to new; the losses are means over the validation sets."""

    weights: Tensor
    share: float
    loss_before: float
    loss_after: float


def blend(trainer: Trainer, old: Tensor, new: Tensor, validation: Mapping[str, Dataset]) -> Blend:
    """The smallest share of the way from `old` to `new` that has most of what was gained.

    Where nothing was, all stays old. Nothing but the validation sets decides.
    """
    losses = []
    for share in (0.0, *SHARES):
        found = trainer.measure(old.lerp(new, share), validation)
        losses.append(sum(found.values()) / len(found))
    share, after = least_share(losses)
    return Blend(weights=old.lerp(new, share), share=share, loss_before=losses[0], loss_after=after)


def least_share(losses: Sequence[float]) -> tuple[float, float]:
    """The smallest share of the new weights that has most of the gain, and its loss.

    `losses` are of share 0, then of each of `SHARES`. Weights between the old and the new forget
    much less of the old than they lose of the new.
    """
    gain = losses[0] - min(losses)
    for share, loss in zip((0.0, *SHARES), losses, strict=True):
        if losses[0] - loss >= _MOST * gain:
            return share, loss
    raise AssertionError("the best of them has all of the gain")
