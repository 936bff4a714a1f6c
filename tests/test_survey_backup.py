"""A backup gives everything back on either kind of database, and tells no visitor from another."""

from __future__ import annotations

import base64
import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from survey import rollup
from survey.accounts.roles import Role
from survey.accounts.users import add_user
from survey.db import Database, DatabaseError
from survey.exchange.bulk import load
from survey.exchange.export import ExportedAnswer
from survey.exchange.synthetic import Plan, made_up
from survey.models import VisitorSalt
from survey.ratings import read_wording
from survey.upkeep.backup import BadBackup, restore_backup, write_backup
from survey.upkeep.transfer import Row, copy, rows, snapshot, tables
from tests import servers
from tests.answers import put_views
from tests.conftest import ROOT
from translate.articles.sample_articles import import_samples

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
_numbers = itertools.count()


def answers(number: int, *, seed: int) -> Iterator[ExportedAnswer]:
    """Made-up answers, some with a comment."""
    plan = Plan(number=number, first=date(2026, 1, 1), last=date(2026, 3, 1), seed=seed)
    for answer in made_up(plan, read_wording(), str):
        yield replace(answer, comment="Merci, c'est clair. شكرا" if answer.rating == 4 else "")


@pytest.fixture
def site(database: Database) -> Database:
    """Answers with comments, views, articles, an account and today's salt."""
    with database.scope() as session:
        load(session, answers(60, seed=3))
        session.add(VisitorSalt(day=date(2026, 3, 5), salt=b"\x00\xff" + b"s" * 30))
        session.execute(text("UPDATE response SET visitor_key = 'somebody' WHERE id = 7"))
        session.commit()
        put_views(session, 9, day=date(2026, 3, 5), article="library")
        add_user(session, "Nadia", "a long password", Role.EDITOR, actor="tests", now=NOW)
        import_samples(session, ROOT / "translate" / "samples", now=NOW)
    return database


@pytest.fixture
def sqlite_to_fill(tmp_path: Path) -> Iterator[Database]:
    """A file that does not exist yet."""
    database = Database(f"sqlite:///{tmp_path}/new.sqlite3")
    yield database
    database.close()


@pytest.fixture
def postgres_to_fill(postgres: str) -> Iterator[Database]:
    """A database without tables."""
    name = f"empty_{next(_numbers)}"
    admin = Database(postgres)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(make_url(postgres).set(database=name).render_as_string(False))
    yield database
    database.close()
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def empty(request: pytest.FixtureRequest) -> Database:
    """A database to fill, of each kind."""
    found: Database = request.getfixturevalue(f"{request.param}_to_fill")
    return found


def everything(database: Database) -> dict[str, list[Row]]:
    """All rows of all tables."""
    with snapshot(database) as connection:
        return {table.name: list(rows(connection, table)) for table in tables(connection)}


def backed_up(database: Database, **folders: Path) -> io.BytesIO:
    """The bytes of a backup."""
    stream = io.BytesIO()
    write_backup(database, folders, stream, version="1.2.3", now=NOW)
    stream.seek(0)
    return stream


def without(stored: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """What a backup is to hold: no salts, and no key that recognises a visitor."""
    return {
        **stored,
        "visitor_salt": [],
        "response": [{**row, "visitor_key": None} for row in stored["response"]],
    }


def test_a_restored_site_has_every_row(site: Database, empty: Database) -> None:
    """From each kind of database into each; the new one then goes on by itself."""
    before = everything(site)
    manifest = restore_backup(empty, {}, backed_up(site))
    assert everything(empty) == without(before)
    assert manifest.tables["response"] == 60
    empty.check()
    with empty.scope() as session:
        assert list(rollup.mismatches(session)) == []
        assert load(session, answers(5, seed=4)).added == 5
        add_user(session, "Omar", "another password", Role.VIEWER, actor="tests", now=NOW)


def test_nothing_in_a_backup_recognises_a_visitor(site: Database) -> None:
    """Neither a salt nor a key, though both are in the database today."""
    data = backed_up(site)
    with zipfile.ZipFile(data) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"somebody" not in content
    assert base64.b64encode(b"\x00\xff" + b"s" * 30) not in content
    assert b"visitor_salt" not in content


def test_moving_keeps_what_a_visitor_may_still_change(site: Database, empty: Database) -> None:
    """A copy into another database is the same site: salts of the day as well."""
    before = everything(site)
    copied = copy(site, empty)
    assert everything(empty) == before
    assert copied == {name: len(found) for name, found in before.items()}


def test_files_come_back_and_none_is_written_over(
    site: Database, sqlite_to_fill: Database, tmp_path: Path
) -> None:
    """Packages and kept reports, in their folders."""
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "deep").mkdir(parents=True)
    (old / "deep" / "model.bin").write_bytes(bytes(range(256)) * 50)
    (old / "mine").write_bytes(b"of the backup")
    new.mkdir()
    (new / "mine").write_bytes(b"newer")
    restore_backup(sqlite_to_fill, {"packages": new}, backed_up(site, packages=old))
    assert (new / "deep" / "model.bin").read_bytes() == bytes(range(256)) * 50
    assert (new / "mine").read_bytes() == b"newer"


