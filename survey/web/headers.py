"""The headers that every answer has: what a browser may load, keep and tell others."""

from __future__ import annotations

from flask import Flask, Response, request

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


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer."""
    always = dict(HEADERS)
    if https:
        always["Strict-Transport-Security"] = "max-age=31536000"

    @app.after_request
    def headers(response: Response) -> Response:
        given = {name.lower() for name, _ in response.headers}
        response.headers.extend((n, v) for n, v in always.items() if n.lower() not in given)
        if response.mimetype == "text/html":
            # Forms carry a token for one visitor; a browser's own Back may still show its copy.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.path.startswith("/admin"):
            response.headers["Cache-Control"] = "no-store"
        return response
