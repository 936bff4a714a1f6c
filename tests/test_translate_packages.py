"""Packages are taken whole or not at all, and nothing is written outside their folder."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.package_files import PARTS, write
from translate.argos import packages
from translate.argos.catalogue import Catalogue
from translate.argos.package_folder import digest
from translate.errors import (
    UnknownLanguage,
    UnknownPackage,
    UnsupportedPair,
)


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
