"""The administrators' pages of accounts: made, given another role or password, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from survey.accounts import users
from survey.accounts.accounts import (
    LONGEST_NAME,
    AccountError,
    NameOfProgram,
    checked_name,
    generate_password,
)
from survey.accounts.roles import Role
from survey.accounts.users import LastAdmin, NameTaken, UnknownAccount, User
from survey.web.auth import current_account, require, stay_signed_in
from survey.web.forms import Form
from survey.web.password_views import PasswordViews

ROLES: dict[str, Any] = {
    Role.VIEWER.value: _l("Viewer: reads reports"),
    Role.EDITOR.value: _l("Editor: also answers, articles and translations"),
    Role.ADMIN.value: _l("Administrator: also accounts, keys and packages"),
}


def blueprint(*, session: Callable[[], Session]) -> Blueprint:
    """`/users` and `/password`, to be registered under the guarded admin blueprint."""
    bp = Blueprint("users", __name__)
    views, own = UserViews(session), PasswordViews(session)
    bp.get("/users")(views.listing)
    bp.post("/users")(views.create)
    bp.get("/users/<int:user_id>")(views.user)
    bp.post("/users/<int:user_id>/role")(views.role)
    bp.post("/users/<int:user_id>/password")(views.new_password)
    bp.get("/users/<int:user_id>/remove")(views.remove_form)
    bp.post("/users/<int:user_id>/remove")(views.remove)
    bp.get("/password")(own.own_password)
    bp.post("/password")(own.change_own_password)
    return bp


@dataclass(frozen=True, slots=True)
class UserViews:
    """The views of the accounts; for administrators."""

    session: Callable[[], Session]

    def listing(self) -> ResponseReturnValue:
        """The accounts, and an empty form for one more."""
        require(Role.ADMIN)
        return self._page(_empty())

    def create(self) -> ResponseReturnValue:
        """A new account, with its password shown this once."""
        require(Role.ADMIN)
        form = Form(typed={n: request.form.get(n, "").strip()[:300] for n in ("name", "role")})
        role, name = _role(form), _name(form)
        if role is None or name is None:
            return self._page(form), 422
        password, now = generate_password(), datetime.now(UTC)
        try:
            users.add_user(self.session(), name, password, role, actor=_who(), now=now)
        except NameTaken:
            form.refuse("name", _("There is an account of this name already."))
            return self._page(form), 422
        # No redirect: the password would have to be kept on the way, and it is kept nowhere.
        return self._page(_empty(), name, password), 201

    def user(self, user_id: int) -> ResponseReturnValue:
        """One account."""
        found = self._one(user_id)
        return _user_page(found, _as_it_is(found))

    def role(self, user_id: int) -> ResponseReturnValue:
        """An account with another role."""
        found = self._one(user_id)
        form = Form(typed={"role": request.form.get("role", "")})
        role, now = _role(form), datetime.now(UTC)
        if role is None:
            return _user_page(found, form), 422
        try:
            users.change_role(self.session(), user_id, role, actor=_who(), now=now)
        except LastAdmin:
            return _last_admin(found, form)
        except UnknownAccount:
            abort(404)
        flash(_("Saved."))
        return redirect(url_for(".listing"), 303)

    def new_password(self, user_id: int) -> ResponseReturnValue:
        """An account with a new password, shown this once."""
        found = self._one(user_id)
        password, now = generate_password(), datetime.now(UTC)
        try:
            users.set_password(self.session(), user_id, password, actor=_who(), now=now)
        except UnknownAccount:
            abort(404)
        stay_signed_in(self.session(), user_id)
        return _user_page(found, _as_it_is(found), password)

    def remove_form(self, user_id: int) -> ResponseReturnValue:
        """What removing an account means."""
        found = self._one(user_id)
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this account"),
            subject=found.name,
            explanation=_("It can no longer sign in. What it did stays in the log."),
            action=url_for(".remove", user_id=user_id),
            button=_("Remove the account"),
            back=url_for(".user", user_id=user_id),
        )

    def remove(self, user_id: int) -> ResponseReturnValue:
        """One account less."""
        found = self._one(user_id)
        try:
            users.remove_user(self.session(), user_id, actor=_who(), now=datetime.now(UTC))
        except LastAdmin:
            return _last_admin(found, _as_it_is(found))
        except UnknownAccount:
            abort(404)
        flash(_("Removed: %(title)s", title=found.name))
        return redirect(url_for(".listing"), 303)

    def _page(self, form: Form, made: str = "", password: str = "") -> str:
        return render_template(
            "admin/users.html",
            form=form,
            roles=ROLES,
            found=users.list_users(self.session()),
            made=made,
            password=password,
        )

    def _one(self, user_id: int) -> User:
        require(Role.ADMIN)
        found = users.list_users(self.session())
        return next((u for u in found if u.id == user_id), None) or abort(404)


def _user_page(found: User, form: Form, password: str = "") -> str:
    return render_template("admin/user.html", form=form, user=found, roles=ROLES, password=password)


def _last_admin(found: User, form: Form) -> ResponseReturnValue:
    form.refuse("role", _("This is the last administrator. Make another one first."))
    return _user_page(found, form), 422


def _empty() -> Form:
    return Form(typed={"name": "", "role": Role.VIEWER.value})


def _as_it_is(found: User) -> Form:
    return Form(typed={"role": found.role.value})


def _role(form: Form) -> Role | None:
    if form.typed["role"] not in ROLES:
        form.refuse("role", _("Choose one of the list."))
        return None
    return Role(form.typed["role"])


def _name(form: Form) -> str | None:
    try:
        return checked_name(form.typed["name"])
    except NameOfProgram:
        form.refuse("name", _("The audit log calls a program so. Choose another name."))
        return None
    except AccountError:
        form.refuse("name", _("A name has 1 to %(n)s characters.", n=LONGEST_NAME))
        return None


def _who() -> str:
    return current_account().name
