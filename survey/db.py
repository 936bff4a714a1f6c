"""The database: engine, sessions, and whether the schema is the one this version needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from survey.discretion import keep_discreet

BUSY_TIMEOUT_SECONDS = 10
# Errors end in logs, and the values of a statement may be somebody's words, or the day's salt.
DISCREET: dict[str, Any] = {"hide_parameters": True}
# What is deleted is overwritten: comments past their time, salts of days that are over.
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON")


class DatabaseError(RuntimeError):
    """The database cannot be used; the message says why and what to do."""


class Database:
    """An engine and its sessions; opened once in a process."""

    def __init__(self, url: str, connections: int = 5) -> None:
        """Open `url`, an SQLAlchemy address of SQLite or PostgreSQL.

        :param connections: how many threads may use it at once.
        :raise DatabaseError: for an address that is none, or of another kind.
        """
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise DatabaseError(
                "RAYAK_DATABASE_URL is no address, such as postgresql://user@host/name"
            ) from error
        backend = self.url.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise DatabaseError(f"{backend} is not supported: use SQLite or PostgreSQL")
        if backend == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        if backend == "sqlite":
            self.engine = _sqlite_engine(url, connections)
        else:
            self.engine = create_engine(
                self.url, pool_pre_ping=True, pool_size=connections, **DISCREET
            )
        keep_discreet(self.engine)
        self.session = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def scope(self) -> Iterator[Session]:
        """A session for a command; what its services did not commit is rolled back."""
        with self.session() as session:
            yield session

    def upgrade(self) -> None:
        """Bring the schema to the newest migration; repeatable.

        :raise DatabaseError: when the database cannot be written.
        """
        if self.url.get_backend_name() == "sqlite" and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.engine.begin() as connection:
                migrate(connection)
        except SQLAlchemyError as error:
            raise DatabaseError(f"The database cannot be upgraded: {_reason(error)}") from error

    def check(self) -> None:
        """Compare the schema's revision with the newest migration.

        :raise DatabaseError: when it is older, newer, absent or unreachable.
        """
        found = self.revision()
        if found == known_revisions()[0]:
            return
        if found is None:
            raise DatabaseError("The database is empty: run `rayak setup` or `rayak db upgrade`")
        if found in known_revisions():
            raise DatabaseError(
                f"The database is at the older migration {found}: run `rayak db upgrade`"
            )
        raise DatabaseError(
            f"The database is at migration {found}, which this version of Rayak does not know: "
            "install the version that wrote it, or a newer one"
        )

    def revision(self) -> str | None:
        """The migration that the schema is at; None when there are no tables of ours.

        :raise DatabaseError: when it is unreachable.
        """
        try:
            with self.engine.connect() as connection:
                return MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError as error:
            raise DatabaseError(f"The database cannot be read: {_reason(error)}") from error

    def forget(self) -> None:
        """Let nothing that was deleted stand in the database's files any longer.

        SQLite's log is written back and emptied, as far as no reader still needs it. PostgreSQL
        frees the space of deleted salts, which may lie in its files until it is written over.
        """
        connection = self.engine.raw_connection()
        try:
            if self.url.get_backend_name() == "sqlite":
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                connection.dbapi_connection.autocommit = True  # type: ignore[union-attr] # psycopg's own
                connection.cursor().execute("VACUUM visitor_salt")
        finally:
            connection.invalidate()
            connection.close()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _sqlite_engine(url: str, connections: int) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
        pool_size=connections,
        **DISCREET,
    )

    # Threads of this process queue here for the one writer's place. SQLite's own waiting is by
    # sleeping and trying again, which lets some wait a hundred times as long as others.
    place = threading.Lock()

    def give_back(_connection: Any, record: Any, *_: object) -> None:
        if record.info.pop("place", False):
            place.release()

    event.listen(engine, "checkin", give_back)
    event.listen(engine, "invalidate", give_back)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        # The driver's own transaction handling starts them late; ours starts them where it says.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that will write says so first: SQLite then waits for the lock, where a
        # reader that turns writer would fail at once.
        writes = connection.get_execution_options().get("writes", False)
        if writes and not connection.info.get("place"):
            # Without a place in time SQLite decides: another process may hold the lock.
            connection.info["place"] = place.acquire(timeout=BUSY_TIMEOUT_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to a migration within the connection's transaction."""
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def known_revisions() -> list[str]:
    """Every migration of this version of Rayak, the newest first."""
    script = ScriptDirectory.from_config(_alembic())
    return [revision.revision for revision in script.walk_revisions()]


def _alembic() -> Config:
    root = Path(__file__).resolve().parent
    config = Config()
    config.set_main_option("script_location", str(root / "migrations"))
    return config


def _reason(error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, OperationalError) else error
    return str(cause).splitlines()[0]
