"""The admins' page of the audit log, and the same as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, tzinfo
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from survey.audit_log import (
    AuditSearch,
    csv_of_events,
    known_actions,
    known_actors,
    page_of_events,
)
from survey.auth import require
from survey.forms import Form
from survey.moderation_views import STATES
from survey.roles import Role

FILTERS = ("actor", "action", "from", "to")
LONGEST_FILTER = 80
# The calendar's own ends leave no room for the day before or after.
YEARS = range(1000, 9999)
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

    @bp.before_request
    def admins_only() -> None:
        require(Role.ADMIN)

    @bp.get("/audit")
    def audit_page() -> ResponseReturnValue:
        form, search = _asked()
        found = page_of_events(
            session(), search, zone, before=_number("before"), after=_number("after")
        )
        body = render_template(
            "admin/audit.html",
            form=form,
            found=found,
            actors=known_actors(session()),
            actions=[(name, describe(name)) for name in known_actions(session())],
            describe=describe,
            local=lambda moment: moment.astimezone(zone),
            csv=_address(".audit_csv"),
            older=_address(".audit_page", before=found.older) if found.older else "",
            newer=_address(".audit_page", after=found.newer) if found.newer else "",
        )
        return body, 422 if form.errors else 200

    @bp.get("/audit.csv")
    def audit_csv() -> ResponseReturnValue:
        form, search = _asked()
        if form.errors:
            lines = "".join(f"{e.target}: {e.message}\n" for e in form.errors)
            return Response(lines, 422, mimetype="text/plain")
        rows = stream_with_context(csv_of_events(session(), search, zone))
        response = Response(rows, content_type="text/csv; charset=utf-8")
        response.headers.set("Content-Disposition", "attachment", filename="audit.csv")
        return response

    return bp


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
    typed = {name: _clean(request.args.get(name, "")) for name in FILTERS}
    form = Form(typed=typed)
    first, last = (_day(form, name) for name in ("from", "to"))
    if first and last and last < first:
        form.refuse("to", _("The last day comes before the first."))
    search = AuditSearch(actor=typed["actor"], action=typed["action"], first=first, last=last)
    return form, search


def _clean(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_FILTER]


def _day(form: Form, name: str) -> date | None:
    text = form.typed[name]
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        form.refuse(name, _("Write a day as year-month-day, such as 2026-01-31."))
        return None
    return day


def _number(name: str) -> int | None:
    """A number from the address; anything else is none, and the first page is shown."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _address(endpoint: str, **more: object) -> str:
    asked = {name: request.args.get(name, "") for name in (*FILTERS, "lang")}
    kept = {name: value for name, value in (asked | more).items() if value}
    return url_for(endpoint, **kept)  # type: ignore[arg-type] # Flask takes any value
