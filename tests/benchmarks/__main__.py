"""Runs every benchmark, or those that are named, and prints their tables."""

from __future__ import annotations

import importlib
import sys

BENCHMARKS = ("start", "translation", "detection", "soak", "answers", "load", "reports")


def main() -> None:
    """Print one Markdown table a benchmark."""
    wanted = sys.argv[1:] or BENCHMARKS
    for name in wanted:
        if name not in BENCHMARKS:
            sys.exit(f"{name} is no benchmark; there are: {', '.join(BENCHMARKS)}")
        importlib.import_module(f"tests.benchmarks.{name}").run(print)


main()
