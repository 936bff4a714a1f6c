"""The editors' pages of the memory, and of the suggestions that wait to go into it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from translate import forms
from translate.corrections import (
    UnknownSuggestion,
    accept_suggestion,
    count_suggestions,
    open_suggestions,
    reject_suggestion,
)
from translate.forms import Form, Office, flag_words
from translate.memory_list import (
    ANY_FLAG,
    ListedSentence,
    Search,
    SentenceChanged,
    UnknownSentence,
    correct_sentence,
    find_sentences,
    forget_sentence,
    read_sentence,
)

ORIGINS: dict[str, Any] = {
    "machine": _l("Machine"),
    "human": _l("Person"),
    "imported": _l("Imported"),
}
FILTERS = ("text", "source", "target", "origin", "flag")


def blueprint(office: Office) -> Blueprint:
    """`/memory`, to be registered under the guarded admin blueprint; for editors."""
    bp = Blueprint("desk_memory", __name__)
    bp.before_request(office.editor)

    def one(number: int) -> ListedSentence:
        try:
            return read_sentence(office.session(), number)
        except UnknownSentence:
            abort(404)

    def sentence_page(found: ListedSentence, form: Form) -> str:
        words = flag_words()
        return render_template(
            "admin/sentence.html",
            found=found,
            form=form,
            origins=ORIGINS,
            doubts=[words[flag] for flag in found.flags],
        )

    @bp.get("")
    def listing() -> ResponseReturnValue:
        form = forms.asked(*FILTERS)
        words = flag_words()
        flags = {ANY_FLAG: _("any doubt"), **{f.value: text for f, text in words.items()}}
        search = Search(
            text=form.typed["text"],
            source=form.choice("source", office.languages, optional=True),
            target=form.choice("target", office.languages, optional=True),
            origin=form.choice("origin", tuple(ORIGINS), optional=True),
            flag=form.choice("flag", tuple(flags), optional=True),
        )
        before = forms.number(request.args, "before")
        found, following = find_sentences(office.session(), search, before=before)
        page = render_template(
            "admin/memory.html",
            form=form,
            found=found,
            words=words,
            flags=flags,
            origins=ORIGINS,
            languages=office.languages,
            waiting=count_suggestions(office.session()),
            next_page=forms.address(form, before=str(following)) if following else "",
            first_page=forms.address(form) if before else "",
        )
        return page, 422 if form.errors else 200

    @bp.get("/<int:number>")
    def sentence(number: int) -> ResponseReturnValue:
        found = one(number)
        return sentence_page(found, Form(typed={"better": found.target, "was": found.target}))

    @bp.post("/<int:number>")
    def correct(number: int) -> ResponseReturnValue:
        found = one(number)
        typed = {n: request.form.get(n, "").replace("\r\n", "\n") for n in ("better", "was")}
        form = Form(typed=typed)
        better = " ".join(typed["better"].replace("\0", "").split("\n")).strip()
        if not better:
            form.refuse("better", _("Write a translation."))
            return sentence_page(found, form), 422
        try:
            correct_sentence(
                office.session(),
                number,
                better,
                typed["was"],
                by=office.who(),
                now=datetime.now(UTC),
            )
        except SentenceChanged as error:
            message = _(
                "Somebody else changed this sentence meanwhile to: %(text)s", text=error.target
            )
            form.refuse("better", message)
            form.typed["was"] = error.target
            return sentence_page(found, form), 422
        except UnknownSentence:
            abort(404)
        office.audit("memory corrected", _named(found))
        flash(_("Saved."))
        return redirect(url_for(".listing"), 303)

    @bp.post("/<int:number>/remove")
    def remove(number: int) -> ResponseReturnValue:
        try:
            gone = forget_sentence(office.session(), number)
        except UnknownSentence:
            abort(404)
        office.audit("memory sentence removed", _named(gone))
        flash(_("Removed from the memory."))
        return redirect(url_for(".listing"), 303)

    @bp.get("/suggestions")
    def suggestions() -> ResponseReturnValue:
        return render_template(
            "admin/suggestions.html", found=open_suggestions(office.session(), limit=50)
        )

    @bp.post("/suggestions/<int:number>/accept")
    def accept(number: int) -> ResponseReturnValue:
        now = datetime.now(UTC)
        try:
            count = accept_suggestion(office.session(), number, by=office.who(), now=now)
        except UnknownSuggestion:
            flash(_("This suggestion was decided on before."))
            return redirect(url_for(".suggestions"), 303)
        office.audit("suggestion accepted", f"suggestion {number}")
        if count:
            flash(_("Accepted. Sentences that went into the memory: %(n)s", n=count))
        else:
            flash(
                _(
                    "Accepted, but its sentences cannot be put side by side, so nothing went "
                    "into the memory."
                )
            )
        return redirect(url_for(".suggestions"), 303)

    @bp.post("/suggestions/<int:number>/reject")
    def reject(number: int) -> ResponseReturnValue:
        now = datetime.now(UTC)
        try:
            reject_suggestion(office.session(), number, by=office.who(), now=now)
        except UnknownSuggestion:
            flash(_("This suggestion was decided on before."))
        else:
            office.audit("suggestion rejected", f"suggestion {number}")
            flash(_("Rejected."))
        return redirect(url_for(".suggestions"), 303)

    return bp


def _named(found: ListedSentence) -> str:
    return f"{found.source_language}-{found.target_language}: {found.source}"
