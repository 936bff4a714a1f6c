"""The editors' pages of an article's own text: written, corrected, set back to an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from translate.articles.originals import (
    AlreadyThere,
    Correction,
    Draft,
    Original,
    OriginalChanged,
    UnknownArticle,
    correct_original,
    earlier_text,
    open_original,
    text_of_version,
    write_article,
)
from translate.articles.paragraph_changes import compared
from translate.web import draft_form, forms
from translate.web.forms import Form, Office
from translate.web.translation_desk import STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalDesk:
    """The views of the text that an article was written in."""

    office: Office

    def new_form(self) -> ResponseReturnValue:
        """An empty form for an article."""
        return self._new_page(draft_form.empty(self.office.languages[0]))

    def write(self) -> ResponseReturnValue:
        """A new article as the editor typed it."""
        form = draft_form.sent()
        language = form.choice("language", self.office.languages)
        draft = draft_form.read(form)
        if draft is None or form.errors:
            return self._new_page(form), 422
        try:
            slug = write_article(self.office.session(), language, draft, now=datetime.now(UTC))
        except AlreadyThere as error:
            form.refuse("text", _("An article with this very text is there already."))
            return self._new_page(form, twin=error.slug), 422
        return self._done("article written", slug, _("The article is on the site."))

    def original(self, slug: str) -> ResponseReturnValue:
        """The article in a form: as it is, or with one of its earlier texts."""
        found = self._opened(slug)
        number = forms.number(request.args, "earlier")
        if number is None:
            return self._page(found, draft_form.filled(found.draft))
        text = earlier_text(self.office.session(), slug, number) or abort(404)
        draft = Draft(text=text, day=found.draft.day)
        return self._page(found, draft_form.filled(draft), earlier=number)

    def correct(self, slug: str) -> ResponseReturnValue:
        """The article as the editor typed it, unless somebody else changed it meanwhile."""
        form = draft_form.sent()
        draft = draft_form.read(form)
        session, version = self.office.session(), forms.line(request.form.get("version", ""))
        try:
            found = open_original(session, slug)
            if draft is None:
                return self._page(found, form, version=version), 422
            done = correct_original(session, slug, draft, version=version, now=datetime.now(UTC))
        except UnknownArticle:
            return self._removed(form)
        except OriginalChanged:
            return self._changed(self._opened(slug), form, version)
        if not done.changed:
            flash(_("Nothing was changed."))
            return _to(slug)
        return self._done("article corrected", slug, _said(done))

    def _opened(self, slug: str) -> Original:
        try:
            return open_original(self.office.session(), slug)
        except UnknownArticle:
            abort(404)

    def _changed(self, found: Original, form: Form, version: str) -> ResponseReturnValue:
        """Both editors' texts on one page; nothing is stored until the form is sent again."""
        opened = text_of_version(self.office.session(), found.slug, version)
        now = found.draft.text
        form.refuse(
            "theirs",
            _(
                "Somebody else changed this article meanwhile. What you typed stands below, after "
                "the article as it is now. Take over what you want to keep, and save again."
            ),
        )
        theirs = {
            "title": now.title,
            "paragraphs": compared(opened.body if opened else now.body, now.body),
            "day": found.draft.day,
        }
        return self._page(found, form, theirs=theirs), 409

    def _removed(self, form: Form) -> ResponseReturnValue:
        """What was typed for an article that is gone, in the form for a new one."""
        if not (form.typed["title"] or form.typed["text"]):
            abort(404)
        if form.typed["language"] not in self.office.languages:
            form.typed["language"] = self.office.languages[0]
        form.refuse(
            "text",
            _(
                "Somebody removed this article meanwhile. What you typed is kept: "
                "you can put it on the site as a new article."
            ),
        )
        return self._new_page(form), 409

    def _page(
        self,
        found: Original,
        form: Form,
        *,
        version: str = "",
        earlier: int | None = None,
        theirs: Mapping[str, object] | None = None,
    ) -> str:
        return render_template(
            "admin/original.html",
            found=found,
            form=form,
            version=version or found.draft.version,
            others=[code for code in self.office.languages if code != found.language],
            earlier=earlier,
            theirs=theirs,
            states=STATES,
            local=lambda moment: moment.astimezone(self.office.zone),
        )

    def _new_page(self, form: Form, *, twin: str = "") -> str:
        languages = self.office.languages
        return render_template("admin/article_new.html", form=form, languages=languages, twin=twin)

    def _done(self, action: str, slug: str, said: str) -> ResponseReturnValue:
        self.office.audit(action, slug)
        flash(said)
        return _to(slug)


def _to(slug: str) -> ResponseReturnValue:
    return redirect(url_for(".original", slug=slug), 303)


def _said(done: Correction) -> str:
    """What became of the translations, in the reader's language."""
    stale = ngettext(
        "%(num)s translation is out of date now.",
        "%(num)s translations are out of date now.",
        done.stale,
    )
    back = ngettext(
        "%(num)s translation of this earlier text is back.",
        "%(num)s translations of this earlier text are back.",
        done.back,
    )
    others = [(done.stale, stale), (done.back, back)]
    return " ".join([_("Saved."), *(text for count, text in others if count)])
