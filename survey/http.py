"""What every answer has: security headers, error pages in the reader's language, health."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
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

POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
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
    404: _l("Check the address, or start from the list of articles."),
    405: _l("Start from the list of articles."),
    413: _l("Go back and send a shorter text."),
    422: _l("Go back, correct what was entered and send it again."),
    429: _l("Wait a moment, then try again."),
    500: _l("It is not your fault. Nothing that was stored is lost. Try again in a few minutes."),
    503: _l("Nothing that was stored is lost. Try again in a few minutes."),
}
FAILSAFE = "<!doctype html><html lang=en><title>Error</title><h1>Something went wrong here</h1>"


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers and the error pages."""

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.mimetype == "text/html":
            # Forms carry a token for one visitor; a browser's own Back may still show its copy.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.path.startswith("/admin"):
            response.headers["Cache-Control"] = "no-store"
        return response

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
    return request.path.startswith(API_PATHS)


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
        return f"Invalid request: the body exceeds the limit of {most} bytes"
    return error.description or error.name


def blueprint(ready: Callable[[], dict[str, str]]) -> Blueprint:
    """`/health` (the process lives) and `/ready` (`ready` returns what is wrong, by part)."""
    bp = Blueprint("http", __name__)

    @bp.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(status="ok")

    @bp.get("/ready")
    def readiness() -> ResponseReturnValue:
        wrong = ready()
        state = "unavailable" if wrong else "ready"
        answer = jsonify(status=state, version=version("rayak"), problems=wrong)
        return answer, 503 if wrong else 200

    @bp.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        return current_app.send_static_file("favicon.svg")

    return bp
