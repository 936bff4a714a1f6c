"""The session of whoever signs in; on visitors' pages no cookie is read, and none can be set."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class AdminSessions(SecureCookieSessionInterface):
    """Flask's own sessions, for the admin pages alone."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override] # Flask returns either kind
        """What the cookie says; elsewhere a session that is empty and refuses to be written to."""
        if request.path.startswith("/admin"):
            return super().open_session(app, request)
        return self.make_null_session(app)
