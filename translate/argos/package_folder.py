"""One installed package: its folder, what it says of itself, and whether it is still whole."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from translate.argos import archive
from translate.argos.package_fault import Fault, Finding
from translate.errors import BadPackage

# Our own note in each package's folder: digest of the file it came from and of every part.
RECORD = "rayak.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An installed package. `checksum` is the SHA-256 of the `.argosmodel` file it came from.

    Of a package that was put there by hand it is the digest of its parts. `size` is in bytes.
    """

    from_code: str
    from_name: str
    to_code: str
    to_name: str
    version: str
    checksum: str
    path: Path
    size: int
    target_prefix: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """The codes of the languages it translates from and to."""
        return self.from_code, self.to_code

    @property
    def name(self) -> str:
        """The name in answers and reports: `argos en-fr`."""
        return f"argos {self.from_code}-{self.to_code}"

    @property
    def label(self) -> str:
        """The name for a list: `en -> fr  English to French  0.1 (starter)`."""
        kind = " (starter: not to be relied on)" if self.is_starter else ""
        names = f"{self.from_name} to {self.to_name}"
        return f"{self.from_code} -> {self.to_code}  {names}  {self.version}{kind}"

    @property
    def is_starter(self) -> bool:
        """A small package of our own for trying out, whose text is not to be relied on."""
        return self.version == "0" or self.version.startswith("0.")

    @property
    def readme(self) -> str:
        """The package's README.md, which tells its licence; empty when it has none."""
        with contextlib.suppress(OSError):
            return (self.path / "README.md").read_text(encoding="utf-8", errors="replace")
        return ""


def digest(path: Path) -> str:
    """SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare: `1.10` is newer than `1.9`."""
    return tuple(int(part) for part in version.split("."))


def folders(folder: Path) -> list[Path]:
    """The folders that ought to be packages; none when the folder itself is missing."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    return []


def stamp(folder: Path) -> list[tuple[str, int]]:
    """A value that changes whenever a package comes or goes."""
    found = []
    for path in folders(folder):
        # One that goes away between listing and asking is gone.
        with contextlib.suppress(FileNotFoundError):
            found.append((path.name, path.stat().st_mtime_ns))
    return found


def read_all(folder: Path) -> tuple[list[Package], list[Finding]]:
    """Every usable package of a folder, and what is wrong with each that is not usable."""
    found: list[Package] = []
    wrong: list[Finding] = []
    for path in folders(folder):
        try:
            found.append(read(path))
        except BadPackage as error:
            wrong.append(replace(error.finding, place=path.name))
        except OSError as error:
            reason = error.strerror or str(error)
            wrong.append(replace(Finding.of(Fault.UNREADABLE, reason), place=path.name))
    return found, wrong


def read(path: Path) -> Package:
    """The package in a folder.

    :raise BadPackage: when it lacks a part or its metadata is wrong.
    """
    parts = _parts(path)
    missing = archive.missing_parts(set(parts))
    if missing:
        raise BadPackage(Finding.of(Fault.LACKS, files=", ".join(missing)))
    metadata = archive.read_metadata((path / "metadata.json").read_bytes())
    recorded = _recorded(path)
    checksum = recorded.get("sha256") or _digest_of_parts({n: digest(path / n) for n in parts})
    return Package(
        from_code=metadata.from_code,
        from_name=metadata.from_name,
        to_code=metadata.to_code,
        to_name=metadata.to_name,
        version=metadata.version,
        checksum=str(checksum),
        path=path,
        size=sum((path / n).stat().st_size for n in parts),
        target_prefix=metadata.target_prefix,
    )


def problems(package: Package) -> Iterator[Finding]:
    """What differs from the record of its installation."""
    recorded = _recorded(package.path).get("files")
    if not isinstance(recorded, dict):
        yield Finding.of(Fault.NO_RECORD)
        return
    parts = _parts(package.path)
    for name in sorted(recorded.keys() - set(parts)):
        yield Finding.of(Fault.MISSING, file=name)
    for name in sorted(set(parts) - recorded.keys()):
        yield Finding.of(Fault.ADDED, file=name)
    for name in sorted(recorded.keys() & set(parts)):
        if digest(package.path / name) != recorded[name]:
            yield Finding.of(Fault.CHANGED, file=name)


def record(folder: Path, checksum: str, file_name: str) -> None:
    """Note the digests of a package that is being installed, safely on the disk."""
    parts = {name: digest(folder / name) for name in _parts(folder)}
    note = {"sha256": checksum, "file": file_name, "files": parts}
    path = folder / RECORD
    with path.open("w", encoding="utf-8") as out:
        json.dump(note, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())


def _recorded(folder: Path) -> dict[str, object]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((folder / RECORD).read_bytes())
        if isinstance(found, dict):
            return found
    return {}


def _parts(folder: Path) -> list[str]:
    """The files of a package by their names relative to its folder, ours left out."""
    files = (p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    return sorted(n for p in files if (n := p.relative_to(folder).as_posix()) != RECORD)


def _digest_of_parts(parts: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
