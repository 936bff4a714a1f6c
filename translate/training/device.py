"""Where training runs, and in which precision: an accelerator if there is one, or the processor."""

import time
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """`name` as PyTorch spells it, and the precision of the model's own copy of the weights."""

    name: str
    precision: torch.dtype


def choose_device(threads: int | None = None) -> Device:
    """The accelerator in bfloat16; else the processor in whichever precision multiplies faster."""
    if threads is not None:
        torch.set_num_threads(threads)
    if torch.cuda.is_available():
        return Device(name="cuda", precision=torch.bfloat16)
    faster = min((torch.float32, torch.bfloat16), key=_seconds)
    return Device(name="cpu", precision=faster)


def _seconds(precision: torch.dtype) -> float:
    """Best of three runs: bfloat16 is fast on some processors and emulated on others."""
    left = torch.ones(2_048, 256, dtype=precision)
    right = torch.ones(256, 1_024, dtype=precision)
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(4):
            left @ right
        best = min(best, time.perf_counter() - began)
    return best
