"""Where translated documents wait to be fetched: for half an hour, and within a bounded room."""

from __future__ import annotations

import re
import secrets
import threading
import time
from pathlib import Path, PurePath

from werkzeug.utils import secure_filename

from translate.errors import ShelfFull

# How long a translated document can be fetched; LibreTranslate's clients do so at once.
KEPT_SECONDS = 30 * 60
MEBIBYTE = 1024**2
_NAME = re.compile(r"[0-9a-f]{32}\.[A-Za-z0-9_.-]{1,150}")


class Shelf:
    """A folder of documents with unguessable names.

    Callers without a key fill one half of the room at most, so however much they send, whoever has
    a key finds the other half.
    """

    def __init__(self, folder: Path, room: int = 1024 * MEBIBYTE) -> None:
        """:param room: bytes of all documents together."""
        self._parts = {True: folder / "keys", False: folder / "anybody"}
        self._room = room
        self._lock = threading.Lock()

    def make_room(self, size: int, *, has_key: bool) -> None:
        """Throw away what is old and see whether there is place for so many bytes more.

        :raise ShelfFull: when there is none, with the seconds until there may be.
        """
        self.sweep()
        mine, others = (_files(self._parts[k]) for k in (has_key, not has_key))
        free = self._room - sum(mine.values()) - sum(others.values())
        if not has_key:
            free = min(free, self._room // 2 - sum(mine.values()))
        if size > free:
            oldest = min((p.stat().st_mtime for p in mine if p.exists()), default=time.time())
            raise ShelfFull(max(1, int(oldest + KEPT_SECONDS - time.time()) + 1))

    def keep(self, name: str, data: bytes, *, has_key: bool) -> str:
        """Store a document; gives the name under which it can be fetched.

        :param name: the name it is to be saved under.
        :raise ShelfFull: as `make_room` does.
        """
        stem, extension = PurePath(name).stem, PurePath(name).suffix
        safe = secure_filename(stem)[:80] or "document"
        stored = f"{secrets.token_hex(16)}.{safe}{extension}"
        with self._lock:
            self.make_room(len(data), has_key=has_key)
            self._parts[has_key].mkdir(parents=True, exist_ok=True)
            (self._parts[has_key] / stored).write_bytes(data)
        return stored

    def find(self, name: str) -> Path | None:
        """The document of this name, unless there is none or its time is over."""
        if not _NAME.fullmatch(name):
            return None
        found = (part / name for part in self._parts.values())
        return next((p for p in found if p.is_file() and not _is_old(p)), None)

    def sweep(self) -> None:
        """Throw away every document whose time is over."""
        for part in self._parts.values():
            for path in _files(part):
                if _is_old(path):
                    path.unlink(missing_ok=True)


def _files(folder: Path) -> dict[Path, int]:
    """The documents of a folder with their bytes."""
    found: dict[Path, int] = {}
    for path in folder.iterdir() if folder.exists() else ():
        try:
            found[path] = path.stat().st_size
        except FileNotFoundError:
            continue
    return found


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - KEPT_SECONDS
    except FileNotFoundError:
        return False
