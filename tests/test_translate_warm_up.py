"""A service that is stopped while its models load ends in order."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.servers import ROOT, SERVE, environment, free_port, wait_for
from translate.service import TranslationService
from translate.warm_up import WarmUp

STARTS = 2


@pytest.fixture(scope="module")
def env(set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A site with models to load."""
    return environment(shutil.copytree(set_up, tmp_path_factory.mktemp("warm") / "data"))


def is_ready(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/ready", timeout=200).close()  # noqa: S310 -- loopback
    except urllib.error.HTTPError as error:
        error.close()
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_service_stopped_during_its_warm_up_ends_without_an_abort(
    env: dict[str, str], how: signal.Signals
) -> None:
    """CTranslate2 calls abort() when a process ends while a translator is being made."""
    were_warming = starts = 0
    # Again where the models were quicker than the signal.
    while starts < STARTS or not were_warming:
        starts += 1
        port = free_port()
        command = [sys.executable, *SERVE, "--port", str(port)]
        with subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            try:
                wait_for(f"http://127.0.0.1:{port}", process)
                were_warming += not is_ready(f"http://127.0.0.1:{port}")
                process.send_signal(how)
                said = process.communicate()[1].decode()
            except BaseException:
                # Leaving the block waits for the end, which then nobody asked for.
                process.kill()
                raise
        assert process.returncode == 0
        assert "terminate called" not in said
        assert "SIGABRT" not in said


def test_the_warm_up_begins_once(service: TranslationService) -> None:
    """A thread that a second call had put out of sight would be cut off at birth by `stop`."""

    def threads() -> list[threading.Thread]:
        return [t for t in threading.enumerate() if t.name == "warm-up"]

    warm_up = WarmUp(service.engine)
    warm_up.start()
    warm_up.start()
    assert len(threads()) <= 1
    warm_up.stop()
    assert threads() == []
    warm_up.start()
    assert not warm_up.is_running
