"""Our three generic module names are ours in this environment, and nothing unwanted is loaded."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("survey", "translate", "reports")


@pytest.mark.parametrize("name", NAMES)
def test_nobody_else_provides_our_modules(name: str) -> None:
    """The locked install has no other distribution with one of the names."""
    assert set(packages_distributions().get(name, ["rayak"])) == {"rayak"}
    module = importlib.import_module(name)
    assert Path(str(module.__file__)).parent == ROOT / name


def test_the_lock_has_hashes_and_no_index_address() -> None:
    """Every requirement is pinned with hashes; where it comes from is the operator's choice."""
    for lock in ("runtime.txt", "dev.txt"):
        text = (ROOT / "requirements" / lock).read_text()
        pins = re.findall(r"^[a-z0-9][^\s=]*(==\S+)?", text, re.MULTILINE)
        assert len(pins) > 20
        assert all(pins)
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text


def test_the_service_loads_neither_agpl_code_nor_a_training_library() -> None:
    """argostranslate's sentence splitter and its runtime stay out of the process."""
    check = (
        "import sys, survey.app; "
        "bad = {'minisbd', 'onnxruntime', 'stanza', 'torch', 'spacy'} & set(sys.modules); "
        "sys.exit(' '.join(sorted(bad)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_pyplot_and_its_global_state_are_not_loaded() -> None:
    """Charts are made by threads: only Figure objects are used."""
    check = "import sys, survey.app; sys.exit('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
