"""Signing in to the admin pages, and the one guard in front of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.orm import Session

from survey.accounts.accounts import LONGEST_NAME, audit, authenticate, end_sessions
from survey.accounts.roles import Role
from survey.answering.limits import LOGINS, LOGINS_OF_NETWORK, Buckets, network, of_network
from survey.web.auth import signed_in, start_session
from survey.web.forms import Form
from survey.web.late_form import give_back

# Room for a long article, sentence by sentence and percent-encoded; no more is read of strangers.
LARGEST_FORM = 4 * 1024 * 1024
OPEN_TO_ALL = {"admin.login_form", "admin.login"}


def blueprint(
    *,
    sessions: Callable[[], Session],
    buckets: Buckets,
    monotonic: Callable[[], float],
    csrf: CSRFProtect,
    uploads: Mapping[str, int],
    written: Collection[str] = (),
) -> Blueprint:
    """The parent of every admin page: what is nested in it is reached by accounts only.

    :param uploads: the most bytes of a request to endpoints at which administrators may send more
        than others.
    :param written: names of fields whose text is given back when a form comes too late.
    """
    bp = Blueprint("admin", __name__, url_prefix="/admin")
    guard = Guard(sessions, csrf, uploads, written)
    bp.before_request(guard.check)
    bp.register_error_handler(CSRFError, guard.stale_form)
    views = LoginViews(sessions, buckets, monotonic)
    bp.get("/login")(views.login_form)
    bp.post("/login")(views.login)
    bp.post("/logout")(views.logout)
    bp.get("/<path:_nowhere>")(views.nowhere)
    return bp


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands before every admin page."""

    sessions: Callable[[], Session]
    csrf: CSRFProtect
    uploads: Mapping[str, int]
    written: Collection[str]

    def check(self) -> ResponseReturnValue | None:
        """Let accounts pass, and what they send when it comes from a page of ours."""
        g.account = signed_in(self.sessions(), now=datetime.now(UTC))
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            request.max_form_memory_size = LARGEST_FORM
            # Settled before the form is read: nobody else may fill the disk with a large file.
            endpoint = request.endpoint or ""
            if endpoint in self.uploads and g.account and g.account.role is Role.ADMIN:
                request.max_content_length = self.uploads[endpoint]
            self.csrf.protect()
        _remember_language()
        if g.account is None and request.endpoint not in OPEN_TO_ALL:
            return redirect(url_for("admin.login_form", next=_here()), 303)
        return None

    def stale_form(self, _error: CSRFError) -> ResponseReturnValue:
        """A form whose token is over, or is none."""
        return give_back(self.written)


@dataclass(frozen=True, slots=True)
class LoginViews:
    """The views of signing in and out."""

    sessions: Callable[[], Session]
    buckets: Buckets
    monotonic: Callable[[], float]

    def login_form(self) -> ResponseReturnValue:
        """An empty form."""
        return render_template("admin/login.html", form=Form(typed={}))

    def login(self) -> ResponseReturnValue:
        """A session for a name and its password."""
        form, password = _credentials()
        if form.errors:
            return render_template("admin/login.html", form=form), 422
        name = form.typed["name"]
        if wait := self._wait(name):
            form.refuse("password", _("Too many attempts. Wait half a minute and try again."))
            page = render_template("admin/login.html", form=form)
            return page, 429, {"Retry-After": str(int(wait) + 1)}
        found = authenticate(self.sessions(), name, password)
        if found is None:
            form.refuse("name", _("Name or password is wrong."))
            return render_template("admin/login.html", form=form), 422
        now = datetime.now(UTC)
        start_session(found, now)
        audit(self.sessions(), actor=found.name, action="signed in", target=found.name, now=now)
        return redirect(_after_login(request.args.get("next", "")), 303)

    def logout(self) -> ResponseReturnValue:
        """No session any more, on any browser."""
        if g.account is not None:
            # On every browser: whoever signs out may do so because a cookie got away.
            end_sessions(self.sessions(), g.account.id)
            name, now = g.account.name, datetime.now(UTC)
            audit(self.sessions(), actor=name, action="signed out", target=name, now=now)
        session.clear()
        return redirect(url_for("admin.login_form"), 303)

    def nowhere(self, _nowhere: str) -> ResponseReturnValue:
        """No page; known to the guard, so that an account is told with the menu beside it."""
        abort(404)

    def _wait(self, name: str) -> float:
        """Seconds until the next attempt is taken, from this network or with this name."""
        where = request.remote_addr
        wanted = of_network("logins", where, LOGINS_OF_NETWORK)
        own = f"login {name.casefold()} {network(where)}"
        wait = self.buckets.take_each(wanted, at=self.monotonic())
        return wait or self.buckets.take(own, LOGINS, at=self.monotonic())


def _credentials() -> tuple[Form, str]:
    """The name as it was typed, with what is wrong with it, and the password."""
    # Spaces around a name are not part of it; without this each spelling would be another name.
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    form = Form(typed={"name": name})
    if not name:
        form.refuse("name", _("Enter your name"))
    elif len(name) > LONGEST_NAME or not name.isprintable():
        form.typed["name"] = ""
        form.refuse("name", _("A name has 1 to %(n)s characters.", n=LONGEST_NAME))
    if not password:
        form.refuse("password", _("Enter your password"))
    return form, password


def _remember_language() -> None:
    asked = request.args.get("lang", "")
    if asked and len(asked) < 10 and session.get("language") != asked:
        session["language"] = asked


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def _after_login(wanted: str) -> str:
    """The admin page asked for before; anything that is not one of our own pages is ignored."""
    if wanted.startswith("/admin/") and "\\" not in wanted and "//" not in wanted:
        return wanted
    return url_for("admin.dashboard.front")
