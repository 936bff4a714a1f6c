"""The bill of health tells of starters, pivots, missing pairs and licences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_translate_packages import PARTS, write
from translate import packages
from translate.health import licence, remarks
from translate.package_folder import Package


def installed(folder: Path, *pairs: tuple[str, str, str]) -> list[Package]:
    for source, target, version in pairs:
        file = write(folder / "x", PARTS, from_code=source, to_code=target, package_version=version)
        packages.install(file, folder / "packages")
    return packages.installed(folder / "packages")


def test_starters_pivots_and_missing_pairs_are_told(tmp_path: Path) -> None:
    found = installed(tmp_path, ("en", "fr", "0.1"), ("en", "ar", "1.0"), ("fr", "en", "1.0"))

    text = remarks(found, ("en", "fr", "ar"))

    assert [line.split(":")[0] for line in text] == [
        "en -> fr is a starter (0.1)",
        "fr -> ar goes by way of English",
        "ar -> en has no package",
        "ar -> fr has no package",
    ]


def test_a_complete_set_gives_no_remark(tmp_path: Path) -> None:
    found = installed(tmp_path, ("en", "fr", "1.0"), ("fr", "en", "1.0"))

    assert remarks(found, ("en", "fr")) == []


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        (b"# Model\n\n## License: CC-BY 4.0\n", "License: CC-BY 4.0"),
        (b"Made by Ada.", "its README names no licence"),
        (b"", "its README names no licence"),
        (b"\xff\xfe licence \xff", "licence"),
    ],
)
def test_the_licence_is_the_readmes_own_line(tmp_path: Path, readme: bytes, expected: str) -> None:
    file = write(tmp_path / "x", {**PARTS, "p/README.md": readme})

    assert expected in licence(packages.install(file, tmp_path / "packages"))
