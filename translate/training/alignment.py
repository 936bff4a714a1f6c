"""A word alignment (IBM Model 1 with a position prior) that shows a new model where to look.

Without it a small model first learns to write fluent sentences that ignore the source; guided for
its first steps, it translates from the start.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .batches import Batch, collate
from .dataset import Dataset
from .vocabulary import EOS, PAD

_LONGEST = 30
_SHARPNESS = 4.0
"""How fast the prior falls with the distance of the relative positions."""
_UNSURE = 0.01


def learn_alignment(
    data: Dataset,
    vocabulary: int,
    *,
    sentences: int,
    seed: int,
    device: str = "cpu",
    rounds: int = 4,
) -> NDArray[np.float16]:
    """Table (vocabulary, vocabulary): how much target piece (row) speaks for source piece (column).

    Costs vocabulary² x 8 bytes on `device` while it runs: 0.5 GB for 8,000 pieces.
    """
    batches = list(_sample(data, sentences, seed))
    table = torch.ones(vocabulary * vocabulary, device=device)
    for turn in range(rounds):
        counts = torch.zeros(vocabulary * vocabulary, device=device)
        for batch in batches:
            source = torch.from_numpy(batch.source).to(device)
            target = torch.from_numpy(batch.expected).to(device)
            cell = target[:, :, None] * vocabulary + source[:, None, :]
            real = _words(target)[:, :, None] & _words(source)[:, None, :]
            share = table[cell] * real
            if turn:
                share = share * _near(target, source)
            share = share / (share.sum(-1, keepdim=True) + 1e-9)
            counts.index_add_(0, cell[real], share[real])
        square = counts.view(vocabulary, vocabulary)
        table = (square / (square.sum(0, keepdim=True) + 0.5)).reshape(-1)
    found: NDArray[np.float16] = table.view(vocabulary, vocabulary).half().cpu().numpy()
    return found


def guidance_loss(table: Tensor, source: Tensor, expected: Tensor, attention: Tensor) -> Tensor:
    """Mean over the aligned target positions of the cross entropy of `attention` with `table`.

    `attention` is (batch, target, source); ends of sentence look at ends of sentence.
    """
    with torch.no_grad():
        wanted = table[expected[:, :, None], source[:, None, :]].float() * _near(expected, source)
        end = (source == EOS)[:, None, :].float()
        wanted = torch.where((expected == EOS)[:, :, None], end, wanted * (1 - end))
        wanted = wanted * (source != PAD)[:, None, :]
        mass = wanted.sum(-1, keepdim=True)
        sure = (mass.squeeze(-1) > _UNSURE) & (expected != PAD)
        wanted = wanted / (mass + 1e-9)
    loss: Tensor = -(wanted * torch.log(attention + 1e-6)).sum(-1)[sure].mean()
    return loss


def pair_scores(
    data: Dataset, table: NDArray[np.float16], device: str = "cpu"
) -> NDArray[np.float32]:
    """For each pair the mean log of its target pieces' best translation: low for bad alignments."""
    known = torch.from_numpy(table).to(device)
    scores = np.zeros(len(data), np.float32)
    order = np.lexsort((data.source_lengths, data.target_lengths))
    for start in range(0, len(order), 2_000):
        chosen = order[start : start + 2_000]
        batch = collate([data.pair(int(i)) for i in chosen])
        source = torch.from_numpy(batch.source).to(device)
        target = torch.from_numpy(batch.expected).to(device)
        found = known[target[:, :, None], source[:, None, :]] * _words(source)[:, None, :]
        logs = torch.log(found.amax(-1).float() + 1e-4) * _words(target)
        scores[chosen] = (logs.sum(1).cpu().numpy()) / data.target_lengths[chosen]
    return scores


def _sample(data: Dataset, sentences: int, seed: int) -> list[Batch]:
    short = np.flatnonzero(
        (data.source_lengths <= _LONGEST)
        & (data.target_lengths <= _LONGEST + 4)
        & (data.weight > 0)
    )
    chance = data.weight[short] / data.weight[short].sum()
    drawn = np.unique(np.random.default_rng(seed).choice(short, sentences, p=chance))
    drawn = drawn[np.argsort(data.target_lengths[drawn], kind="stable")]
    return [
        collate([data.pair(int(i)) for i in drawn[start : start + 512]])
        for start in range(0, len(drawn), 512)
    ]


def _words(ids: Tensor) -> Tensor:
    return (ids != PAD) & (ids != EOS)


def _near(target: Tensor, source: Tensor) -> Tensor:
    """Prior (batch, target, source): near 1 where both stand at the same share of the sentence."""
    at_target = torch.arange(target.shape[1], device=target.device)[None, :, None]
    at_source = torch.arange(source.shape[1], device=source.device)[None, None, :]
    target_length = (target != PAD).sum(1)[:, None, None]
    source_length = (source != PAD).sum(1)[:, None, None]
    return torch.exp(-_SHARPNESS * (at_target / target_length - at_source / source_length).abs())
