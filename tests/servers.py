"""Starts the real service as its users do, and ends it by its own process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60
SERVE = ("-c", "from survey.cli import main; main()", "serve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running service; `group` is the number of the process group of all its processes."""

    host: str
    port: int
    group: int

    def kill(self) -> None:
        """`kill -9` to all of it at once: nothing is tidied up, as when the power fails."""
        os.killpg(self.group, signal.SIGKILL)

    def processor_seconds(self) -> float:
        """What all of it has used of the processors, by Linux's account (proc_pid_stat(5))."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                # The name of the program may hold anything, so the numbers begin after it.
                numbers = path.read_text().rpartition(")")[2].split()
                if int(numbers[2]) == self.group:
                    ticks += int(numbers[11]) + int(numbers[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The variables of a service of the tests; nothing of the developer's own gets in."""
    # Without PYTHONDONTWRITEBYTECODE too: a command would compile all it imports each time.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RAYAK_", "PYTHON"))}
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
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def started(env: Mapping[str, str], *program: str) -> Iterator[Service]:
    """A running service that its user may kill; what still runs of it ends with the block.

    :param program: arguments of Python that start a server on `--port`; ours when not given.
    """
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *(program or SERVE), "--port", str(port)],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    service = Service(host="127.0.0.1", port=port, group=process.pid)
    try:
        wait_for(f"http://{service.host}:{port}", process)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):
            service.kill()


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the service answers.

    :raise RuntimeError: when it ended, or took too long.
    """
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:  # noqa: S310 -- loopback
                if answer.status == 200:
                    return
        except OSError:
            # Refused, closed or not answered in time: the address is open before its worker is up.
            time.sleep(0.1)
    raise RuntimeError(f"the service did not answer within {SECONDS_TO_START} seconds")
