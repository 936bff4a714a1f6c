"""What the tests share: both databases, the application, the page-checking client, the cast."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.accounts.roles import Role
from survey.accounts.users import add_user
from survey.db import Database
from survey.ratings import read_wording
from survey.services import register_wordings, shown_texts
from survey.settings import Settings
from tests.clusters import cluster
from tests.pages import PageClient
from tests.screens import NOW, TEXTS
from tests.servers import environment, rayak

if TYPE_CHECKING:
    from translate.service import TranslationService

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "translate" / "starter"
HELLO = {"q": "The meeting was held in Rabat.", "source": "en", "target": "fr"}
# Sentences with every kind of layout around them.
LAYOUT = (
    "  The Director-General received the delegation.\r\n\r\n"
    "- The meeting was held in Rabat. It was attended by Dr. Salma B. Idrissi.\n\n\n"
    "\t2026\nTHE MINISTER OPENS THE FORUM\n"
)
PASSWORDS = {
    "Amina": (Role.ADMIN, "amina reads every report"),
    "Elias": (Role.EDITOR, "elias corrects articles"),
    "Vera": (Role.VIEWER, "vera looks at the charts"),
}
# How long an example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("rayak", deadline=None)
hypothesis.settings.load_profile("rayak")
# One cluster serves the whole session: each test has a database with a number of its own.
_numbers = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What makes an application and asks it for pages is no part of `make test-fast`."""
    for item in items:
        if "app" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Templates are compiled once a session: hundreds of tests make an application of their own."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Flask.jinja_options = {"bytecode_cache": cache}


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """So is what builds the addresses: half of what an application takes to be made.

    Werkzeug makes a function of each rule, which reads all but the rule's text from the rule.
    """
    compile_builder = Rule._compile_builder
    made: dict[str, Callable[..., tuple[str, str]]] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = repr((rule._trace, rule.defaults, append_unknown))
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """argon2id at its least: hundreds of tests sign in, and each hash would take them 0.1 s."""
    with pytest.MonkeyPatch.context() as patch:
        least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("survey.accounts.accounts._hasher", least)
        patch.setattr("survey.accounts.accounts._NOBODY", least.hash("of nobody"))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a throw-away PostgreSQL cluster."""
    with cluster() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Name of a migrated database that each test copies: quicker than migrating each time."""
    admin = Database(postgres)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE template_rayak"))
    migrated = Database(make_url(postgres).set(database="template_rayak").render_as_string(False))
    migrated.upgrade()
    migrated.close()
    admin.close()
    return "template_rayak"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "rayak.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path.read_bytes()


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: bytes) -> Iterator[Database]:
    """A migrated SQLite database of this test's own."""
    path = tmp_path / "rayak.sqlite3"
    path.write_bytes(sqlite_template)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database of this test's own: each test that uses it runs on both kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    address = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{next(_numbers)}"
    admin = Database(address)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    mine = Database(make_url(address).set(database=name).render_as_string(hide_password=False))
    yield mine
    mine.close()
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.close()


@pytest.fixture
def ready(database: Database) -> Database:
    """The same, and it knows the wordings."""
    with database.scope() as session:
        register_wordings(session, TEXTS, now=NOW)
    return database


@pytest.fixture
def settings(tmp_path: Path, sqlite: Database) -> Settings:
    """Settings of a site whose days begin in Rabat; no time trap, no limits."""
    return Settings(
        data_dir=tmp_path,
        database_url=sqlite.url.render_as_string(hide_password=False),
        secret_keys=("a key of the tests that signs nothing of worth",),
        time_zone="Africa/Casablanca",
        limits=False,
        min_answer_seconds=0,
    )


@pytest.fixture
def worded(settings: Settings, sqlite: Database) -> Database:
    """The fresh SQLite database, which knows the wordings of the settings."""
    with sqlite.scope() as session:
        texts = shown_texts(read_wording().values(), settings.organisation_in)
        register_wordings(session, texts, now=datetime.now(UTC))
    return sqlite


@pytest.fixture
def app(settings: Settings, worded: Database) -> Flask:
    """The application on a fresh SQLite database."""
    # Imported here: only tests that use the application pay for importing all of it.
    from survey.app.application import create_app

    return create_app(settings, worded)


@pytest.fixture
def cast(sqlite: Database) -> None:
    """Accounts of Amina (admin), Elias (editor) and Vera (viewer)."""
    with sqlite.scope() as session:
        for name, (role, password) in PASSWORDS.items():
            add_user(session, name, password, role, actor="tests", now=datetime.now(UTC))


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that `rayak setup` made, for a test to copy and change."""
    folder = tmp_path_factory.mktemp("set-up") / "data"
    done = rayak("setup", env=environment(folder))
    assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.fixture(scope="session")
def starters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the starter packages installed."""
    from translate.argos import packages

    folder = tmp_path_factory.mktemp("packages")
    packages.install_starters(STARTER, folder)
    return folder


@pytest.fixture(scope="session")
def service(starters: Path) -> TranslationService:
    """The starters, in a service that all tests of a session share with its memory."""
    return translation(starters)


@pytest.fixture
def fresh(starters: Path) -> TranslationService:
    """The starters, in a service that remembers nothing."""
    return translation(starters)


@pytest.fixture
def translating(settings: Settings, worded: Database, starters: Path) -> Flask:
    """The application with the starter packages."""
    from survey.app.application import create_app

    return create_app(replace(settings, packages_dir=starters), worded)


@pytest.fixture
def api(translating: Flask) -> FlaskClient:
    """A program that calls the application with the starter packages."""
    return translating.test_client()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A visitor's browser, checking each page."""
    return PageClient(app)


@pytest.fixture
def amina(app: Flask, cast: None) -> PageClient:
    """An administrator's browser, signed in."""
    return sign_in(PageClient(app), "Amina")


def sign_in(browser: PageClient, name: str) -> PageClient:
    """Sign one of the cast in through the login page."""
    token = browser.get("/admin/login").attribute("main input[name=csrf_token]", "value")
    response = browser.http.post(
        "/admin/login",
        data={"name": name, "password": PASSWORDS[name][1], "csrf_token": token},
    )
    assert response.status_code == 303, response.get_data(as_text=True)[:500]
    return browser


def translation(folder: Path) -> TranslationService:
    """A service for a folder of packages, with one worker, so that tests beside it have a core."""
    # Imported here for the same reason as the application.
    from translate.engine import Engine
    from translate.sentences.decoding import Resources
    from translate.service import TranslationService

    return TranslationService(Engine(folder, Resources(workers=1)))


def upload(api: FlaskClient, name: str, data: bytes, **fields: str) -> TestResponse:
    """Have a document translated, from English into French unless the fields say otherwise."""
    form = {"source": "en", "target": "fr", **fields, "file": (io.BytesIO(data), name)}
    return api.post("/translate_file", data=form, content_type="multipart/form-data")
