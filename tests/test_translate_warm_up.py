"""A service that is stopped while its models load ends in order."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.servers import ROOT, SERVE, environment, free_port, rayak, wait_for

STARTS = 2


def is_ready(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/ready", timeout=5).close()  # noqa: S310 -- loopback
    except urllib.error.HTTPError as error:
        error.close()
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_service_stopped_during_its_warm_up_ends_without_an_abort(
    tmp_path: Path, how: signal.Signals
) -> None:
    """CTranslate2 calls abort() when a process ends while a translator is being made."""
    env = environment(tmp_path)
    assert rayak("setup", env=env).returncode == 0
    were_warming = 0
    for _ in range(STARTS):
        port = free_port()
        command = [sys.executable, *SERVE, "--port", str(port)]
        with subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            wait_for(f"http://127.0.0.1:{port}", process)
            were_warming += not is_ready(f"http://127.0.0.1:{port}")
            process.send_signal(how)
            said = process.communicate(timeout=30)[1].decode()
        assert process.returncode == 0
        assert "terminate called" not in said
        assert "SIGABRT" not in said
    assert were_warming
