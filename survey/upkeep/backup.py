"""A backup: one file with the rows of every table, the packages and the kept reports.

It is a ZIP archive of `manifest.json`, `tables/NAME.jsonl` and `files/...`, so that it can be
read in many years without Rayak, and restored into SQLite and PostgreSQL alike.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from survey.db import Database, DatabaseError
from survey.upkeep.transfer import Row, count, fill, rows, snapshot, tables

FORMAT = 1
FOLDERS = ("packages", "reports")
"""Folders of the data folder that are part of a backup."""
# A backup outlives the day after which nothing may recognise a visitor any more.
LEFT_OUT = {"visitor_salt"}
"""Tables that do not enter a backup."""
BLANKED = {"response": "visitor_key"}
"""Columns, by table, that enter a backup empty."""


class BadBackup(ValueError):
    """The file is no backup, or a damaged one; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands in a backup: the schema's migration, rows by table, and how many files."""

    format: int
    version: str
    made_at: str
    revision: str
    tables: dict[str, int]
    files: int


def write_backup(
    database: Database,
    folders: dict[str, Path],
    stream: BinaryIO,
    *,
    version: str,
    now: datetime,
    say: Callable[[int, int], None] = lambda _done, _of: None,
) -> Manifest:
    """Write everything of one moment to `stream`, while the service goes on.

    :param folders: where the files of each of `FOLDERS` lie.
    :param say: called with the rows that are done and how many there are.
    :raise DatabaseError: when the database is empty.
    """
    revision = database.revision()
    if revision is None:
        raise DatabaseError("The database is empty: there is nothing to back up")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        counts = _write_tables(database, archive, say)
        files = sum(_write_folder(archive, name, path) for name, path in folders.items())
        manifest = Manifest(
            format=FORMAT,
            version=version,
            made_at=now.isoformat(timespec="seconds"),
            revision=revision,
            tables=counts,
            files=files,
        )
        archive.writestr("manifest.json", json.dumps(asdict(manifest), indent=1))
    return manifest


def _write_tables(
    database: Database, archive: zipfile.ZipFile, say: Callable[[int, int], None]
) -> dict[str, int]:
    with snapshot(database) as connection:
        found = [table for table in tables(connection) if table.name not in LEFT_OUT]
        counts = {table.name: count(connection, table) for table in found}
        done, everything = 0, sum(counts.values())
        for table in found:
            with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
                for row in rows(connection, table):
                    file.write(_line(table, row))
                    done += 1
                    if done % 10_000 == 0:
                        say(done, everything)
        say(everything, everything)
    return counts


def _line(table: Table, row: Row) -> bytes:
    if table.name in BLANKED:
        row[BLANKED[table.name]] = None
    return json.dumps(row, ensure_ascii=False, default=_written).encode() + b"\n"


def _written(value: object) -> str:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in a backup")


def _write_folder(archive: zipfile.ZipFile, name: str, folder: Path) -> int:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    for path in files:
        archive.write(path, f"files/{name}/{path.relative_to(folder).as_posix()}")
    return len(files)


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """What the backup says it holds.

    :raise BadBackup: when the archive is none of ours, or of a newer format.
    """
    try:
        manifest = Manifest(**json.loads(archive.read("manifest.json")))
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BadBackup("The file is no backup of Rayak, or its manifest is damaged") from error
    if manifest.format != FORMAT:
        raise BadBackup(
            f"The backup is of format {manifest.format}, this version of Rayak reads {FORMAT}: "
            f"install Rayak {manifest.version} or newer"
        )
    return manifest


def restore_backup(database: Database, folders: dict[str, Path], stream: BinaryIO) -> Manifest:
    """Fill an empty database from a backup and lay its files into their folders.

    A file that is there already stays as it is.

    :raise BadBackup: when the backup is damaged; the database is then as empty as before.
    :raise DatabaseError: when the database is not empty.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except zipfile.BadZipFile as error:
        raise BadBackup("The file is no backup of Rayak, or its end is missing") from error
    with archive:
        manifest = read_manifest(archive)
        try:
            fill(database, manifest.revision, lambda table: _rows(archive, table, manifest))
        except (zipfile.BadZipFile, EOFError, KeyError, ValueError, SQLAlchemyError) as error:
            raise BadBackup(f"The backup is damaged: {str(error).splitlines()[0]}") from error
        _lay_files(archive, folders)
    return manifest


def _rows(archive: zipfile.ZipFile, table: Table, manifest: Manifest) -> Iterator[Row]:
    if table.name not in manifest.tables:
        return
    readers = {column.name: _reader(column.type.python_type) for column in table.columns}
    with archive.open(f"tables/{table.name}.jsonl") as file:
        found = 0
        for line in file:
            found += 1
            values = json.loads(line)
            yield {n: None if v is None else readers[n](v) for n, v in values.items()}
    if found != manifest.tables[table.name]:
        raise ValueError(f"{table.name} has {found} rows of {manifest.tables[table.name]}")


def _reader(kind: type) -> Callable[[Any], Any]:
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    return base64.b64decode if kind is bytes else lambda value: value


def _lay_files(archive: zipfile.ZipFile, folders: dict[str, Path]) -> None:
    for member in archive.infolist():
        parts = Path(member.filename).parts
        if len(parts) < 3 or parts[0] != "files" or parts[1] not in folders or ".." in parts:
            continue
        path = folders[parts[1]].joinpath(*parts[2:])
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source:
                _write_whole(path, source)


def _write_whole(path: Path, source: IO[bytes]) -> None:
    """Write a file so that it appears when all of it is there."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as target:
            while piece := source.read(1 << 20):
                target.write(piece)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
