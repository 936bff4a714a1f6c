"""The moderators' page: answers found by filters, changed in bulk, and changed back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from survey import moderation
from survey.auth import require
from survey.forms import FieldError, Form
from survey.i18n import PageLanguage, current_language
from survey.keyed_page import SIZE
from survey.moderation import Change
from survey.ratings import SCALE, SpamReason, State, Translation
from survey.responses import Listing, Search, listing
from survey.roles import Role

UNDO_FOR = timedelta(hours=1)
LONGEST_TEXT = 200
STATES: dict[State, Any] = {
    State.COUNTED: _l("Counted"),
    State.POSSIBLE_DUPLICATE: _l("Possible duplicate"),
    State.SPAM: _l("Spam"),
    State.WITHDRAWN: _l("Withdrawn"),
}
REASONS: dict[SpamReason, Any] = {
    SpamReason.HONEYPOT: _l("A field that people leave empty was filled in"),
    SpamReason.TOO_QUICK: _l("Sent too quickly for a person"),
    SpamReason.NO_PROOF: _l("Without the proof of work"),
    SpamReason.MODERATOR: _l("Marked by a moderator"),
}
ACTIONS: dict[State, Any] = {
    State.SPAM: _l("Mark as spam"),
    State.WITHDRAWN: _l("Withdraw"),
    State.POSSIBLE_DUPLICATE: _l("Mark as possible duplicate"),
    State.COUNTED: _l("Count again"),
}
KINDS: dict[Translation, Any] = {
    Translation.ORIGINAL: _l("Original"),
    Translation.MACHINE: _l("Machine translation"),
    Translation.REVIEWED: _l("Reviewed translation"),
    Translation.THIRD_PARTY: _l("Translated by the browser or another website"),
}


@dataclass(slots=True, kw_only=True)
class SearchForm(Form):
    """The filters as they were typed, what they mean, and what is wrong with them."""

    search: Search


def blueprint(
    *,
    session: Callable[[], Session],
    languages: tuple[str, ...],
    zone: tzinfo,
    secret_keys: Sequence[str],
    comments_in: Callable[[Mapping[int, str], str], Mapping[int, str]] = lambda _texts, _code: {},
) -> Blueprint:
    """`/responses`, to be registered under the guarded admin blueprint; for editors and admins.

    :param comments_in: gives comments in a language, by the numbers of their answers.
    """
    bp = Blueprint("responses", __name__)
    undo_tokens = URLSafeTimedSerializer(list(secret_keys), salt="rayak-undo")

    @bp.before_request
    def editors_only() -> None:
        require(Role.EDITOR)

    def page(*errors: FieldError) -> str:
        form = _search_form(languages)
        form.errors += errors
        found = listing(
            session(), form.search, before=_number("before"), after=_number("after"), size=SIZE
        )
        translations: Mapping[int, str] = {}
        if form.typed["translate"]:
            texts = {a.id: a.comment for a in found.answers if a.comment}
            translations = comments_in(texts, current_language())
        return _render(form, found, languages, zone, _undo_token(undo_tokens), translations)

    @bp.get("")
    def responses_page() -> ResponseReturnValue:
        body = page()
        return body, 422 if _search_form(languages).errors else 200

    @bp.post("")
    def change() -> ResponseReturnValue:
        state, ids = _action(), _chosen()
        if state is None or not ids:
            message = _("Choose at least one answer.") if state else _("Choose what to do.")
            return page(FieldError(target="answers", message=message)), 422
        changes = moderation.change_states(
            session(), ids, state, actor=g.account.name, now=datetime.now(UTC)
        )
        flash(_("Answers changed: %(n)s", n=len(changes)))
        token = undo_tokens.dumps(
            [g.account.id, [[c.id, c.before, c.after, c.reason] for c in changes]]
        )
        return redirect(_back(undo=token if changes else ""), 303)

    @bp.post("/undo")
    def undo() -> ResponseReturnValue:
        try:
            account, payload = undo_tokens.loads(
                request.form.get("undo", ""), max_age=int(UNDO_FOR.total_seconds())
            )
        except BadData:
            account, payload = None, []
        if account != g.account.id:
            flash(_("This can no longer be undone here. Change the answers themselves."))
            return redirect(_back(), 303)
        changes = [
            Change(id=n, before=State(b), after=State(a), reason=SpamReason(r))
            for n, b, a, r in payload
        ]
        done = moderation.undo(session(), changes, actor=g.account.name, now=datetime.now(UTC))
        flash(_("Answers changed back: %(n)s", n=len(done)))
        return redirect(_back(), 303)

    return bp


def _render(
    form: SearchForm,
    found: Listing,
    languages: tuple[str, ...],
    zone: tzinfo,
    undo: str,
    translations: Mapping[int, str],
) -> str:
    return render_template(
        "admin/responses.html",
        form=form,
        found=found,
        local=lambda moment: moment.astimezone(zone),
        language_names=[(code, PageLanguage.of(code).name) for code in languages],
        levels=[(level, level) for level in SCALE],
        states=STATES,
        reasons=REASONS,
        actions=ACTIONS,
        kinds=KINDS,
        undo=undo,
        translations=translations,
        here=_back(),
        undo_address=_address(".undo"),
        older=_address(".responses_page", before=found.older) if found.older else "",
        newer=_address(".responses_page", after=found.newer) if found.newer else "",
    )


FILTERS = ("state", "reason", "rating", "language", "translation", "article", "from", "to", "text")
SWITCHES = ("commented", "translate")


def _search_form(languages: tuple[str, ...]) -> SearchForm:
    typed = {name: _clean(request.args.get(name, "")) for name in FILTERS}
    typed |= {name: "on" if request.args.get(name) else "" for name in SWITCHES}
    errors: list[FieldError] = []

    def choice(name: str, choices: Sequence[Any]) -> Any:
        if not typed[name]:
            return None
        for known in choices:
            if str(known) == typed[name]:
                return known
        errors.append(FieldError(target=name, message=_("Choose one of the list.")))
        return None

    search = Search(
        state=choice("state", tuple(State)),
        reason=choice("reason", tuple(REASONS)),
        rating=choice("rating", SCALE),
        language=choice("language", languages) or "",
        translation=choice("translation", tuple(Translation)),
        article=typed["article"],
        first=_day(typed["from"], "from", errors),
        last=_day(typed["to"], "to", errors),
        commented=bool(typed["commented"]),
        text=typed["text"],
    )
    return SearchForm(typed=typed, search=search, errors=errors)


def _clean(text: str) -> str:
    """What a person can have typed into one line."""
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_TEXT]


def _day(text: str, target: str, errors: list[FieldError]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("Write a day as year-month-day, such as 2026-01-31.")
        errors.append(FieldError(target=target, message=message))
        return None


def _number(name: str) -> int | None:
    """A number from the address; anything else is none, and the first page is shown."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _action() -> State | None:
    return next((state for state in ACTIONS if state == request.form.get("action")), None)


def _chosen() -> list[int]:
    """The numbers of the ticked answers, or of every answer on the page."""
    name = "shown" if request.form.get("all") else "id"
    texts = request.form.getlist(name)[:SIZE]
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 16]


def _undo_token(tokens: URLSafeTimedSerializer) -> str:
    """The token of a change just made, while it can still be used by this account."""
    given = request.args.get("undo", "")
    try:
        account, _changes = tokens.loads(given, max_age=int(UNDO_FOR.total_seconds()))
    except BadData:
        return ""
    return given if account == g.account.id else ""


def _back(**more: str) -> str:
    """This list with its filters and its place."""
    place = {name: request.args.get(name, "") for name in ("before", "after")}
    return _address(".responses_page", **place | more)


def _address(endpoint: str, **more: object) -> str:
    asked = {name: request.args.get(name, "") for name in (*FILTERS, *SWITCHES, "lang")}
    kept = {name: value for name, value in (asked | more).items() if value}
    return url_for(endpoint, **kept)  # type: ignore[arg-type] # Flask takes any value
