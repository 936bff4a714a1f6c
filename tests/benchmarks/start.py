"""How long a fresh data folder takes to set up, and the service to answer."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.servers import environment, rayak, serving


def run(say: Callable[[str], None]) -> None:
    """Set up, set up again, start."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder))
        times = []
        for _ in range(2):
            begin = time.perf_counter()
            done = rayak("setup", env=env)
            times.append(time.perf_counter() - begin)
            assert done.returncode == 0, done.stderr.decode()
        begin = time.perf_counter()
        with serving(env):
            times.append(time.perf_counter() - begin)
    say("\n## Start\n\n| what | seconds |\n|---|---|")
    labels = (
        "`rayak setup`, fresh (articles, packages, translations)",
        "`rayak setup` again",
        "`/health` after start",
    )
    for label, seconds in zip(labels, times, strict=True):
        say(f"| {label} | {seconds:.1f} |")
