"""Packages are taken whole or not at all, and nothing is written outside their folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.package_files import PARTS, write
from translate import archive, packages
from translate.catalogue import Catalogue
from translate.errors import (
    BadPackage,
    PackageError,
    UnknownLanguage,
    UnknownPackage,
    UnsupportedPair,
)
from translate.package_folder import digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packages"


def test_a_sound_package_is_installed_listed_and_verified(tmp_path: Path, folder: Path) -> None:
    file = write(tmp_path / "en_fr.argosmodel", PARTS)

    installed = packages.install(file, folder)

    assert packages.installed(folder) == [installed]
    assert installed.pair == ("en", "fr")
    assert installed.checksum == digest(file)
    assert packages.verify(installed) == []
    assert not installed.is_starter
    assert [p.name for p in folder.iterdir()] == ["translate-en_fr-1_0"]


@pytest.mark.parametrize(
    ("version", "starter"), [("0.1", True), ("0", True), ("1.0", False), ("10.2", False)]
)
def test_a_version_below_one_is_a_starter(
    tmp_path: Path, folder: Path, version: str, starter: bool
) -> None:
    file = write(tmp_path / "x.argosmodel", PARTS, package_version=version)

    package = packages.install(file, folder)

    assert package.is_starter is starter
    assert ("starter" in package.label) is starter


def test_a_newer_version_takes_the_place_of_an_older(tmp_path: Path, folder: Path) -> None:
    packages.install(write(tmp_path / "a", PARTS, package_version="1.9"), folder)

    packages.install(write(tmp_path / "b", PARTS, package_version="1.10"), folder)

    assert [p.version for p in packages.installed(folder)] == ["1.10"]
    assert [p.name for p in folder.iterdir()] == ["translate-en_fr-1_10"]


def test_a_changed_missing_or_added_file_is_found(tmp_path: Path, folder: Path) -> None:
    package = packages.install(write(tmp_path / "a", PARTS), folder)
    (package.path / "model" / "model.bin").write_bytes(b"other")
    (package.path / "extra").write_bytes(b"")
    (package.path / "sentencepiece.model").rename(package.path / "bpe.model")

    problems = "\n".join(map(str, packages.verify(package)))

    assert "model/model.bin was changed" in problems
    assert "extra was added" in problems
    assert "sentencepiece.model is missing" in problems


def test_removing_a_pair_removes_its_folder(tmp_path: Path, folder: Path) -> None:
    packages.install(write(tmp_path / "a", PARTS), folder)

    packages.remove(folder, "en", "fr")

    assert packages.installed(folder) == []
    assert list(folder.iterdir()) == []
    with pytest.raises(UnknownPackage, match="en into fr"):
        packages.remove(folder, "en", "fr")


def test_a_shipped_starter_takes_the_place_of_an_older_starter_only(
    tmp_path: Path, folder: Path
) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    write(shipped / "a.argosmodel", PARTS, package_version="0.3")

    def versions(*present: str) -> list[str]:
        for version in present:
            packages.install(write(tmp_path / "x", PARTS, package_version=version), folder)
        packages.install_starters(shipped, folder)
        return [p.version for p in packages.installed(folder)]

    assert versions() == ["0.3"]
    assert packages.install_starters(shipped, folder) == []
    assert versions("0.2") == ["0.3"]
    assert versions("0.4") == ["0.4"]
    assert versions("1.0") == ["1.0"]


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


def test_a_broken_folder_is_reported_and_hides_no_other(tmp_path: Path, folder: Path) -> None:
    good = packages.install(write(tmp_path / "a", PARTS), folder)
    (folder / "half").mkdir()

    assert packages.installed(folder) == [good]
    assert [found.place for found in packages.broken(folder)] == ["half"]


def test_a_package_put_there_by_hand_is_usable_but_cannot_be_verified(
    tmp_path: Path, folder: Path
) -> None:
    with zipfile.ZipFile(write(tmp_path / "a", PARTS)) as file:
        file.extractall(folder)

    (package,) = packages.installed(folder)

    assert len(package.checksum) == 64
    assert "not installed by Rayak" in str(packages.verify(package)[0])


def test_routes_are_direct_or_through_english_or_refused(tmp_path: Path, folder: Path) -> None:
    for source, target in [("en", "fr"), ("fr", "en"), ("en", "ar"), ("ar", "fr")]:
        file = tmp_path / f"{source}_{target}"
        packages.install(write(file, PARTS, from_code=source, to_code=target), folder)
    catalogue = Catalogue(folder)

    def route(source: str, target: str) -> list[tuple[str, str]]:
        return [p.pair for p in catalogue.route(source, target)]

    assert route("en", "fr") == [("en", "fr")]
    assert route("fr", "ar") == [("fr", "en"), ("en", "ar")]
    with pytest.raises(UnsupportedPair, match=r"English \(en\) .* Arabic \(ar\)"):
        catalogue.route("ar", "en")
    with pytest.raises(UnknownLanguage, match="zz is not supported"):
        catalogue.route("zz", "en")
    assert {x.code: x.targets for x in catalogue.languages()} == {
        "ar": ("ar", "fr"),
        "en": ("ar", "en", "fr"),
        "fr": ("ar", "en", "fr"),
    }


def test_what_is_installed_while_the_service_runs_is_seen_at_once(
    tmp_path: Path, folder: Path
) -> None:
    catalogue = Catalogue(folder)
    assert catalogue.languages() == []

    packages.install(write(tmp_path / "a", PARTS), folder)
    assert set(catalogue.packages()) == {("en", "fr")}

    packages.remove(folder, "en", "fr")
    assert catalogue.packages() == {}