def test_a_database_in_use_is_never_written_over(site: Database) -> None:
    """Restoring into it, or moving into it, changes nothing."""
    before = everything(site)
    with pytest.raises(DatabaseError, match="tables already"):
        restore_backup(site, {}, backed_up(site))
    with pytest.raises(DatabaseError, match="tables already"):
        copy(site, site)
    assert everything(site) == before


def without_manifest(data: bytes) -> bytes:
    """A backup in which somebody tidied up."""
    return changed(data, lambda name, content: None if name == "manifest.json" else content)


def of_tomorrow(data: bytes) -> bytes:
    """A backup of a schema that nobody knows yet."""

    def tell(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        return json.dumps(json.loads(content) | {"revision": "9999"}).encode()

    return changed(data, tell)


def one_answer_short(data: bytes) -> bytes:
    """A backup that lost its last answer."""

    def shorten(name: str, content: bytes) -> bytes:
        short = b"".join(content.splitlines(keepends=True)[:-1])
        return short if name == "tables/response.jsonl" else content

    return changed(data, shorten)


def changed(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The archive with each member changed, or left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def flipped(data: bytes) -> bytes:
    """A backup with a bit that fell over, in the middle of the largest table."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = archive.getinfo("tables/response.jsonl")
        at = member.header_offset + 60 + member.compress_size // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _data: b"",
        lambda data: data[:-200],
        flipped,
        without_manifest,
        one_answer_short,
    ],
    ids=["empty", "cut off", "a bit flipped", "no manifest", "a row short"],
)
def test_a_damaged_backup_leaves_the_database_empty(
    damage: Callable[[bytes], bytes], sqlite: Database, sqlite_to_fill: Database
) -> None:
    """Said in one line; the same database takes a good backup afterwards."""
    with sqlite.scope() as session:
        load(session, answers(60, seed=3))
    good = backed_up(sqlite).getvalue()
    with pytest.raises(BadBackup) as caught:
        restore_backup(sqlite_to_fill, {}, io.BytesIO(damage(good)))
    assert "\n" not in str(caught.value)
    restore_backup(sqlite_to_fill, {}, io.BytesIO(good))
    assert everything(sqlite_to_fill) == without(everything(sqlite))


def test_a_backup_of_a_newer_version_is_refused(sqlite: Database, sqlite_to_fill: Database) -> None:
    """By the migration that it is at."""
    data = of_tomorrow(backed_up(sqlite).getvalue())
    with pytest.raises(DatabaseError, match="9999"):
        restore_backup(sqlite_to_fill, {}, io.BytesIO(data))


def test_files_stay_in_their_folders(
    sqlite: Database, sqlite_to_fill: Database, tmp_path: Path
) -> None:
    """A backup from somebody else may name any path; none outside is written."""
    stream = backed_up(sqlite)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("files/packages/../../escaped", "x")
        archive.writestr("files/elsewhere/escaped", "x")
    stream.seek(0)
    inside = tmp_path / "a" / "packages"
    restore_backup(sqlite_to_fill, {"packages": inside}, stream)
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.slow
def test_a_site_is_backed_up_and_restored_by_commands(set_up: Path, tmp_path: Path) -> None:
    """Into another folder, by its owner only; `rayak setup` then makes it serve again."""
    here, there = set_up, tmp_path / "there"
    file = tmp_path / "site.zip"
    done = servers.rayak("backup", str(file), env=servers.environment(here))
    assert done.returncode == 0, done.stderr.decode()
    assert file.stat().st_mode & 0o077 == 0
    done = servers.rayak("restore", str(file), env=servers.environment(there))
    assert done.returncode == 0, done.stderr.decode()
    again = servers.rayak("restore", str(file), env=servers.environment(there))
    assert again.returncode == 1
    assert b"tables already" in again.stderr
    setup = servers.rayak("setup", env=servers.environment(there))
    assert setup.returncode == 0
    assert b"password" not in setup.stdout, "the accounts came back: none is made"
    moved = f"sqlite:///{tmp_path}/moved.sqlite3"
    done = servers.rayak("db", "move", moved, env=servers.environment(there))
    assert done.returncode == 0, done.stderr.decode()
    listed = [
        servers.rayak("articles", "list", env=env).stdout
        for env in (
            servers.environment(here),
            servers.environment(there, RAYAK_DATABASE_URL=moved),
        )
    ]
    assert listed[0] == listed[1]
    assert listed[0]
