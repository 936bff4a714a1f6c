"""The admins' page of the audit log, and the same as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from flask import Blueprint, Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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
from survey.web.auth import require
from survey.web.forms import Form
from survey.web.moderation_views import STATES

FILTERS = ("actor", "action", "from", "to")
PROGRAMS: dict[str, Any] = {"command line": _l("command line"), "setup": _l("set-up")}
ACTIONS: dict[str, Any] = {
    "signed in": _l("signed in"),
    "signed out": _l("signed out"),
    "account saved": _l("saved an account"),
    "question changed": _l("changed the question"),
    "question back to built-in": _l("put the built-in question back"),
    "disclaimer changed": _l("changed a disclaimer"),
    "disclaimer back to built-in": _l("put a built-in disclaimer back"),
    "key made": _l("made a key"),
    "key revoked": _l("revoked a key"),
    "package installed": _l("installed a package"),
    "package removed": _l("removed a package"),
    "glossary imported": _l("imported a glossary"),
    "glossary term removed": _l("removed a glossary term"),
    "article imported": _l("imported an article"),
    "articles imported": _l("imported articles"),
    "article written": _l("wrote an article"),
    "article corrected": _l("corrected an article"),
    "article translated": _l("had an article translated"),
    "translation corrected": _l("corrected a translation"),
    "translation reviewed": _l("reviewed a translation"),
    "translation published": _l("published a translation"),
    "translation withdrawn": _l("withdrew a translation"),
    "translation restored": _l("restored a translation"),
    "article removed": _l("removed an article"),
    "glossary term saved": _l("saved a glossary term"),
    "memory corrected": _l("corrected the memory"),
    "memory sentence removed": _l("removed a sentence from the memory"),
    "suggestion accepted": _l("accepted a suggestion"),
    "suggestion rejected": _l("rejected a suggestion"),
    "account made": _l("made an account"),
    "account removed": _l("removed an account"),
    "account role changed": _l("changed a role"),
    "account password changed": _l("changed a password"),
}
ANSWER = re.compile(r"answer (\w+) -> (\w+)")


def blueprint(*, session: Callable[[], Session], zone: tzinfo) -> Blueprint:
    """`/audit` and `/audit.csv`, to be registered under the guarded admin blueprint; for admins."""
    bp = Blueprint("audit", __name__)
    bp.before_request(lambda: require(Role.ADMIN))
    views = AuditViews(session, zone)
    bp.get("/audit")(views.audit_page)
    bp.get("/audit.csv")(views.audit_csv)
    return bp


@dataclass(frozen=True, slots=True)
class AuditViews:
    """The views of the log."""

    session: Callable[[], Session]
    zone: tzinfo

    def audit_page(self) -> ResponseReturnValue:
        """The events that fit the filters, newest first."""
        form, search = _asked()
        place = filters.place()
        found = page_of_events(self.session(), search, self.zone, place)
        body = render_template(
            "admin/audit.html",
            form=form,
            found=found,
            actors=[(name, called(name)) for name in known_actors(self.session())],
            actions=[(name, describe(name)) for name in known_actions(self.session())],
            called=called,
            describe=describe,
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


def called(actor: str) -> str:
    """Who did it: an account's name as it is, a program in the page's language."""
    return str(PROGRAMS.get(actor, actor))


def describe(action: str) -> str:
    """What was done, in the page's language; an action without words of ours as it is."""
    answer = ANSWER.fullmatch(action)
    names = {state.value: name for state, name in STATES.items()}
    if answer and set(answer.groups()) <= set(names):
        before, after = (names[value] for value in answer.groups())
        return str(
            _("changed an answer: from “%(before)s” to “%(after)s”", before=before, after=after)
        )
    return str(ACTIONS.get(action, action))


def _asked() -> tuple[Form, AuditSearch]:
    """The filters as they were typed, and what they mean."""
    form = filters.asked(FILTERS)
    first, last = (filters.day(form, name) for name in ("from", "to"))
    if first and last and last < first:
        form.refuse("to", _("The last day comes before the first."))
    typed = form.typed
    search = AuditSearch(actor=typed["actor"], action=typed["action"], first=first, last=last)
    return form, search
