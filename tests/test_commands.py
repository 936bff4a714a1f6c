"""The command line as operators use it: real processes, one clear line for each mistake."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from subprocess import CompletedProcess

import click
import pytest
from argon2 import PasswordHasher

from survey.cli import COMMANDS, rayak
from survey.settings import PREFIX, Settings
from tests import servers

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
Run = Callable[..., CompletedProcess[bytes]]


@pytest.fixture(scope="module")
def site(set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that `rayak setup` made."""
    return shutil.copytree(set_up, tmp_path_factory.mktemp("site") / "data")


@pytest.fixture
def run(site: Path) -> Run:
    """Runs a command on the site."""

    def run(*arguments: str, stdin: bytes = b"", **more: str) -> CompletedProcess[bytes]:
        return servers.rayak(*arguments, env=servers.environment(site, **more), stdin=stdin)

    return run


def refused(done: CompletedProcess[bytes], *words: str) -> None:
    """The command ended with an exit code and one line that has these words."""
    error = done.stderr.decode()
    assert done.returncode != 0, done.stdout.decode()
    assert error.startswith("rayak: ")
    assert error.count("\n") == 1, error
    for word in words:
        assert word in error, error


def commands() -> list[tuple[str, click.Command]]:
    """Every command with its name as typed."""
    found = []
    context = click.Context(rayak)
    for name in COMMANDS:
        command = rayak.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {n}", c) for n, c in command.commands.items()]
    return found


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    """Whoever reads the README knows every command."""
    for name, command in commands():
        assert command.help, name
        group, _, last = name.partition(" ")
        known = f"rayak {name}" in README or (f"rayak {group} " in README and f"`{last}" in README)
        assert known or not last, f"{name} is not in the README"


def test_every_setting_stands_in_the_readme() -> None:
    """And every setting."""
    for field in fields(Settings):
        name = PREFIX + str(field.metadata["name"])
        head, _, tail = name.rpartition("_")
        assert f"`{name}`" in README or (f"`{head}`" in README and f"`_{tail}`" in README), name


@pytest.mark.slow
def test_setting_up_again_changes_nothing_and_prints_no_password(site: Path, run: Run) -> None:
    """The second `make run` loses nothing and shows no secret."""
    key = (site / "secret-key").read_text()
    before = _contents(site)

    done = run("setup")

    assert done.returncode == 0
    assert b"password" not in done.stdout
    assert (site / "secret-key").read_text() == key
    assert _contents(site) == before


@pytest.mark.slow
def test_what_is_written_is_readable_by_its_owner_only(site: Path) -> None:
    """Nobody else on the machine can sign forms or read comments."""
    files = list(site.rglob("*"))
    assert any(file.name == "rayak.sqlite3" for file in files)
    for file in files:
        # SQLite's log goes away with the last process that has the database open.
        with suppress(FileNotFoundError):
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


