"""What is said of an error of the database: never the values, which may be somebody's words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

# PostgreSQL's classes of errors whose messages quote values: data exceptions, broken constraints.
TELLING = ("22", "23")
NAMES = ("table_name", "column_name", "constraint_name")


def keep_discreet(engine: Engine) -> None:
    """Take the values out of every error that comes out of `engine`: errors end in logs."""

    @event.listens_for(engine, "handle_error")
    def handle_error(context: ExceptionContext) -> None:
        original = without_values(context.original_exception)
        if context.sqlalchemy_exception is not None:
            kind = type(original)
            context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__name__}) {original}",)


def without_values(error: BaseException) -> BaseException:
    """The driver's error, saying no more than its kind and the names in the schema.

    PostgreSQL writes the refused row behind its message. SQLite's messages have no values.
    """
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith(TELLING):
        error.args = (_said(error, state),)
    return error


def _said(error: Any, state: str) -> str:
    names = [name for name in (getattr(error.diag, key) for key in NAMES) if name]
    return " ".join([type(error).__name__, state, *names])
