"""The migrations make the tables the models describe, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from survey.app.own_modules import ROOT
from survey.db import Database, DatabaseError, migrate
from survey.models import AuditEvent, Comment, Response
from survey.models import Base as SurveyBase
from survey.ratings import SpamReason, State
from tests.answers import Answers, put, put_views
from translate.models import Base as TranslateBase


def differences(connection: Connection) -> list[Any]:
    """What alembic would change so that the tables are those of the models."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    metadata = [SurveyBase.metadata, TranslateBase.metadata]
    return compare_metadata(context, metadata)  # type: ignore[arg-type, return-value] # a list is taken


def indexes(connection: Connection) -> list[str]:
    """Every index as the database itself writes it, with what it leaves out."""
    statement = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    if connection.dialect.name == "postgresql":
        statement = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    return sorted(connection.scalars(text(statement)))


def test_migrations_and_models_agree(database: Database) -> None:
    """After all migrations alembic finds nothing to add, change or remove."""
    with database.engine.connect() as connection:
        assert differences(connection) == []


def test_a_database_goes_back_to_an_earlier_version_and_forth_again(database: Database) -> None:
    """As after an update that was taken back: tables, indexes and what visitors wrote."""
    with database.scope() as session:
        put(session, [Answers(rating=3, comment="a"), Answers(rating=5, comment="b")])
        before = {c.text: c.day for c in session.scalars(select(Comment))}
    config = Config()
    config.set_main_option("script_location", str(ROOT / "survey" / "migrations"))
    with database.engine.begin() as connection:
        found = indexes(connection)
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
        assert differences(connection) != []
        migrate(connection)
        assert differences(connection) == []
        assert indexes(connection) == found
    with database.scope() as session:
        assert {c.text: c.day for c in session.scalars(select(Comment))} == before
        assert len(before) == 2


def test_spam_of_before_reasons_were_kept_is_a_moderators_where_the_log_says_so(
    database: Database,
) -> None:
    """Of the rest nobody knows any more, and it stays spam."""
    spam = Answers(rating=1, number=3, state=State.SPAM, comment="buy")
    config = Config()
    config.set_main_option("script_location", str(ROOT / "survey" / "migrations"))
    with database.scope() as session:
        put(session, [spam, Answers(rating=5)])
        ids = list(session.scalars(select(Response.id).order_by(Response.id)))
        for number, action in ((ids[0], "counted -> spam"), (ids[3], "spam -> counted")):
            event = {"action": f"answer {action}", "target": f"response {number}"}
            session.add(AuditEvent(at=datetime.now(UTC), actor="Elias", **event))
        session.commit()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
        migrate(connection)
    with database.scope() as session:
        reasons = session.scalars(select(Response.spam_reason).order_by(Response.id)).all()
        assert reasons == [SpamReason.MODERATOR] + [SpamReason.NONE] * 3
        assert len(session.scalars(select(Comment)).all()) == 3
    with pytest.raises(IntegrityError), database.scope() as session:
        session.execute(text("UPDATE response SET spam_reason = 'other'"))


def test_views_of_before_their_question_was_kept_stay(database: Database) -> None:
    """Under no question; and the way back adds up what it can no longer tell apart."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "survey" / "migrations"))
    with database.scope() as session:
        put(session, [Answers(rating=4, question="new")])
        put_views(session, 5)
        put_views(session, 2, question="new")
        put_views(session, 3, language="fr")
    found = []
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0009")
        rows = "shown_language, views FROM daily_view ORDER BY shown_language"
        found.append(connection.execute(text(f"SELECT {rows}")).all())
        migrate(connection)
        found.append(connection.execute(text(f"SELECT question_id, engine, {rows}")).all())
    assert found == [[("en", 7), ("fr", 3)], [(0, "", "en", 7), (0, "", "fr", 3)]]


def test_views_of_before_articles_were_kept_with_them_stay_under_none(database: Database) -> None:
    """By months, those of the site's own pages; the sums by day are as they were."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "survey" / "migrations"))
    with database.scope() as session:
        put_views(session, 5, day=date(2026, 3, 1), article="library")
        put_views(session, 2, day=date(2026, 3, 31))
        put_views(session, 4, day=date(2026, 4, 1), language="fr")
        put_views(session, 0, day=date(2026, 5, 1))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        connection.execute(text("UPDATE daily_view SET channel = 'embed' WHERE views = 2"))
        command.downgrade(config, "0010")
        migrate(connection)
        rows = "SELECT month, article, shown_language, views FROM monthly_article_view"
        found = connection.execute(text(f"{rows} ORDER BY month")).all()
        days = connection.execute(text("SELECT views FROM daily_view ORDER BY day")).scalars()
        assert list(days) == [5, 2, 4, 0]
    assert [(str(month), *rest) for month, *rest in found] == [
        ("2026-03-01", "", "en", 5),
        ("2026-04-01", "", "fr", 4),
    ]


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    """`rayak db upgrade` is repeatable."""
    database.upgrade()
    database.check()


def test_an_older_schema_is_named_with_what_to_do(database: Database) -> None:
    """A database behind the code is refused, saying which command mends it."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="does not know"):
        database.check()


def test_an_empty_database_is_named_with_what_to_do(tmp_path: object) -> None:
    """A database without tables is refused, saying which command makes them."""
    with pytest.raises(DatabaseError, match="rayak setup"):
        Database(f"sqlite:///{tmp_path}/empty.sqlite3").check()