@pytest.mark.slow
def test_after_setup_both_states_of_translation_show(run: Run) -> None:
    """Three articles are machine-translated, the others reviewed; English is not special."""
    listed = run("articles", "list").stdout.decode().splitlines()
    assert len(listed) >= 10
    assert sum("fr=machine" in line and "ar=machine" in line for line in listed) == 3
    assert sum("=reviewed" in line for line in listed) == len(listed) - 3
    assert {line.split()[1] for line in listed} == {"en", "fr", "ar"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_exported_articles_are_known_when_they_are_imported_again(
    run: Run, tmp_path: Path, language: str
) -> None:
    """Every space of French typography comes back as it was."""
    page = tmp_path / "page.txt"
    assert run("articles", "export", "--language", language, "-o", str(page)).returncode == 0
    done = run("articles", "import", str(page), "--language", language)
    assert b", 0 added" in done.stdout, done.stderr.decode()


@pytest.mark.slow
def test_a_page_has_one_language(run: Run) -> None:
    """Exporting everything at once would lose which language is which."""
    refused(run("articles", "export"), "--language")


@pytest.mark.slow
def test_paragraphs_in_are_paragraphs_out(run: Run) -> None:
    """The layout of a text stays, whatever the model makes of its sentences."""
    text = "The meeting was held.\n\n  Two sides signed.\n\n\nThe end."
    done = run("translate", "--from", "en", "--to", "fr", stdin=text.encode())
    out = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert [bool(line.strip()) for line in out.split("\n")] == [
        bool(line.strip()) for line in text.split("\n")
    ]
    assert "starter" in done.stderr.decode()


@pytest.mark.slow
def test_starter_packages_are_called_so_wherever_they_are_listed(run: Run) -> None:
    """In the list and in the bill of health, with what to do about it."""
    listed = run("packages", "list").stdout.decode()
    assert "starter" in listed
    assert "rayak packages install" in listed
    assert "starter" in run("doctor").stdout.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("translate", "--from", "xx", "--to", "fr"), ("xx",)),
        (("translate", "--from", "fr", "--to", "de"), ("de",)),
        (("articles", "import", "/nowhere", "--language", "en"), ("/nowhere",)),
        (("articles", "import", "-", "--language", "en"), ("No article found",)),
        (("articles", "import", "-", "--language", "xx"), ("en, fr, ar",)),
        (("articles", "translate", "--to", "de"), ("de",)),
        (("articles", "remove", "no-such-article"), ("no-such-article",)),
        (("packages", "remove", "de", "fr"), ("de",)),
        (("packages", "install", "/nowhere.argosmodel"), ("nowhere.argosmodel",)),
        (("report", "--from", "2026-02-01", "--to", "2026-01-01"), ("turned round",)),
        (("report", "--from", "2026-02-31"), ("2026-02-31",)),
        (("report", "--format", "docx"), ("docx",)),
        (("report", "--lang", "xx"), ("en, fr, ar",)),
        (("report", "-o", "/nowhere/at/all.csv"), ("/nowhere/at/all.csv: No such file",)),
        (("backup", "/nowhere/at/all.zip"), ("/nowhere/at/all.zip: No such file",)),
        (("admin", "create", "--password-stdin"), ("12 to 256",)),
        (("nonsense",), ("nonsense", "rayak --help")),
        (("articles", "import"), ("PATH", "rayak articles import --help")),
        (("articles", "list", "--loud"), ("--loud", "rayak articles list --help")),
        (("admin", "create", "--role", "king"), ("king", "viewer", "rayak admin create --help")),
        (("admin", "create", "--name", "Setup"), ("audit log", "another name")),
        (("admin", "create", "--name", "admin"), ("already", "admin password", "admin role")),
        (("admin", "password", "--name", "nobody"), ("nobody", "rayak admin list")),
        (("admin", "role", "viewer", "--name", "admin"), ("last administrator",)),
    ],
)
def test_a_mistake_is_one_clear_line(
    run: Run, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """What was wrong, on standard error, with a non-zero exit code."""
    refused(run(*arguments, stdin=b"short\n"), *words)


@pytest.mark.slow
def test_text_that_is_not_utf8_is_named_as_such(run: Run) -> None:
    """Nothing is guessed."""
    done = run("translate", "--from", "en", "--to", "fr", stdin=b"caf\xe9")
    refused(done, "not UTF-8")
    made = ("admin", "create", "--name", "Nadia", "--password-stdin")
    refused(run(*made, stdin=b"caf\xe9 au lait, s'il vous plait\n"), "not UTF-8")


@pytest.mark.slow
def test_a_wrong_setting_stops_every_command(run: Run) -> None:
    """A misspelt variable is named."""
    refused(run("doctor", RAYAK_LANGUAGE="en"), "RAYAK_LANGUAGE is not a setting")


@pytest.mark.slow
def test_unfit_settings_are_reported_by_the_doctor(run: Run) -> None:
    """What is for load tests only makes the bill of health fail."""
    done = run("doctor", RAYAK_LIMITS="off", RAYAK_MIN_ANSWER_SECONDS="0")
    assert done.returncode == 1
    assert "RAYAK_LIMITS is off" in done.stdout.decode()


def _package(path: Path, names: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return path


METADATA = json.dumps(
    {
        "package_version": "1.0",
        "from_code": "en",
        "from_name": "English",
        "to_code": "fr",
        "to_name": "French",
    }
).encode()
BAD_PACKAGES = {
    "no-zip": None,
    "no-model": {"t/metadata.json": METADATA, "t/sentencepiece.model": b"x"},
    "climbs": {"t/metadata.json": METADATA, "t/../../evil": b"x"},
    "bomb": {"t/metadata.json": METADATA, "t/model/model.bin": b"\0" * 200_000_000},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(BAD_PACKAGES))
def test_an_unsound_package_is_refused_and_the_installed_ones_stay(
    run: Run, site: Path, tmp_path: Path, kind: str
) -> None:
    """Not a zip, no model, a path that climbs out, a zip bomb: nothing is written anywhere."""
    file = tmp_path / "bad.argosmodel"
    content = BAD_PACKAGES[kind]
    if content is None:
        file.write_bytes(b"this is no archive")
    else:
        _package(file, content)
    before = run("packages", "list").stdout
    refused(run("packages", "install", str(file)), "bad.argosmodel")
    assert run("packages", "list").stdout == before
    assert run("packages", "verify").returncode == 0
    assert not list(site.rglob("evil")) + list(site.parent.glob("evil"))


@pytest.mark.slow
def test_an_unusable_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    """Empty, of an older migration, unreadable, of an unknown kind: each its own line."""
    env = servers.environment(tmp_path, RAYAK_SECRET_KEY="k" * 40)
    refused(servers.rayak("serve", env=env), "rayak setup")
    (tmp_path / "rayak.sqlite3").unlink(missing_ok=True)
    with sqlite3.connect(tmp_path / "rayak.sqlite3") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    refused(servers.rayak("serve", env=env), "0000")
    (tmp_path / "rayak.sqlite3").write_bytes(b"this is no database" * 100)
    refused(servers.rayak("serve", env=env), "cannot be read")
    refused(
        servers.rayak("serve", env=env | {"RAYAK_DATABASE_URL": "mysql://x/y"}), "not supported"
    )
    refused(servers.rayak("serve", env=env | {"RAYAK_DATABASE_URL": "foo"}), "DATABASE_URL")
    refused(
        servers.rayak("verify", env=env | {"RAYAK_DATABASE_URL": "postgresql://127.0.0.1:1/x"}),
        "cannot be read",
    )


def _contents(site: Path) -> list[object]:
    with sqlite3.connect(site / "rayak.sqlite3") as connection:
        return [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 -- our own names
            for table in ("article", "article_translation", "admin_user", "wording", "memory")
        ]


@pytest.mark.slow
def test_an_account_keeps_its_role_and_password_until_asked_by_name(run: Run, site: Path) -> None:
    """Made once; a new password and another role have commands of their own."""
    # As a file written on Windows ends its lines: that is no part of a password.
    secret = b"nadia has a password\r\n"
    made = ("admin", "create", "--name", "Nadia", "--role", "viewer", "--password-stdin")
    assert b"Nadia (viewer) is made" in run(*made, stdin=secret).stdout
    with sqlite3.connect(site / "rayak.sqlite3") as database:
        query = "SELECT password_hash FROM admin_user WHERE name = 'Nadia'"
        (stored,) = database.execute(query).fetchone()
    assert PasswordHasher().verify(stored, "nadia has a password")
    refused(run("admin", "create", "--name", "Nadia"), "Nadia", "rayak admin password")
    assert b"viewer  Nadia" in run("admin", "list").stdout
    assert b"shown only now" in run("admin", "password", "--name", "Nadia").stdout
    assert b"Nadia is editor now" in run("admin", "role", "editor", "--name", "Nadia").stdout
    assert b"editor  Nadia" in run("admin", "list").stdout


@pytest.mark.slow
def test_a_group_by_itself_says_what_is_in_it(run: Run) -> None:
    done = run("admin")
    assert done.returncode != 0
    assert "password" in done.stderr.decode()
