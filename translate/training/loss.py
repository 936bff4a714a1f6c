"""Label-smoothed cross entropy over a tied output projection, without ever keeping the logits."""

from typing import Any

import torch
from torch import Tensor

_ROWS, _ROWS_ACCELERATED = 512, 8_192
"""Positions at a time: 512 x 8,000 logits in float32 stay within a processor's cache; an
accelerator wants larger pieces of work."""


class TiedCrossEntropy(torch.autograd.Function):
    """Sum over positions of the smoothed cross entropy of `hidden @ weight.T` against `expected`.

    The gradient is computed together with the loss, a block of rows at a time: a batch of logits
    would be the largest tensor of a small model by far.
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, expected: Tensor, smoothing: float
    ) -> Tensor:
        """`hidden` (n, width), `weight` (vocabulary, width), `expected` (n) -> a scalar."""
        vocabulary = weight.shape[0]
        hidden_grad = torch.empty_like(hidden)
        weight_grad = torch.zeros(weight.shape, dtype=torch.float32, device=weight.device)
        total = torch.zeros((), device=weight.device)
        size = _ROWS if hidden.device.type == "cpu" else _ROWS_ACCELERATED
        for start in range(0, hidden.shape[0], size):
            rows = hidden[start : start + size]
            wanted = expected[start : start + size, None]
            logits = (rows @ weight.t()).float()
            mean, right = logits.mean(1), logits.gather(1, wanted).squeeze(1)
            top = logits.amax(1, keepdim=True)
            logits.sub_(top).exp_()
            mass = logits.sum(1, keepdim=True)
            log_mass = mass.log().add_(top).squeeze(1)
            total += (log_mass - (1 - smoothing) * right - smoothing * mean).sum()
            logits.div_(mass).sub_(smoothing / vocabulary)
            logits.scatter_add_(1, wanted, torch.full_like(right, smoothing - 1)[:, None])
            gradient = logits.to(hidden.dtype)
            hidden_grad[start : start + size] = gradient @ weight
            weight_grad += gradient.t() @ rows
        ctx.save_for_backward(hidden_grad, weight_grad.to(weight.dtype))
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        """Scale the gradients that `forward` left."""
        hidden_grad, weight_grad = ctx.saved_tensors
        return (
            hidden_grad * grads[0].to(hidden_grad),
            weight_grad * grads[0].to(weight_grad),
            None,
            None,
        )


def tied_cross_entropy(
    hidden: Tensor, weight: Tensor, expected: Tensor, smoothing: float
) -> Tensor:
    """See TiedCrossEntropy."""
    loss: Tensor = TiedCrossEntropy.apply(hidden, weight, expected, smoothing)
    return loss
