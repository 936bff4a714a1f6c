"""A form that came too late to be taken: what was typed into it is given back."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _


def give_back(written: Collection[str]) -> ResponseReturnValue:
    """A page with the texts of the form that was sent; without any, the way to sign in.

    Another site's form is not shown: its words would stand on a page of ours.

    :param written: fields into which people write at length.
    """
    texts = ["\n\n".join(request.form.getlist(name)).strip() for name in written]
    if any(texts) and _is_from_here():
        kept = [text for text in texts if text]
        return render_template("admin/late_form.html", kept=kept), 403
    flash(_("This page had been open for too long. Please try again."))
    return redirect(url_for("admin.login_form"), 303)


def _is_from_here() -> bool:
    """Whether the form stood on a page of ours; over plain http a browser tells its origin only."""
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else f"{origin}/" == request.host_url
