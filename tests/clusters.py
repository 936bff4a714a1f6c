"""A throw-away PostgreSQL cluster that the tests start and end themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


class PostgresMissing(RuntimeError):
    """PostgreSQL's server programs are not on this machine."""


def server_programs() -> Path:
    """Folder of initdb and postgres.

    :raise PostgresMissing: saying what to install; the tests never pass by skipping PostgreSQL.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing("Install PostgreSQL's server: apt-get install postgresql")


@contextmanager
def cluster(*, durable: bool = False, data: Path | None = None) -> Iterator[str]:
    """A running cluster; gives the address of its database as a URL over a local socket.

    :param durable: each commit is on the disk before it is acknowledged, as PostgreSQL does by
        default; tests do without, for speed.
    :param data: where the databases are and stay, made when it is not there; None is a folder
        that goes with the cluster.
    """
    programs = server_programs()
    # Short, since a socket's path has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    user = _owner()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = data or folder / "data"
    if not data.exists():
        _make(programs, data, user)
    elif (data / "postmaster.pid").exists():
        # Whoever started it was killed before ending it.
        _run(programs / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop", user=user)
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=50"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _run(
        programs / "pg_ctl",
        "-D",
        data,
        "-l",
        folder / "log",
        "-o",
        options,
        "-w",
        "start",
        user=user,
    )
    try:
        yield f"postgresql://rayak@/postgres?host={quote(str(folder), safe='')}"
    finally:
        mode = "fast" if durable else "immediate"
        _run(programs / "pg_ctl", "-D", data, "-m", mode, "-w", "stop", user=user)
        shutil.rmtree(folder, ignore_errors=True)


def _make(programs: Path, data: Path, user: pwd.struct_passwd | None) -> None:
    data.mkdir(mode=0o700)
    if user is not None:
        os.chown(data, user.pw_uid, user.pw_gid)
    _run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "rayak",
        "-A",
        "trust",
        "-N",
        "-E",
        "UTF8",
        "--no-locale",
        user=user,
    )


def _owner() -> pwd.struct_passwd | None:
    """Who the server runs as: PostgreSQL refuses root, so then the account its package made."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _run(*command: object, user: pwd.struct_passwd | None) -> None:
    as_user = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid}
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/tmp"},  # noqa: S108 -- unused
        **as_user,
    )
