"""Packages, keys and the glossary on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import rayak
from survey.db import Database
from tests.package_files import PARTS, write
from translate.argos import packages

KEY = "a key of the tests that signs nothing of worth"


class Rayak:
    """The command in this process, on a database and folder of the test's own."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.environment = {
            "RAYAK_DATA_DIR": str(folder),
            "RAYAK_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "RAYAK_SECRET_KEY": KEY,
        }

    def __call__(self, *arguments: str, stdin: str = "", code: int = 0) -> Result:
        result = CliRunner().invoke(rayak, arguments, env=self.environment, input=stdin)
        if not isinstance(result.exception, SystemExit) and result.exception and not code:
            raise result.exception
        assert bool(result.exit_code) == bool(code), result.output
        return result


@pytest.fixture
def run(tmp_path: Path, sqlite: Database) -> Rayak:
    return Rayak(tmp_path, sqlite)


def test_a_package_is_installed_from_a_mirror_and_upgraded(run: Rayak, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    parts = {**PARTS, "p/README.md": b"# By Ada\n\nLicence: CC0\n"}
    write(mirror / "a.argosmodel", parts, package_version="1.0")
    index = ("--index", str(mirror))

    assert "en fr  English to French  1.0" in run("packages", "available", *index).output
    installed = run("packages", "install", "en", "fr", *index).output
    assert "Installed: en -> fr" in installed
    assert "| Licence: CC0" in installed
    assert "installed: 1.0" in run("packages", "available", *index).output
    assert "as new as" in run("packages", "upgrade", *index).output

    write(mirror / "b.argosmodel", parts, package_version="1.1")
    assert "1.1" in run("packages", "upgrade", *index).output
    assert [p.version for p in packages.installed(tmp_path / "packages")] == ["1.1"]


def test_a_pair_that_the_index_lacks_is_named(run: Rayak, tmp_path: Path) -> None:
    result = run("packages", "install", "de", "fr", "--index", str(tmp_path), code=1)

    assert "from de to fr" in str(result.exception)


def test_a_key_is_shown_once_and_can_be_revoked(run: Rayak) -> None:
    made = run("keys", "create", "Press", "--characters-per-day", "5000").output
    text = made.splitlines()[-1]
    assert text.startswith("rayak_")

    listed = run("keys", "list").output
    assert "Press  in use  5000 characters a day  0 characters in 30 days" in listed
    assert text not in listed

    run("keys", "revoke", "Press")
    assert "revoked" in run("keys", "list").output
    assert "no key Press in use" in str(run("keys", "revoke", "Press", code=1).exception)


def test_the_glossary_goes_in_and_out(run: Rayak) -> None:
    table = "source_language,target_language,term,target\nen,fr,Member State,État membre\n"

    assert "1 terms added" in run("glossary", "import", "-", stdin=table).output
    assert "Member State,État membre,no,yes," in run("glossary", "export").output
    run("glossary", "remove", "en", "fr", "Member State")
    assert "Member State" not in run("glossary", "export").output
    bad = run("glossary", "import", "-", stdin=table.replace("fr,", "?,"), code=1)
    assert "Line 2" in str(bad.exception)
