"""Our three generic module names are ours in this environment, and nothing unwanted is loaded."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from survey.settings import Settings

pytestmark = pytest.mark.slow

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


def test_the_settings_for_a_server_are_settings() -> None:
    """A variable that changes its name does not stay behind in the example."""
    lines = shlex.split((ROOT / "deploy" / "rayak.env").read_text(), comments=True)
    environ = dict(line.split("=", 1) for line in lines) | {"RAYAK_SECRET_KEY": "x" * 40}
    settings = Settings.from_env(environ)
    assert settings.data_dir == Path("/var/lib/rayak")
    assert settings.organisation_in("ar") == environ["RAYAK_ORGANISATION_AR"]


def test_the_server_in_front_keeps_no_address_of_a_visitor() -> None:
    """No log of visits, and no level of errors at which nginx names who asked."""
    servers = (ROOT / "deploy" / "nginx.conf").read_text().split("server {")[1:]
    assert len(servers) == 2
    for server in servers:
        directives = [line.strip() for line in server.splitlines()]
        assert [d for d in directives if d.startswith("access_log")] == ["access_log off;"]
        [errors] = [d for d in directives if d.startswith("error_log")]
        assert errors.endswith(" emerg;")


def test_the_command_for_a_server_hands_settings_and_arguments_on(tmp_path: Path) -> None:
    """As root would call it, with programs in the place of the account's and the service's."""
    settings, log = tmp_path / "rayak.env", tmp_path / "log"
    settings.write_text('RAYAK_ORGANISATION="Two words"\n')
    runuser = tmp_path / "runuser"
    runuser.write_text(f'#!/bin/sh\nprintf "%s|" "$RAYAK_ORGANISATION" "$@" > {log}\n')
    runuser.chmod(0o755)
    script = (ROOT / "deploy" / "rayak").read_text().replace("/etc/rayak.env", str(settings))
    subprocess.run(
        ["sh", "-c", script, "rayak", "translate", "a file"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=True,
    )
    assert log.read_text() == "Two words|-u|rayak|--|/opt/rayak/.venv/bin/rayak|translate|a file|"


def test_the_container_recipe_has_all_that_serves_and_runs_without_root() -> None:
    """What it copies is there, each of our modules is copied, and no registry is named."""
    recipe = (ROOT / "deploy" / "Containerfile").read_text().replace("\\\n", " ")
    steps = [line.split() for line in recipe.splitlines() if line and line[0] not in "# "]
    copied = {source for step in steps if step[0] == "COPY" for source in step[1:-1]}
    assert copied >= {*NAMES, "templates", "requirements/runtime.txt"}
    assert [path for path in copied if not (ROOT / path).exists()] == []
    images = [step[1] for step in steps if step[0] == "FROM"]
    assert [image for image in images if "/" in image] == []
    names = [step[0] for step in steps]
    assert names.index("USER") < names.index("CMD")
    assert ["VOLUME", "/var/lib/rayak"] in steps
    assert "RAYAK_DATA_DIR=/var/lib/rayak" in recipe
