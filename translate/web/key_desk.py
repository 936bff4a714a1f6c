"""The administrators' page of API keys: made, shown once, their usage, revoked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from translate.errors import ApiKeyError
from translate.keys import LONGEST_NAME, Key, create_key, list_keys, revoke_key, usage
from translate.web import forms
from translate.web.forms import Form, Office

USAGE_DAYS = 30
LIMITS = ("characters_per_day", "requests_per_minute")


def blueprint(office: Office) -> Blueprint:
    """`/keys`, to be registered under the guarded admin blueprint; for administrators."""
    bp = Blueprint("desk_keys", __name__)
    bp.before_request(office.admin)
    desk = KeyDesk(office)
    bp.get("")(desk.listing)
    bp.post("")(desk.create)
    bp.get("/<int:number>/revoke")(desk.revoke_form)
    bp.post("/<int:number>/revoke")(desk.revoke)
    return bp


@dataclass(frozen=True, slots=True)
class KeyDesk:
    """The views of the API keys."""

    office: Office

    def listing(self) -> ResponseReturnValue:
        """The keys and what was used with them, and an empty form for one more."""
        return self._page(_empty())

    def create(self) -> ResponseReturnValue:
        """A new key, shown this once."""
        form = forms.sent("name", *LIMITS)
        name = _name(form)
        limits = {limit: _limit(form, limit) for limit in LIMITS}
        if form.errors:
            return self._page(form), 422
        secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
        try:
            key, shown = create_key(self.office.session(), name, secret, **limits, now=now)
        except ApiKeyError:
            form.refuse("name", _("There is a key of this name already; revoked keys keep theirs."))
            return self._page(form), 422
        self.office.audit("key made", key.name)
        # No redirect: the secret would have to be kept on the way, and it is kept nowhere.
        return self._page(_empty(), shown), 201

    def revoke_form(self, number: int) -> ResponseReturnValue:
        """What revoking a key means."""
        key = self._one(number)
        return render_template(
            "admin/confirm.html",
            heading=_("Revoke this key"),
            subject=key.name,
            explanation=_(
                "Whatever uses it is refused from now on. "
                "A key that was revoked cannot be restored."
            ),
            action=url_for(".revoke", number=number),
            button=_("Revoke the key"),
            back=url_for(".listing"),
        )

    def revoke(self, number: int) -> ResponseReturnValue:
        """A key that nobody can use from now on."""
        key = self._one(number)
        try:
            revoke_key(self.office.session(), key.name, now=datetime.now(UTC))
        except ApiKeyError:
            flash(_("This key was revoked before."))
        else:
            self.office.audit("key revoked", key.name)
            flash(_("Revoked: %(name)s", name=key.name))
        return redirect(url_for(".listing"), 303)

    def _one(self, number: int) -> Key:
        keys = list_keys(self.office.session())
        return next((k for k in keys if k.id == number), None) or abort(404)

    def _page(self, form: Form, secret: str = "") -> str:
        since = datetime.now(UTC).date() - timedelta(days=USAGE_DAYS)
        return render_template(
            "admin/keys.html",
            form=form,
            secret=secret,
            keys=list_keys(self.office.session()),
            used=usage(self.office.session(), since=since),
            days=USAGE_DAYS,
        )


def _empty() -> Form:
    return Form(typed=dict.fromkeys(("name", *LIMITS), ""))


def _name(form: Form) -> str:
    name = " ".join(form.typed["name"].split())
    if not 1 <= len(name) <= LONGEST_NAME:
        form.refuse("name", _("A name has 1 to %(n)s characters.", n=LONGEST_NAME))
    return name


def _limit(form: Form, name: str) -> int | None:
    text = form.typed[name]
    if not text:
        return None
    if not forms.is_number(text) or int(text) < 1:
        form.refuse(name, _("Write a number from 1 up, or leave it empty for no limit."))
        return None
    return int(text)
