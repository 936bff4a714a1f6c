"""The administrators' page of accounts, and everybody's page for one's own password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from survey import users
from survey.accounts import (
    LONGEST_NAME,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    AccountError,
    account,
    checked_name,
    generate_password,
)
from survey.auth import require, start_session
from survey.forms import Form
from survey.roles import Role
from survey.users import LastAdmin, NameTaken, UnknownAccount, User, WrongPassword

ROLES: dict[str, Any] = {
    Role.VIEWER.value: _l("Viewer: reads reports"),
    Role.EDITOR.value: _l("Editor: also answers, articles and translations"),
    Role.ADMIN.value: _l("Administrator: also accounts, keys and packages"),
}


def blueprint(*, session: Callable[[], Session]) -> Blueprint:
    """`/users` and `/password`, to be registered under the guarded admin blueprint."""
    bp = Blueprint("users", __name__)

    def page(form: Form, made: str = "", password: str = "") -> str:
        return render_template(
            "admin/users.html",
            form=form,
            roles=ROLES,
            found=users.list_users(session()),
            made=made,
            password=password,
        )

    def one(user_id: int) -> User:
        require(Role.ADMIN)
        found = next((u for u in users.list_users(session()) if u.id == user_id), None)
        if found is None:
            abort(404)
        return found

    def user_page(found: User, form: Form, password: str = "") -> str:
        return render_template(
            "admin/user.html", form=form, user=found, roles=ROLES, password=password
        )

    @bp.get("/users")
    def listing() -> ResponseReturnValue:
        require(Role.ADMIN)
        return page(_empty())

    @bp.post("/users")
    def create() -> ResponseReturnValue:
        require(Role.ADMIN)
        form = Form(typed={n: request.form.get(n, "").strip()[:300] for n in ("name", "role")})
        if form.typed["role"] not in ROLES:
            form.refuse("role", _("Choose one of the list."))
        try:
            name = checked_name(form.typed["name"])
        except AccountError:
            form.refuse("name", _("A name has 1 to %(n)s characters.", n=LONGEST_NAME))
        if form.errors:
            return page(form), 422
        password, role = generate_password(), Role(form.typed["role"])
        try:
            users.add_user(session(), name, password, role, actor=_who(), now=datetime.now(UTC))
        except NameTaken:
            form.refuse("name", _("There is an account of this name already."))
            return page(form), 422
        # No redirect: the password would have to be kept on the way, and it is kept nowhere.
        return page(_empty(), name, password), 201

    @bp.get("/users/<int:user_id>")
    def user(user_id: int) -> ResponseReturnValue:
        found = one(user_id)
        return user_page(found, Form(typed={"role": found.role.value}))

    @bp.post("/users/<int:user_id>/role")
    def role(user_id: int) -> ResponseReturnValue:
        found = one(user_id)
        form = Form(typed={"role": request.form.get("role", "")})
        if form.typed["role"] not in ROLES:
            form.refuse("role", _("Choose one of the list."))
            return user_page(found, form), 422
        wanted = Role(form.typed["role"])
        try:
            users.change_role(session(), user_id, wanted, actor=_who(), now=datetime.now(UTC))
        except LastAdmin:
            form.refuse("role", _("This is the last administrator. Make another one first."))
            return user_page(found, form), 422
        except UnknownAccount:
            abort(404)
        flash(_("Saved."))
        return redirect(url_for(".listing"), 303)

    @bp.post("/users/<int:user_id>/password")
    def new_password(user_id: int) -> ResponseReturnValue:
        found = one(user_id)
        password = generate_password()
        try:
            users.set_password(session(), user_id, password, actor=_who(), now=datetime.now(UTC))
        except UnknownAccount:
            abort(404)
        _stay_signed_in(session(), user_id)
        return user_page(found, Form(typed={"role": found.role.value}), password)

    @bp.get("/users/<int:user_id>/remove")
    def remove_form(user_id: int) -> ResponseReturnValue:
        found = one(user_id)
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this account"),
            subject=found.name,
            explanation=_("It can no longer sign in. What it did stays in the log."),
            action=url_for(".remove", user_id=user_id),
            button=_("Remove the account"),
            back=url_for(".user", user_id=user_id),
        )

    @bp.post("/users/<int:user_id>/remove")
    def remove(user_id: int) -> ResponseReturnValue:
        found = one(user_id)
        try:
            users.remove_user(session(), user_id, actor=_who(), now=datetime.now(UTC))
        except LastAdmin:
            form = Form(typed={"role": found.role.value})
            form.refuse("role", _("This is the last administrator. Make another one first."))
            return user_page(found, form), 422
        except UnknownAccount:
            abort(404)
        flash(_("Removed: %(title)s", title=found.name))
        return redirect(url_for(".listing"), 303)

    @bp.get("/password")
    def own_password() -> ResponseReturnValue:
        return render_template("admin/password.html", form=Form(typed={}))

    @bp.post("/password")
    def change_own_password() -> ResponseReturnValue:
        form = Form(typed={})
        old, new = request.form.get("old", ""), request.form.get("new", "")
        if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
            form.refuse(
                "new",
                _(
                    "A password has %(least)s to %(most)s characters.",
                    least=SHORTEST_PASSWORD,
                    most=LONGEST_PASSWORD,
                ),
            )
        elif new != request.form.get("again", ""):
            form.refuse("again", _("The new password was typed in two ways."))
        else:
            me, now = g.account, datetime.now(UTC)
            try:
                users.change_own_password(session(), me.id, me.name, old, new, now=now)
            except WrongPassword:
                form.refuse("old", _("This is not your password."))
        if form.errors:
            return render_template("admin/password.html", form=form), 422
        _stay_signed_in(session(), g.account.id)
        flash(_("Your password was changed. On other browsers you are signed out."))
        return redirect(url_for(".own_password"), 303)

    return bp


def _empty() -> Form:
    return Form(typed={"name": "", "role": Role.VIEWER.value})


def _who() -> str:
    return str(g.account.name)


def _stay_signed_in(database: Session, user_id: int) -> None:
    """A new password ends every session of an account, but not the one in which it was changed."""
    if user_id == g.account.id:
        me = account(database, user_id)
        if me is not None:
            start_session(me, datetime.now(UTC))
