"""Everybody's page for one's own password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.accounts import users
from survey.accounts.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from survey.accounts.users import WrongPassword
from survey.web.auth import current_account, stay_signed_in
from survey.web.forms import Form


@dataclass(frozen=True, slots=True)
class PasswordViews:
    """The views of one's own password, which stand beside those of the accounts."""

    session: Callable[[], Session]

    def own_password(self) -> ResponseReturnValue:
        """An empty form."""
        return render_template("admin/password.html", form=Form(typed={}))

    def change_own_password(self) -> ResponseReturnValue:
        """Another password; on other browsers the account is signed out."""
        form, me = Form(typed={}), current_account()
        old, new = request.form.get("old", ""), _new_password(form)
        if not form.errors:
            now = datetime.now(UTC)
            try:
                users.change_own_password(self.session(), me.id, me.name, old, new, now=now)
            except WrongPassword:
                form.refuse("old", _("This is not your password."))
        if form.errors:
            return render_template("admin/password.html", form=form), 422
        stay_signed_in(self.session(), me.id)
        flash(_("Your password was changed. On other browsers you are signed out."))
        return redirect(url_for(".own_password"), 303)


def _new_password(form: Form) -> str:
    """What was typed twice; the form says what is wrong with it."""
    new = request.form.get("new", "")
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        message = _(
            "A password has %(least)s to %(most)s characters.",
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
        )
        form.refuse("new", message)
    elif new != request.form.get("again", ""):
        form.refuse("again", _("The new password was typed in two ways."))
    return new
