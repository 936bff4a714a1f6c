"""The administrators' page of API keys: made, shown once, their usage, revoked."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from translate import forms
from translate.errors import ApiKeyError
from translate.forms import Form, Office
from translate.keys import create_key, list_keys, revoke_key, usage

USAGE_DAYS = 30
LIMITS = ("characters_per_day", "requests_per_minute")
LONGEST_NAME = 80


def blueprint(office: Office) -> Blueprint:
    """`/keys`, to be registered under the guarded admin blueprint; for administrators."""
    bp = Blueprint("desk_keys", __name__)
    bp.before_request(office.admin)

    def page(form: Form, secret: str = "") -> str:
        since = datetime.now(UTC).date() - timedelta(days=USAGE_DAYS)
        return render_template(
            "admin/keys.html",
            form=form,
            secret=secret,
            keys=list_keys(office.session()),
            used=usage(office.session(), since=since),
            days=USAGE_DAYS,
        )

    @bp.get("")
    def listing() -> ResponseReturnValue:
        return page(_empty())

    @bp.post("")
    def create() -> ResponseReturnValue:
        form = forms.sent("name", *LIMITS)
        limits = {name: _limit(form, name) for name in LIMITS}
        name = " ".join(form.typed["name"].split())
        if not 1 <= len(name) <= LONGEST_NAME:
            form.refuse("name", _("A name has 1 to %(n)s characters.", n=LONGEST_NAME))
        if form.errors:
            return page(form), 422
        try:
            key, secret = create_key(
                office.session(),
                name,
                secrets.token_urlsafe(32),
                characters_per_day=limits["characters_per_day"],
                requests_per_minute=limits["requests_per_minute"],
                now=datetime.now(UTC),
            )
        except ApiKeyError:
            form.refuse("name", _("There is a key of this name already; revoked keys keep theirs."))
            return page(form), 422
        office.audit("key made", key.name)
        # No redirect: the secret would have to be kept on the way, and it is kept nowhere.
        return page(_empty(), secret), 201

    @bp.post("/<int:number>/revoke")
    def revoke(number: int) -> ResponseReturnValue:
        key = next((k for k in list_keys(office.session()) if k.id == number), None)
        if key is None:
            abort(404)
        try:
            revoke_key(office.session(), key.name, now=datetime.now(UTC))
        except ApiKeyError:
            flash(_("This key was revoked before."))
        else:
            office.audit("key revoked", key.name)
            flash(_("Revoked: %(name)s", name=key.name))
        return redirect(url_for(".listing"), 303)

    return bp


def _empty() -> Form:
    return Form(typed=dict.fromkeys(("name", *LIMITS), ""))


def _limit(form: Form, name: str) -> int | None:
    text = form.typed[name]
    if not text:
        return None
    if not forms.is_number(text) or int(text) < 1:
        form.refuse(name, _("Write a number from 1 up, or leave it empty for no limit."))
        return None
    return int(text)
