"""A package file is taken whole or refused, and nothing of it lands outside its folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.package_files import PARTS, write
from translate.argos import archive, packages
from translate.argos.package_folder import digest
from translate.errors import (
    BadPackage,
    PackageError,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packages"


def without(name: str) -> Callable[[Path], Path]:
    return lambda path: write(path, {n: d for n, d in PARTS.items() if n != name})


def with_part(name: str, data: bytes = b"x") -> Callable[[Path], Path]:
    return lambda path: write(path, {**PARTS, name: data})


def with_metadata(**fields: object) -> Callable[[Path], Path]:
    return lambda path: write(path, PARTS, **fields)


def not_a_zip(path: Path) -> Path:
    path.write_bytes(b"PK\3\4 and then nothing of the sort")
    return path


def cut_off(path: Path) -> Path:
    path.write_bytes(write(path, PARTS).read_bytes()[:-40])
    return path


def damaged(path: Path) -> Path:
    data = bytearray(write(path, PARTS).read_bytes())
    at = data.find(b"model.bin") + len(b"model.bin") + 3
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    return path


def with_link(path: Path) -> Path:
    write(path, PARTS)
    with zipfile.ZipFile(path, "a") as file:
        link = zipfile.ZipInfo("p/model/link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    return path


def declared_bomb(path: Path) -> Path:
    return write(path, {**PARTS, "p/model/model.bin": bytes(8_000_000)})


def lying_bomb(path: Path) -> Path:
    """Says that a file holds 10 bytes where it holds a million."""
    big = io.BytesIO()
    with zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in PARTS.items():
            file.writestr(name, data if name != "p/model/model.bin" else b"x" * 1_000_000)
    data = bytearray(big.getvalue())
    size = (1_000_000).to_bytes(4, "little")
    while size in data:
        at = data.find(size)
        data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    return path


BAD = {
    "not a zip": not_a_zip,
    "cut off": cut_off,
    "damaged": damaged,
    "no metadata": without("p/metadata.json"),
    "no model": without("p/model/model.bin"),
    "no vocabulary": without("p/model/shared_vocabulary.json"),
    "no tokenizer": without("p/sentencepiece.model"),
    "parent path": with_part("p/../../evil"),
    "absolute path": with_part("/evil"),
    "backslashes": with_part("p\\..\\evil"),
    "drive letter": with_part("C:/evil"),
    "file outside the folder": with_part("evil"),
    "two folders": with_part("q/evil"),
    "same name in capitals": with_part("p/Metadata.json"),
    "link": with_link,
    "declared bomb": declared_bomb,
    "lying bomb": lying_bomb,
    "metadata is a list": with_part("p/metadata.json", b"[]"),
    "metadata is no JSON": with_part("p/metadata.json", b"{"),
    "metadata nests deeply": with_part("p/metadata.json", b"[" * 100_000),
    "language is a path": with_metadata(from_code="../../etc"),
    "language is a number": with_metadata(to_code=5),
    "into itself": with_metadata(to_code="en"),
    "version is words": with_metadata(package_version="latest"),
    "version is a path": with_metadata(package_version="1/../../x"),
    "another type": with_metadata(type="sbd"),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD.keys())
def test_an_unsound_file_is_refused_and_changes_nothing(
    tmp_path: Path, folder: Path, make: Callable[[Path], Path]
) -> None:
    """The message names the file, the old package stays, and no file appears anywhere."""
    good = packages.install(write(tmp_path / "good", PARTS), folder)
    before = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*"))
    bad = make(tmp_path / "bad.argosmodel")

    with pytest.raises(BadPackage, match=r"bad\.argosmodel cannot be installed: ") as error:
        packages.install(bad, folder)

    assert len(str(error.value)) < 400
    bad.unlink()
    assert sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*")) == before
    assert packages.installed(folder) == [good]
    assert packages.verify(good) == []


def test_too_many_files_and_too_many_bytes_are_refused(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a", PARTS)
    monkeypatch.setattr(archive, "LARGEST_PACKAGE", 20)
    with pytest.raises(BadPackage, match="the limit is 20"):
        packages.install(file, folder)

    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with pytest.raises(BadPackage, match="it holds 4 files"):
        packages.install(file, folder)


def test_a_wrong_checksum_is_refused(tmp_path: Path, folder: Path) -> None:
    file = write(tmp_path / "a", PARTS)

    with pytest.raises(BadPackage, match="SHA-256"):
        packages.install(file, folder, expected="0" * 64)
    packages.install(file, folder, expected=digest(file).upper())


def test_a_missing_file_and_a_folder_that_cannot_be_made_are_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"nowhere\.argosmodel"):
        packages.install(tmp_path / "nowhere.argosmodel", tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PackageError, match="cannot be installed in"):
        packages.install(write(tmp_path / "a", PARTS), tmp_path / "file" / "packages")
