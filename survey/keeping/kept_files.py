"""The files of kept reports: each is there whole or not at all, also when the disk is full."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

FORMATS = ("pdf", "xlsx", "csv", "json", "svg")
LETTER = "letter.txt"


class NotWritten(RuntimeError):
    """A file could not be written; the message says which and why. What was there is intact."""


class MissingFile(LookupError):
    """A file of a kept report is not in its folder any more."""


def folder_of(root: Path, cadence: str, first: date, last: date, question: str) -> Path:
    """Where a report's files are: one folder for each week and month, and each chosen question."""
    return root / cadence / "_".join(filter(None, [str(first), str(last), question[:16]]))


def file_name(first: date, last: date, language: str, kind: str) -> str:
    """What a file is called, there and for whoever downloads it."""
    return f"satisfaction-{first}-{last}.{language}.{kind}"


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their names, each in one step and onto the disk itself.

    :raise NotWritten: when one cannot be written; earlier files of that name stay as they were.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotWritten(f"{folder}: {error.strerror or error}") from error
    for name, content in files.items():
        try:
            _write(folder / name, content)
        except OSError as error:
            raise NotWritten(
                f"{folder / name} could not be written: {error.strerror or error}. "
                "Make room; it is tried again."
            ) from error
    _settle(folder)


def read_file(folder: Path, name: str) -> bytes:
    """:raise MissingFile: when somebody took it away."""
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise MissingFile(f"{folder / name}: {error.strerror or error}") from error


def _write(target: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """Put the names themselves onto the disk: a new name is not there before its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
