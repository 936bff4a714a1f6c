"""The admins' pages of the wordings: what is on the pages, a change with its preview, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey.auth import require
from survey.forms import FieldError
from survey.i18n import PageLanguage
from survey.ratings import Wording, WordingKind
from survey.roles import Role
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
from survey.wording_form import PROVIDERS, TITLES, Form, form_of, typed_form
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
    built_in = store.built_in

    @bp.before_request
    def admins_only() -> None:
        require(Role.ADMIN)

    def holding() -> dict[str, Wording]:
        """The texts of this very moment, not of the last look."""
        return current_wordings(session(), built_in)

    def shown(form: Form, **more: object) -> str:
        """The form with its kind's history."""
        return render_template(
            "admin/wording.html",
            form=form,
            title=TITLES[form.kind],
            providers=PROVIDERS,
            longest=LONGEST[form.kind],
            versions=versions(session(), form.kind, list(built_in)),
            local=lambda moment: moment.astimezone(zone),
            **more,
        )

    @bp.get("")
    def wordings_page() -> ResponseReturnValue:
        return render_template(
            "admin/wordings.html",
            titles=TITLES,
            providers=PROVIDERS,
            wordings=holding(),
            places={kind: places(kind, built_in.values()) for kind in WordingKind},
            held=held(session()),
            text=lambda place, wordings: _as_shown(place, wordings, organisation),
            local=lambda moment: moment.astimezone(zone),
        )

    @bp.get("/<kind>")
    def edit(kind: str) -> ResponseReturnValue:
        return shown(form_of(_kind(kind), holding(), state_number(session())))

    @bp.post("/<kind>")
    def change(kind: str) -> ResponseReturnValue:
        wanted, action = _kind(kind), request.form.get("action", "")
        wordings = holding()
        seen = _number(request.form.get("seen", ""))
        form = typed_form(wanted, built_in if action == "builtin" else wordings, seen, action)
        if form.errors:
            return shown(form), 422
        if action == "edit":
            return shown(form)
        if all(place.read(wordings[place.language]) == text for place, text in form.texts.items()):
            message = _("Nothing is changed yet. Change a text first.")
            return shown(form.having(FieldError(target=form.fields[0].name, message=message))), 422
        if action != "save":
            return _preview(form, wordings, organisation)
        if request.form.get("confirmed") != "on":
            message = _("Confirm that you have read what the change does.")
            wrong = form.having(FieldError(target="confirmed", message=message))
            return _preview(wrong, wordings, organisation), 422
        return save(form)

    def save(form: Form) -> ResponseReturnValue:
        try:
            change_texts(
                session(),
                form.texts,
                seen=form.seen,
                built_in=built_in,
                organisation=organisation,
                actor=g.account.name,
                now=datetime.now(UTC),
            )
        except (ChangedMeanwhile, NothingChanged):
            message = _("Somebody else has changed the texts meanwhile. Compare, then go on.")
            now = Form(kind=form.kind, fields=form.fields, seen=state_number(session()))
            return shown(now.having(FieldError(target=form.fields[0].name, message=message))), 422
        store.look_again()
        flash(_("The texts are changed. Answers given until now keep the earlier ones."))
        return redirect(url_for(".wordings_page"), 303)

    return bp


def _preview(
    form: Form, wordings: Mapping[str, Wording], organisation: Callable[[str], str]
) -> str:
    """The page that shows the boxes and disclaimers as visitors would see them."""
    new = dict(wordings)
    for place, text in form.texts.items():
        new[place.language] = place.put(new[place.language], text)
    changed = [
        place for place, text in form.texts.items() if place.read(wordings[place.language]) != text
    ]
    return render_template(
        "admin/wording_preview.html",
        form=form,
        title=TITLES[form.kind],
        providers=PROVIDERS,
        changed=changed,
        text=lambda place, texts: _as_shown(place, texts, organisation),
        old=wordings,
        new=new,
        boxes=[(PageLanguage.of(c), _box(w, PageLanguage.of(c))) for c, w in new.items()],
    )


def _box(wording: Wording, language: PageLanguage) -> Markup:
    """The box as a picture of itself, in its own language and direction."""
    with force_locale(language.tag):
        page = render_template("admin/wording_box.html", wording=wording, language=language)
    return Markup(page)  # noqa: S704 -- a template's own, escaped output


def _as_shown(
    place: TextPlace, wordings: Mapping[str, Wording], organisation: Callable[[str], str]
) -> str:
    wording = wordings[place.language]
    if place.kind is WordingKind.QUESTION:
        return wording.question
    return wording.disclaimer_text(place.provider, organisation(place.language))


def _kind(name: str) -> WordingKind:
    if name not in list(WordingKind):
        abort(404)
    return WordingKind(name)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
