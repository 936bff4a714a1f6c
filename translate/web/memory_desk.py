"""The editors' pages of the memory: sentences found, corrected and removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from translate.articles.corrections import count_suggestions
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
from translate.web import forms
from translate.web.forms import Form, Office, flag_words
from translate.web.suggestion_desk import SuggestionDesk

ORIGINS: dict[str, Any] = {
    "machine": _l("Machine"),
    "human": _l("Person"),
    "imported": _l("Imported"),
}
ORDERS: dict[str, Any] = {"newest": _l("Newest first"), "oldest": _l("Oldest first")}
FILTERS = ("text", "source", "target", "origin", "flag")


def blueprint(office: Office) -> Blueprint:
    """`/memory`, to be registered under the guarded admin blueprint; for editors."""
    bp = Blueprint("desk_memory", __name__)
    bp.before_request(office.editor)
    desk, suggestions = MemoryDesk(office), SuggestionDesk(office)
    bp.get("")(desk.listing)
    bp.get("/<int:number>")(desk.sentence)
    bp.post("/<int:number>")(desk.correct)
    bp.get("/<int:number>/remove")(desk.remove_form)
    bp.post("/<int:number>/remove")(desk.remove)
    bp.get("/suggestions")(suggestions.suggestions)
    bp.post("/suggestions/<int:number>/accept")(suggestions.accept)
    bp.post("/suggestions/<int:number>/reject")(suggestions.reject)
    return bp


@dataclass(frozen=True, slots=True)
class MemoryDesk:
    """The views of the memory."""

    office: Office

    def listing(self) -> ResponseReturnValue:
        """The sentences that fit the filters."""
        form = forms.asked(*FILTERS)
        words = flag_words()
        flags = {ANY_FLAG: _("any doubt"), **{f.value: text for f, text in words.items()}}
        search = self._search(form, tuple(flags))
        order = forms.order(ORDERS)
        found = find_sentences(self.office.session(), search, forms.place(), order=order)
        page = render_template(
            "admin/memory.html",
            form=form,
            found=found,
            words=words,
            flags=flags,
            origins=ORIGINS,
            languages=self.office.languages,
            waiting=count_suggestions(self.office.session()),
            orders=ORDERS.items(),
            order=order,
            pages=forms.other_pages(form, found.page),
        )
        return page, 422 if form.errors else 200

    def sentence(self, number: int) -> ResponseReturnValue:
        """One sentence, in a form."""
        found = self._one(number)
        return _page(found, Form(typed={"better": found.target, "was": found.target}))

    def correct(self, number: int) -> ResponseReturnValue:
        """A person's translation of a sentence; it beats the machine's from now on."""
        typed = {n: request.form.get(n, "").replace("\r\n", "\n") for n in ("better", "was")}
        form = Form(typed=typed)
        try:
            found = read_sentence(self.office.session(), number)
        except UnknownSentence:
            return _removed(typed["better"]), 404
        better = " ".join(typed["better"].replace("\0", "").split("\n")).strip()
        if not better:
            form.refuse("better", _("Write a translation."))
            return _page(found, form), 422
        by, now = self.office.who(), datetime.now(UTC)
        try:
            correct_sentence(self.office.session(), number, better, typed["was"], by=by, now=now)
        except SentenceChanged as error:
            message = _(
                "Somebody else changed this sentence meanwhile to: %(text)s", text=error.target
            )
            form.refuse("better", message)
            form.typed["was"] = error.target
            return _page(found, form), 422
        except UnknownSentence:
            return _removed(better), 404
        self.office.audit("memory corrected", _named(found))
        flash(_("Saved."))
        return redirect(url_for(".listing"), 303)

    def remove_form(self, number: int) -> ResponseReturnValue:
        """What removing a sentence means."""
        found = self._one(number)
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this sentence from the memory"),
            subject=found.source,
            explanation=_(
                "The machine translates it anew where it comes up again. "
                "Articles that were translated before keep their text."
            ),
            action=url_for(".remove", number=number),
            button=_("Remove from the memory"),
            back=url_for(".sentence", number=number),
        )

    def remove(self, number: int) -> ResponseReturnValue:
        """One sentence less."""
        try:
            gone = forget_sentence(self.office.session(), number)
        except UnknownSentence:
            abort(404)
        self.office.audit("memory sentence removed", _named(gone))
        flash(_("Removed from the memory."))
        return redirect(url_for(".listing"), 303)

    def _search(self, form: Form, flags: tuple[str, ...]) -> Search:
        languages = self.office.languages
        return Search(
            text=form.typed["text"],
            source=form.choice("source", languages, optional=True),
            target=form.choice("target", languages, optional=True),
            origin=form.choice("origin", tuple(ORIGINS), optional=True),
            flag=form.choice("flag", flags, optional=True),
        )

    def _one(self, number: int) -> ListedSentence:
        try:
            return read_sentence(self.office.session(), number)
        except UnknownSentence:
            abort(404)


def _page(found: ListedSentence, form: Form) -> str:
    words = flag_words()
    return render_template(
        "admin/sentence.html",
        found=found,
        form=form,
        origins=ORIGINS,
        doubts=[words[flag] for flag in found.flags],
    )


def _removed(kept: str) -> str:
    return render_template(
        "admin/removed.html",
        heading=_("This sentence was removed from the memory meanwhile"),
        explanation=_(
            "It cannot be corrected any more. What you typed stands here, so that you can copy it."
        ),
        button=_("Back to the memory"),
        kept=kept,
    )


def _named(found: ListedSentence) -> str:
    return f"{found.source_language}-{found.target_language}: {found.source}"
