"""Signing in to the admin pages, and the one guard in front of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.orm import Session

from survey.accounts import (
    LONGEST_NAME,
    LONGEST_TARGET,
    Account,
    account,
    audit,
    authenticate,
    end_sessions,
)
from survey.forms import Form
from survey.limits import LOGINS, LOGINS_OF_NETWORK, Buckets, network
from survey.roles import Role

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
# A long article, sentence by sentence and percent-encoded, takes more than Flask's 500 kB.
LARGEST_FORM = 4 * 1024 * 1024
OPEN_TO_ALL = {"admin.login_form", "admin.login"}
RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.ADMIN: 2}


def blueprint(
    *,
    sessions: Callable[[], Session],
    buckets: Buckets,
    monotonic: Callable[[], float],
    csrf: CSRFProtect,
    uploads: Mapping[str, int],
) -> Blueprint:
    """The parent of every admin page: what is nested in it is reached by accounts only.

    :param uploads: the most bytes of a request to endpoints at which administrators may send more
        than others.
    """
    bp = Blueprint("admin", __name__, url_prefix="/admin")

    @bp.before_request
    def guard() -> ResponseReturnValue | None:
        g.account = signed_in(sessions(), now=datetime.now(UTC))
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            request.max_form_memory_size = LARGEST_FORM
            # Settled before the form is read: nobody else may fill the disk with a large file.
            endpoint = request.endpoint or ""
            if endpoint in uploads and g.account and g.account.role is Role.ADMIN:
                request.max_content_length = uploads[endpoint]
            csrf.protect()
        _remember_language()
        if g.account is None and request.endpoint not in OPEN_TO_ALL:
            return redirect(url_for("admin.login_form", next=_here()), 303)
        return None

    @bp.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> ResponseReturnValue:
        flash(_("This page had been open for too long. Please try again."))
        return redirect(url_for("admin.login_form"), 303)

    @bp.get("/login")
    def login_form() -> ResponseReturnValue:
        return render_template("admin/login.html", form=Form(typed={}))

    @bp.post("/login")
    def login() -> ResponseReturnValue:
        form, password = _credentials()
        if form.errors:
            return render_template("admin/login.html", form=form), 422
        name = form.typed["name"]
        where = network(request.remote_addr)
        wait = buckets.take(f"logins {where}", LOGINS_OF_NETWORK, at=monotonic())
        wait = wait or buckets.take(f"login {name.casefold()} {where}", LOGINS, at=monotonic())
        if wait:
            form.refuse("password", _("Too many attempts. Wait half a minute and try again."))
            page = render_template("admin/login.html", form=form)
            return page, 429, {"Retry-After": str(int(wait) + 1)}
        found = authenticate(sessions(), name, password)
        if found is None:
            form.refuse("name", _("Name or password is wrong."))
            return render_template("admin/login.html", form=form), 422
        now = datetime.now(UTC)
        start_session(found, now)
        audit(sessions(), actor=found.name, action="signed in", target=found.name, now=now)
        return redirect(_after_login(request.args.get("next", "")), 303)

    @bp.post("/logout")
    def logout() -> ResponseReturnValue:
        if g.account is not None:
            # On every browser: whoever signs out may do so because a cookie got away.
            end_sessions(sessions(), g.account.id)
            name = g.account.name
            audit(sessions(), actor=name, action="signed out", target=name, now=datetime.now(UTC))
        session.clear()
        return redirect(url_for("admin.login_form"), 303)

    @bp.get("/<path:_nowhere>")
    def nowhere(_nowhere: str) -> ResponseReturnValue:
        # Known to the guard, so that an account is told with the menu beside it.
        abort(404)

    return bp


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


def signed_in(database: Session, *, now: datetime) -> Account | None:
    """The account of this browser's session, while it is neither idle nor old nor changed."""
    stored = session.get("account")
    if not isinstance(stored, dict):
        return None
    started = datetime.fromtimestamp(stored["started"], UTC)
    seen = datetime.fromtimestamp(stored["seen"], UTC)
    found = account(database, stored["id"])
    over = now - started > ABSOLUTE or now - seen > IDLE
    if found is None or found.mark != stored["mark"] or over:
        session.clear()
        return None
    # Written once a minute, so that not every picture of a page sets the cookie again.
    if now - seen > timedelta(minutes=1):
        session["account"] = stored | {"seen": int(now.timestamp())}
    return found


def require(role: Role) -> None:
    """Stop here with 403 unless the signed-in account has at least this role."""
    found: Account | None = g.get("account")
    if found is None or RANK[found.role] < RANK[role]:
        abort(403)


def has(role: Role) -> bool:
    """Whether the signed-in account has at least this role."""
    return RANK[current_account().role] >= RANK[role]


def current_account() -> Account:
    """Who is signed in; the guard has let nobody else in."""
    found: Account = g.account
    return found


def note(database: Session, action: str, target: str) -> None:
    """Note that the signed-in account did this to this object."""
    audit(
        database,
        actor=current_account().name,
        action=action,
        target=target[:LONGEST_TARGET],
        now=datetime.now(UTC),
    )


def start_session(found: Account, now: datetime) -> None:
    """Sign an account in on this browser."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    moment = int(now.timestamp())
    session["account"] = {"id": found.id, "mark": found.mark, "started": moment, "seen": moment}


def stay_signed_in(database: Session, user_id: int) -> None:
    """Keep the session in which somebody changed their own password.

    A new password ends every session of its account; this one begins anew.
    """
    if user_id != current_account().id:
        return
    found = account(database, user_id)
    if found is not None:
        start_session(found, datetime.now(UTC))


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
