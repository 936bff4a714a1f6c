"""What is answered when something goes wrong: a page in the reader's language, or JSON."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    ServiceUnavailable,
)

log = logging.getLogger(__name__)

# Programs call these; they get their errors as JSON too.
API_PATHS = (
    "/translate",
    "/detect",
    "/languages",
    "/suggest",
    "/translate_file",
    "/download_file",
    "/frontend/",
    "/health",
    "/ready",
    "/usage",
    "/openapi.json",
    "/embed/",
)
TITLES: dict[int, Any] = {
    400: _l("This request could not be understood"),
    403: _l("You may not see this page"),
    404: _l("Page not found"),
    405: _l("This address does not take such requests"),
    413: _l("Too much was sent at once"),
    422: _l("Something needs correcting"),
    429: _l("Too many requests"),
    500: _l("Something went wrong here"),
    503: _l("The service is busy"),
}
ADVICE: dict[int, Any] = {
    400: _l("Go back, load the page anew and try again."),
    403: _l("Your account has no right to it. Ask an administrator."),
    404: _l("Check the address, or go on from here:"),
    405: _l("Go on from here:"),
    413: _l("Go back and send a shorter text."),
    422: _l("Go back, correct what was entered and send it again."),
    429: _l("Wait a moment, then try again."),
    500: _l("It is not your fault. Nothing that was stored is lost. Try again in a few minutes."),
    503: _l("Nothing that was stored is lost. Try again in a few minutes."),
}
FAILSAFE = "<!doctype html><html lang=en><title>Error</title><h1>Something went wrong here</h1>"


def init_app(app: Flask) -> None:
    """Answer every error."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        return _answer(error)

    @app.errorhandler(DataError)
    def unstorable(error: DataError) -> ResponseReturnValue:
        log.warning("the database cannot hold what was sent: %s", error.orig)
        return _answer(BadRequest("The request holds characters that cannot be stored"))

    @app.errorhandler(PoolTimeout)
    def no_connection(_error: PoolTimeout) -> ResponseReturnValue:
        return _answer(ServiceUnavailable(retry_after=5))

    @app.errorhandler(OperationalError)
    def database_error(error: OperationalError) -> ResponseReturnValue:
        log.error("database: %s", error.orig)
        return _answer(ServiceUnavailable(retry_after=5))

    @app.errorhandler(Exception)
    def unexpected(_error: Exception) -> ResponseReturnValue:
        log.exception("unexpected error at %s", request.endpoint)
        return _answer(InternalServerError())


def is_api() -> bool:
    """Whether this request comes from a program, not from a reader of pages."""
    if request.path == "/translate" and request.method in ("GET", "HEAD"):
        return False
    # A mistyped address tells no program from a reader; what was sent does.
    sends_json = request.mimetype == "application/json"
    return sends_json or request.path.startswith(API_PATHS)


def _answer(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    kept = {k: v for k, v in error.get_headers() if k in ("Retry-After", "Allow")}
    if is_api():
        return jsonify(error=_message(error)), code, kept
    known = code if code in TITLES else 400 if code < 500 else 500
    try:
        page = render_template("errors/error.html", title=TITLES[known], advice=ADVICE[known])
    except Exception:
        # The error page itself must not fail: what broke may be the templates or the catalogues.
        log.exception("the error page failed")
        page = FAILSAFE
    return page, code, kept


def _message(error: HTTPException) -> str:
    """What went wrong, for whoever wrote the program that asked."""
    most = request.max_content_length
    if isinstance(error, RequestEntityTooLarge) and most:
        if (request.content_length or most) < most:
            return f"Invalid request: the form has more than {request.max_form_parts} fields"
        return f"Invalid request: the body exceeds the limit of {most} bytes"
    return error.description or error.name
