"""Flask itself as every page needs it: its settings, headers, error pages and middleware."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from survey.app.own_modules import ROOT
from survey.settings import Settings
from survey.web import error_pages, headers
from survey.web.admin_session import AdminSessions
from survey.web.filters import GREATEST_KEY
from survey.web.lingering import Lingering

LARGEST_REQUEST = 16 * 1024 * 1024
# More than the texts of any list and its other fields, which are refused by what they are.
MOST_FIELDS = 2_000


class Key(IntegerConverter):
    """The number of a row in an address; past what a key can be there is no such page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=GREATEST_KEY)


class Name(UnicodeConverter):
    """A name in an address; with NUL, which PostgreSQL cannot even look for, nothing has one."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = self.regex.replace("[^/]", r"[^/\0]")


def make_flask(settings: Settings) -> Flask:
    """An application without pages."""
    app = Flask("survey", root_path=str(ROOT / "survey"), template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_keys[-1],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[:-1]),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        # A form is as good as JSON: nothing of it is too long that is not too long there.
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FIELDS,
        SESSION_COOKIE_NAME="__Host-rayak" if settings.secure_cookies else "rayak-admin",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    app.url_map.converters["int"] = Key
    app.url_map.converters["default"] = Name
    app.session_interface = AdminSessions()
    # JSON in UTF-8, as LibreTranslate sends it; six bytes for each Arabic letter would be a waste.
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # of Flask's default provider
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = settings.organisation_in
    app.wsgi_app = Lingering(app.wsgi_app)  # type: ignore[method-assign] # Flask's documented way
    if n := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign] # as above
    headers.init_app(app, https=settings.secure_cookies)
    error_pages.init_app(app)
    return app
