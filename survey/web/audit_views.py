"""The admins' page of the audit log, and the same as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from flask import Blueprint, Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.accounts.audit_log import (
    AuditSearch,
    csv_of_events,
    known_actions,
    known_actors,
    page_of_events,
)
from survey.accounts.roles import Role
from survey.web import filters
from survey.web.audit_words import article_of, called, describe, named
from survey.web.auth import require
from survey.web.forms import Form
from survey.web.moderation_views import Titles, titles_here

FILTERS = ("actor", "action", "from", "to")


def blueprint(
    *,
    session: Callable[[], Session],
    zone: tzinfo,
    titles: Titles = lambda _session, _slugs: {},
) -> Blueprint:
    """`/audit` and `/audit.csv`, to be registered under the guarded admin blueprint; for admins.

    :param titles: what articles are called; one that it does not know is named by its short name.
    """
    bp = Blueprint("audit", __name__)
    bp.before_request(lambda: require(Role.ADMIN))
    views = AuditViews(session, zone, titles)
    bp.get("/audit")(views.audit_page)
    bp.get("/audit.csv")(views.audit_csv)
    return bp


@dataclass(frozen=True, slots=True)
class AuditViews:
    """The views of the log."""

    session: Callable[[], Session]
    zone: tzinfo
    titles: Titles

    def audit_page(self) -> ResponseReturnValue:
        """The events that fit the filters, newest first."""
        form, search = _asked()
        place = filters.place()
        found = page_of_events(self.session(), search, self.zone, place)
        slugs = {article_of(e.action, e.target) for e in found.events} - {""}
        known = titles_here(self.titles(self.session(), slugs))
        body = render_template(
            "admin/audit.html",
            form=form,
            found=found,
            actors=[(name, called(name)) for name in known_actors(self.session())],
            actions=[(name, describe(name)) for name in known_actions(self.session())],
            called=called,
            describe=describe,
            targets={e.id: named(e.action, e.target, known) for e in found.events},
            local=lambda moment: moment.astimezone(self.zone),
            csv=filters.address(".audit_csv", FILTERS),
            place=place,
            pages=filters.other_pages(".audit_page", FILTERS, older=found.older, newer=found.newer),
        )
        return body, 422 if form.errors else 200

    def audit_csv(self) -> ResponseReturnValue:
        """All events that fit the filters, as a file."""
        form, search = _asked()
        if form.errors:
            lines = "".join(f"{e.target}: {e.message}\n" for e in form.errors)
            return Response(lines, 422, mimetype="text/plain")
        rows = stream_with_context(csv_of_events(self.session(), search, self.zone))
        response = Response(rows, content_type="text/csv; charset=utf-8")
        response.headers.set("Content-Disposition", "attachment", filename="audit.csv")
        return response


def _asked() -> tuple[Form, AuditSearch]:
    """The filters as they were typed, and what they mean."""
    form = filters.asked(FILTERS)
    first, last = (filters.day(form, name) for name in ("from", "to"))
    if first and last and last < first:
        form.refuse("to", _("The last day comes before the first."))
    typed = form.typed
    search = AuditSearch(actor=typed["actor"], action=typed["action"], first=first, last=last)
    return form, search
