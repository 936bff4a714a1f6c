"""Starts the real service as its users do, and ends it by its own process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parent.parent
# Some hundred times what a calm machine needs: it only guards against a hang.
SECONDS_TO_START = 200
RAYAK = ("-c", "from survey.cli import main; main()")
SERVE = (*RAYAK, "serve")


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
        [sys.executable, *RAYAK, *arguments],
        cwd=ROOT,
        env=dict(env),
        input=stdin,
        capture_output=True,
        timeout=300,
        check=False,
    )


@contextmanager
def serving(env: Mapping[str, str], log: BinaryIO | None = None) -> Iterator[str]:
    """The address of a running service, which ends with the block; `log` gets what it logs."""
    port = free_port()
    with _running(env, SERVE, port, stderr=log):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def started(env: Mapping[str, str], *program: str) -> Iterator[Service]:
    """A running service that its user may kill; what still runs of it ends with the block.

    :param program: arguments of Python that start a server on `--port`; ours when not given.
    """
    port = free_port()
    options = {"stdout": subprocess.DEVNULL, "start_new_session": True}
    with _running(env, program or SERVE, port, **options) as process:
        service = Service(host="127.0.0.1", port=port, group=process.pid)
        try:
            yield service
        finally:
            process.terminate()
            _wait(process)
            with suppress(ProcessLookupError):
                service.kill()


@contextmanager
def _running(
    env: Mapping[str, str], program: Sequence[str], port: int, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that answers on the port; it ends with the block."""
    command = [sys.executable, *program, "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, **options
    )
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
        yield process
    finally:
        process.terminate()
        _wait(process)


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of what was told to end; what does not listen is killed."""
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; what never becomes so ends with the test's own timeout."""
    while not is_so():
        time.sleep(0.05)


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
