"""The bill of health tells of starters, pivots, missing pairs and licences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import STARTER
from tests.package_files import PARTS, write
from translate.argos import packages
from translate.argos.package_folder import Package
from translate.health import licence, licence_line, remarks


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
        (b"# Model\n\n## License: CC-BY 4.0\n", "CC-BY 4.0"),
        (b"- Licence: CC-BY-SA-4.0, the strictest of the sources' licences.", "CC-BY-SA-4.0"),
        (b"**License:** MIT. See below.", "MIT"),
        (b"| Model license: `Apache-2.0` |", "Apache-2.0"),
        (b"## License\n\nCC0 (public domain)\n", "CC0"),
        (b"news; sources and licences in `README.md` of the project", ""),
        (b"The licence: it depends.\nMade by Ada.", ""),
        (b"Licence:\n", ""),
        (b"", ""),
        (b"\xff\xfe licence \xff", ""),
    ],
)
def test_the_licence_is_the_one_that_the_readme_names(
    tmp_path: Path, readme: bytes, expected: str
) -> None:
    """Its plain name; a line that merely speaks of licences is none."""
    file = write(tmp_path / "x", {**PARTS, "p/README.md": readme})
    package = packages.install(file, tmp_path / "packages")

    assert licence(package) == expected
    assert licence_line(package) == f"Licence: {expected or 'not stated in its README'}"


@pytest.mark.parametrize("card", sorted(STARTER.glob("card.*.md")), ids=lambda card: card.name)
def test_the_cards_of_the_starters_name_their_licence(tmp_path: Path, card: Path) -> None:
    file = write(tmp_path / "x", {**PARTS, "p/README.md": card.read_bytes()})

    assert licence(packages.install(file, tmp_path / "packages")) == "CC-BY-SA-4.0"
