"""The installed Argos packages: one folder each, replaced and removed as a whole."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import replace
from pathlib import Path

from translate.argos import archive
from translate.argos.archive import Metadata
from translate.argos.package_fault import Fault, Finding
from translate.argos.package_folder import (
    Package,
    digest,
    problems,
    read,
    read_all,
    record,
    version_key,
)
from translate.errors import BadPackage, PackageError, UnknownPackage


def inspect(file: Path) -> Metadata:
    """What an `.argosmodel` file says it is; nothing is installed.

    :raise BadPackage: when it is no sound package.
    """
    return archive.contents(file)[0]


def installed(folder: Path) -> list[Package]:
    """The usable packages, newest version of each pair, by codes. Broken ones are left out."""
    newest: dict[tuple[str, str], Package] = {}
    for package in sorted(read_all(folder)[0], key=lambda p: version_key(p.version)):
        newest[package.pair] = package
    return [newest[pair] for pair in sorted(newest)]


def broken(folder: Path) -> list[Finding]:
    """What is wrong with each folder that is no usable package."""
    return read_all(folder)[1]


def install(file: Path, folder: Path, *, expected: str = "") -> Package:
    """Install an `.argosmodel` file in the place of any package of the same pair.

    The old package stays usable until the new one is complete on the disk.

    :param expected: SHA-256 the file must have; not checked when empty.
    :raise PackageError: for a file that is no sound package; nothing is changed then.
    """
    incoming = folder / f".incoming-{secrets.token_hex(8)}"
    try:
        metadata, entries = archive.contents(file)
        checksum = digest(file)
        if expected and checksum != expected.lower():
            raise BadPackage(Finding.of(Fault.CHECKSUM, found=checksum, expected=expected))
        folder.mkdir(parents=True, exist_ok=True)
        archive.extract(file, entries, incoming)
        record(incoming, checksum, file.name)
        target = _put_in_place(metadata, incoming, folder)
        return read(target)
    except BadPackage as error:
        raise BadPackage(error.finding, file=file.name) from error
    except OSError as error:
        reason = error.strerror or error
        raise PackageError(f"{file.name} cannot be installed in {folder}: {reason}") from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def install_starters(shipped: Path, folder: Path) -> list[Package]:
    """Install each shipped package whose pair has none, or an older starter; no full one gives way.

    :return: what was installed.
    :raise PackageError: for a file that is no sound package.
    """
    have = {p.pair: p for p in installed(folder)}
    done = []
    for file in sorted(shipped.glob("*.argosmodel")):
        metadata = inspect(file)
        old = have.get(metadata.pair)
        newer = old and version_key(metadata.version) > version_key(old.version)
        if old is None or (old.is_starter and newer):
            done.append(install(file, folder))
            have[metadata.pair] = done[-1]
    return done


def remove(folder: Path, from_code: str, to_code: str) -> list[Package]:
    """Remove every version of a pair.

    :raise UnknownPackage: when there is none.
    """
    doomed = [p for p in read_all(folder)[0] if p.pair == (from_code, to_code)]
    if not doomed:
        raise UnknownPackage(f"No package translates {from_code} into {to_code}")
    for package in doomed:
        _discard(package.path)
    return doomed


def verify(package: Package) -> list[Finding]:
    """Read every file again and compare it with the record of its installation.

    :return: each difference; empty when all is well.
    """
    return [replace(found, place=package.path.name) for found in problems(package)]


def _put_in_place(metadata: Metadata, incoming: Path, folder: Path) -> Path:
    version = metadata.version.replace(".", "_")
    target = folder / f"translate-{metadata.from_code}_{metadata.to_code}-{version}"
    old = [p.path for p in read_all(folder)[0] if p.pair == metadata.pair]
    if target.exists():
        _discard(target)
    incoming.rename(target)
    for path in old:
        if path != target:
            _discard(path)
    return target


def _discard(path: Path) -> None:
    """Take a folder out of sight at once, then delete it."""
    gone = path.with_name(f".gone-{secrets.token_hex(8)}")
    path.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)
