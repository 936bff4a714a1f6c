"""Where Rayak's own modules are, and whether they are those that Python finds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class WrongModules(RuntimeError):
    """Another distribution's package stands where one of ours should."""


def check_modules() -> None:
    """Stop when a distribution from the index has taken one of our generic names.

    :raise WrongModules: naming the folder that should be emptied of it.
    """
    for name in ("survey", "translate", "reports"):
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin).parent if spec and spec.origin else None
        if found != ROOT / name:
            raise WrongModules(
                f"The module {name} comes from {found}, not from Rayak: use an environment of "
                "its own (make install) without the distributions survey, translate and reports"
            )
