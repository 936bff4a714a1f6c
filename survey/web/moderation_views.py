"""The moderators' page: answers found by filters, changed in bulk, and changed back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from survey.accounts.roles import Role
from survey.keyed_page import SIZE
from survey.moderating import moderation
from survey.moderating.responses import Listing, Search, languages_answered_in, listing
from survey.moderating.undo_token import UndoTokens
from survey.ratings import SCALE, SpamReason, State, Translation
from survey.web import filters
from survey.web.auth import current_account, require
from survey.web.forms import Form
from survey.web.i18n import current_language

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
FILTERS = ("state", "reason", "rating", "language", "translation", "article", "from", "to", "text")
SWITCHES = ("commented", "translate")
ALL_FILTERS = (*FILTERS, *SWITCHES)
Choice = TypeVar("Choice")
# What articles are called, by short name and language, that of the original first.
Titles = Callable[[Session, Collection[str]], Mapping[str, Mapping[str, str]]]


def blueprint(
    *,
    session: Callable[[], Session],
    languages: tuple[str, ...],
    zone: tzinfo,
    secret_keys: Sequence[str],
    comments_in: Callable[[Mapping[int, str], str], Mapping[int, str]] = lambda _texts, _code: {},
    titles: Titles = lambda _session, _slugs: {},
) -> Blueprint:
    """`/responses`, to be registered under the guarded admin blueprint; for editors and admins.

    :param comments_in: gives comments in a language, by the numbers of their answers.
    :param titles: what articles are called; one that it does not know is named by its short name.
    """
    bp = Blueprint("responses", __name__)
    bp.before_request(lambda: require(Role.EDITOR))
    views = ModerationViews(
        session=session,
        languages=languages,
        zone=zone,
        tokens=UndoTokens(secret_keys),
        comments_in=comments_in,
        titles=titles,
    )
    bp.get("")(views.responses_page)
    bp.post("")(views.change)
    bp.post("/undo")(views.undo)
    return bp


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationViews:
    """The views of the answers."""

    session: Callable[[], Session]
    languages: tuple[str, ...]
    zone: tzinfo
    tokens: UndoTokens
    comments_in: Callable[[Mapping[int, str], str], Mapping[int, str]]
    titles: Titles

    def responses_page(self) -> ResponseReturnValue:
        """The answers that fit the filters."""
        form, search = _asked(self._languages())
        return self._page(form, search), 422 if form.errors else 200

    def change(self) -> ResponseReturnValue:
        """The chosen answers in another state."""
        state, ids = _action(), _chosen()
        if state is None or not ids:
            message = _("Choose at least one answer.") if state else _("Choose what to do.")
            form, search = _asked(self._languages())
            form.refuse("answers", message)
            return self._page(form, search), 422
        me, now = current_account(), datetime.now(UTC)
        changes = moderation.change_states(self.session(), ids, state, actor=me.name, now=now)
        flash(_("Answers changed: %(n)s", n=len(changes)))
        return redirect(_back(undo=self.tokens.issue(me.id, changes) if changes else ""), 303)

    def undo(self) -> ResponseReturnValue:
        """A change that was just made, changed back."""
        me, now = current_account(), datetime.now(UTC)
        changes = self.tokens.read(me.id, request.form.get("undo", ""))
        if changes is None:
            flash(_("This can no longer be undone here. Change the answers themselves."))
            return redirect(_back(), 303)
        done = moderation.undo(self.session(), changes, actor=me.name, now=now)
        flash(_("Answers changed back: %(n)s", n=len(done)))
        return redirect(_back(), 303)

    def _page(self, form: Form, search: Search) -> str:
        place = filters.place()
        found = listing(self.session(), search, place, size=SIZE)
        undo = request.args.get("undo", "")
        return render_template(
            "admin/responses.html",
            form=form,
            found=found,
            local=self._local,
            languages=self._languages(),
            levels=[(level, level) for level in SCALE],
            states=STATES,
            reasons=REASONS,
            actions=ACTIONS,
            kinds=KINDS,
            # While it can still be used by this account.
            undo="" if self.tokens.read(current_account().id, undo) is None else undo,
            titles=self._titles(found),
            translations=self._translations(found) if form.typed["translate"] else {},
            here=_back(),
            undo_address=_address(".undo"),
            place=place,
            pages=filters.other_pages(
                ".responses_page", ALL_FILTERS, older=found.older, newer=found.newer
            ),
        )

    def _languages(self) -> list[str]:
        """The site's languages, then the others that there are answers about."""
        others = languages_answered_in(self.session())
        return [*self.languages, *(code for code in others if code not in self.languages)]

    def _local(self, moment: datetime) -> datetime:
        """A moment by the site's clock; by its own at the ends of the calendar, where none is."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return moment

    def _titles(self, found: Listing) -> Mapping[str, str]:
        """What the articles are called, in the language of the page or their own."""
        slugs = {a.article for a in found.answers if a.article}
        return titles_here(self.titles(self.session(), slugs))

    def _translations(self, found: Listing) -> Mapping[int, str]:
        """The comments in the language of the page, by the numbers of their answers."""
        texts = {a.id: a.comment for a in found.answers if a.comment}
        return self.comments_in(texts, current_language())


def titles_here(known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Titles of articles, in the language of the page or else in their own."""
    language = current_language()
    return {slug: in_.get(language) or next(iter(in_.values())) for slug, in_ in known.items()}


def _asked(languages: Sequence[str]) -> tuple[Form, Search]:
    """The filters as they were typed, and what they mean."""
    form = filters.asked(FILTERS, SWITCHES)
    search = Search(
        state=_choice(form, "state", tuple(State)),
        reason=_choice(form, "reason", tuple(REASONS)),
        rating=_choice(form, "rating", SCALE),
        language=_choice(form, "language", languages) or "",
        translation=_choice(form, "translation", tuple(Translation)),
        article=form.typed["article"],
        first=filters.day(form, "from"),
        last=filters.day(form, "to"),
        commented=bool(form.typed["commented"]),
        text=form.typed["text"],
    )
    return form, search


def _choice(form: Form, name: str, choices: Sequence[Choice]) -> Choice | None:
    typed = form.typed[name]
    found = next((choice for choice in choices if str(choice) == typed), None)
    if typed and found is None:
        form.refuse(name, _("Choose one of the list."))
    return found


def _action() -> State | None:
    return next((state for state in ACTIONS if state == request.form.get("action")), None)


def _chosen() -> list[int]:
    """The numbers of the ticked answers, or of every answer on the page."""
    name = "shown" if request.form.get("all") else "id"
    return [int(text) for text in request.form.getlist(name)[:SIZE] if filters.is_number(text)]


def _back(**more: str) -> str:
    """This list with its filters and its place."""
    place = {name: request.args.get(name, "") for name in ("before", "after", "order")}
    return _address(".responses_page", **place | more)


def _address(endpoint: str, **more: object) -> str:
    return filters.address(endpoint, ALL_FILTERS, **more)
