"""Starts the real service as its users do, and ends it by its own process id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The variables of a service of the tests; nothing of the developer's own gets in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RAYAK_")}
    return kept | {"RAYAK_DATA_DIR": str(data_dir), "RAYAK_TIME_ZONE": "Africa/Casablanca"} | more


def rayak(
    *arguments: str, env: Mapping[str, str], stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end; the caller looks at its exit code."""
    return subprocess.run(
        [sys.executable, "-c", "from survey.cli import main; main()", *arguments],
        cwd=ROOT,
        env=dict(env),
        input=stdin,
        capture_output=True,
        timeout=300,
        check=False,
    )


@contextmanager
def serving(env: Mapping[str, str]) -> Iterator[str]:
    """The address of a running service, which ends with the block."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from survey.cli import main; main()", "serve", "--port", str(port)],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:  # noqa: S310 -- loopback
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"the service did not answer within {SECONDS_TO_START} seconds")
