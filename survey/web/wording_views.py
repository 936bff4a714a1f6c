"""The admins' pages of the wordings: what is on the pages, a change with its preview, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey.accounts.roles import Role
from survey.ratings import Wording, WordingKind
from survey.web.auth import current_account, require
from survey.web.filters import is_number
from survey.web.forms import FieldError
from survey.web.i18n import PageLanguage
from survey.web.wording_form import PROVIDERS, TITLES, Form, form_of, typed_form
from survey.wording_changes import (
    ChangedMeanwhile,
    NothingChanged,
    TextPlace,
    change_texts,
    current_wordings,
    held,
    places,
    state_number,
    versions,
)
from survey.wording_rules import LONGEST
from survey.wordings import WordingStore


def blueprint(
    *,
    session: Callable[[], Session],
    store: WordingStore,
    organisation: Callable[[str], str],
    zone: tzinfo,
) -> Blueprint:
    """`/wordings`, to be registered under the guarded admin blueprint; for admins."""
    bp = Blueprint("wordings", __name__)
    bp.before_request(lambda: require(Role.ADMIN))
    views = WordingViews(session=session, store=store, organisation=organisation, zone=zone)
    bp.get("")(views.wordings_page)
    bp.get("/<kind>")(views.edit)
    bp.post("/<kind>")(views.change)
    return bp


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingViews:
    """The views of the wordings."""

    session: Callable[[], Session]
    store: WordingStore
    organisation: Callable[[str], str]
    zone: tzinfo

    def wordings_page(self) -> ResponseReturnValue:
        """The texts that are on the pages, since when, and by whom."""
        built_in = self.store.built_in
        return render_template(
            "admin/wordings.html",
            titles=TITLES,
            providers=PROVIDERS,
            wordings=self._holding(),
            places={kind: places(kind, built_in.values()) for kind in WordingKind},
            held=held(self.session()),
            text=self._as_shown,
            local=self._local,
        )

    def edit(self, kind: str) -> ResponseReturnValue:
        """The texts of a kind, in a form."""
        seen = state_number(self.session())
        return self._page(form_of(_kind(kind), self._holding(), seen))

    def change(self, kind: str) -> ResponseReturnValue:
        """The texts as they are to be: shown before they are saved, saved when confirmed."""
        wanted, action = _kind(kind), request.form.get("action", "")
        wordings = self._holding()
        built_in = self.store.built_in if action == "builtin" else wordings
        form = typed_form(wanted, built_in, _number(request.form.get("seen", "")), action)
        if form.errors:
            return self._page(form), 422
        if action == "edit":
            return self._page(form)
        if all(place.read(wordings[place.language]) == text for place, text in form.texts.items()):
            return self._wrong(form, _("Nothing is changed yet. Change a text first."))
        if action != "save":
            return self._preview(form, wordings)
        if request.form.get("confirmed") != "on":
            message = _("Confirm that you have read what the change does.")
            wrong = form.having(FieldError(target="confirmed", message=message))
            return self._preview(wrong, wordings), 422
        return self._save(form)

    def _save(self, form: Form) -> ResponseReturnValue:
        try:
            change_texts(
                self.session(),
                form.texts,
                seen=form.seen,
                built_in=self.store.built_in,
                organisation=self.organisation,
                actor=current_account().name,
                now=datetime.now(UTC),
            )
        except (ChangedMeanwhile, NothingChanged):
            message = _("Somebody else has changed the texts meanwhile. Compare, then go on.")
            return self._wrong(replace(form, seen=state_number(self.session()), errors=()), message)
        self.store.look_again()
        flash(_("The texts are changed. Answers given until now keep the earlier ones."))
        return redirect(url_for(".wordings_page"), 303)

    def _holding(self) -> dict[str, Wording]:
        """The texts of this very moment, not of the last look."""
        return current_wordings(self.session(), self.store.built_in)

    def _page(self, form: Form) -> str:
        """The form with its kind's history."""
        return render_template(
            "admin/wording.html",
            form=form,
            title=TITLES[form.kind],
            providers=PROVIDERS,
            longest=LONGEST[form.kind],
            versions=versions(self.session(), form.kind, list(self.store.built_in)),
            local=self._local,
        )

    def _wrong(self, form: Form, message: str) -> ResponseReturnValue:
        """The form with what is wrong with all of it, said at its first text."""
        error = FieldError(target=form.fields[0].name, message=message)
        return self._page(form.having(error)), 422

    def _preview(self, form: Form, wordings: Mapping[str, Wording]) -> str:
        """The page that shows the boxes and disclaimers as visitors would see them."""
        new = dict(wordings)
        for place, text in form.texts.items():
            new[place.language] = place.put(new[place.language], text)
        changed = [p for p, text in form.texts.items() if p.read(wordings[p.language]) != text]
        return render_template(
            "admin/wording_preview.html",
            form=form,
            title=TITLES[form.kind],
            providers=PROVIDERS,
            changed=changed,
            text=self._as_shown,
            old=wordings,
            new=new,
            boxes=[(PageLanguage.of(c), _box(w, PageLanguage.of(c))) for c, w in new.items()],
        )

    def _as_shown(self, place: TextPlace, wordings: Mapping[str, Wording]) -> str:
        wording = wordings[place.language]
        if place.kind is WordingKind.QUESTION:
            return wording.question
        return wording.disclaimer_text(place.provider, self.organisation(place.language))

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)


def _box(wording: Wording, language: PageLanguage) -> Markup:
    """The box as a picture of itself, in its own language and direction."""
    with force_locale(language.tag):
        page = render_template("admin/wording_box.html", wording=wording, language=language)
    return Markup(page)  # noqa: S704 -- a template's own, escaped output


def _kind(name: str) -> WordingKind:
    if name not in list(WordingKind):
        abort(404)
    return WordingKind(name)


def _number(text: str) -> int:
    return int(text) if is_number(text) else -1
