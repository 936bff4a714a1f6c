"""The commands of `rayak`, one noun a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from survey.db import Database
    from survey.settings import Settings
    from translate.service import TranslationService


def expected_errors() -> tuple[type[Exception], ...]:
    """What may go wrong without being a defect; each message says what to do."""
    from sqlalchemy.exc import OperationalError

    from survey.accounts.accounts import AccountError
    from survey.db import DatabaseError
    from survey.exchange.intake import BadAnswers
    from survey.exchange.parquet import ParquetMissing
    from survey.settings import SettingsError
    from survey.upkeep.backup import BadBackup
    from translate.errors import TranslateError
    from translate.training.errors import TrainingError

    return (
        SettingsError,
        DatabaseError,
        AccountError,
        BadAnswers,
        BadBackup,
        ParquetMissing,
        TranslateError,
        TrainingError,
        OperationalError,
        OSError,
    )


def settings() -> Settings:
    """The settings of this environment."""
    from survey.settings import Settings

    return Settings.from_env()


@contextmanager
def open_database(configured: Settings, *, of_any_version: bool = False) -> Iterator[Database]:
    """The configured database, whose schema is the one this version needs.

    :param of_any_version: take an older schema, or none, as well.
    """
    from survey.db import Database

    opened = Database(configured.database_url)
    try:
        if not of_any_version:
            opened.check()
        yield opened
    finally:
        opened.close()


@contextmanager
def database_session(configured: Settings) -> Iterator[Session]:
    """A session of the configured database."""
    with open_database(configured) as opened, opened.scope() as session:
        yield session


def note(configured: Settings, action: str, *targets: str, actor: str = "command line") -> None:
    """Write into the audit log what a command has done; before `rayak setup` there is none."""
    from pathlib import Path

    import click
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import OperationalError

    from survey.accounts.accounts import audit
    from survey.db import DatabaseError

    url = make_url(configured.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return
    try:
        with database_session(configured) as session:
            for target in targets:
                audit(session, actor=actor, action=action, target=target[:200], now=now())
    except (DatabaseError, OperationalError) as error:
        click.echo(f"rayak: not noted in the audit log: {error}", err=True)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def read_text(path: str) -> str:
    """The text of a file, or of standard input for `-`.

    :raise click.ClickException: when it is not UTF-8.
    """
    import click

    with click.open_file(path, "rb") as stream:
        data: bytes = stream.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(
            f"{path} is not UTF-8 text (byte {error.start}); convert it first"
        ) from error


def write_bytes(path: str | None, data: bytes) -> None:
    """Write a result to a file in one step, or to standard output; an earlier file stays whole.

    :raise OSError: when the folder is missing or the disk is full; it names the file.
    """
    try:
        with output_stream(path) as stream:
            stream.write(data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path or "standard output") from error


@contextmanager
def output_stream(path: str | None, *, private: bool = False) -> Iterator[BinaryIO]:
    """Where a result is written piece by piece: the file appears when all of it is there.

    Without a path, or with `-`, it is standard output.

    :param private: only the owner may read the file.
    :raise OSError: when the folder is missing or the disk is full; an earlier file stays whole.
    """
    import os
    import tempfile
    from pathlib import Path

    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o600 if private else 0o666 & ~umask)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, a plain line every tenth elsewhere; nothing when there is no work.

    What it gives is called with how much is done and how much there is.
    """
    import click

    bar = None
    said = -1

    def step(done: int, of: int) -> None:
        nonlocal bar, said
        if of == 0:
            return
        if sys.stderr.isatty():
            if bar is None:
                bar = click.progressbar(length=of, label=label, file=sys.stderr)
                bar.__enter__()
            bar.update(done - bar.pos)
        elif done * 10 // of > said:
            said = done * 10 // of
            click.echo(f"{label}: {done} of {of}", err=True)

    try:
        yield step
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


def translation_service(configured: Settings) -> TranslationService:
    """A translator on the installed packages."""
    from translate.engine import Engine
    from translate.service import TranslationService

    return TranslationService(Engine(configured.packages))
