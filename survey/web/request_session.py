"""The one database session of a request: made on first use, closed when the request is over."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, g
from sqlalchemy.orm import Session

from survey.db import Database


def init_app(app: Flask, database: Database) -> Callable[[], Session]:
    """Give each request of the application a session; what is returned gives the current one."""

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("database_session", None)
        if session is not None:
            session.close()

    def current() -> Session:
        if "database_session" not in g:
            g.database_session = database.session()
        session: Session = g.database_session
        return session

    return current
