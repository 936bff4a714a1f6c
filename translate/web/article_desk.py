"""The editors' pages for articles: the list, bringing in, removing, and the way to each text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from translate.articles.article_list import Search, find_articles
from translate.articles.intake import (
    ImportReport,
    OtherVersion,
    import_page,
    remove_article,
    stored_articles,
)
from translate.errors import ArticleError
from translate.service import TranslationService
from translate.web import forms
from translate.web.forms import Form, Office
from translate.web.original_desk import OriginalDesk
from translate.web.translation_desk import STATES, TranslationDesk

FILTERS = ("text", "language", "state")
ORDERS: Mapping[str, Any] = {
    "newest": _l("Newest first"),
    "oldest": _l("Oldest first"),
    "title": _l("By title"),
    "changed": _l("Last changed first"),
}


def blueprint(office: Office, service: TranslationService, *, longest: int) -> Blueprint:
    """`/articles`, to be registered under the guarded admin blueprint; for editors.

    :param longest: characters of an article that is translated while the editor waits.
    """
    bp = Blueprint("desk_articles", __name__)
    bp.before_request(office.editor)
    desk = ArticleDesk(office)
    bp.get("")(desk.listing)
    bp.get("/import")(desk.import_form)
    bp.post("/import")(desk.bring_in)
    bp.get("/<slug>/remove")(desk.remove_form)
    bp.post("/<slug>/remove")(desk.remove)
    text = OriginalDesk(office=office)
    bp.get("/new")(text.new_form)
    bp.post("/new")(text.write)
    bp.get("/<slug>/original")(text.original)
    bp.post("/<slug>/original")(text.correct)
    one = TranslationDesk(office=office, service=service, longest=longest)
    bp.get("/<slug>/<language>")(one.translation)
    bp.post("/<slug>/<language>")(one.save)
    bp.post("/<slug>/<language>/translate")(one.translate)
    bp.post("/<slug>/<language>/withdraw")(one.withdraw)
    bp.post("/<slug>/<language>/restore")(one.restore)
    return bp


@dataclass(frozen=True, slots=True)
class ArticleDesk:
    """The views of the articles."""

    office: Office

    def listing(self) -> ResponseReturnValue:
        """The articles that fit the filters, each with the states of its translations."""
        form, languages = forms.asked(*FILTERS), self.office.languages
        search = Search(
            text=form.typed["text"],
            language=form.choice("language", languages, optional=True),
            state=form.choice("state", tuple(STATES), optional=True),
        )
        order = forms.order(ORDERS)
        found = find_articles(self.office.session(), search, languages, forms.place(), order=order)
        page = render_template(
            "admin/articles.html",
            form=form,
            found=found,
            states=STATES,
            languages=languages,
            orders=ORDERS.items(),
            order=order,
            pages=forms.other_pages(form, found.page),
        )
        return page, 422 if form.errors else 200

    def import_form(self) -> ResponseReturnValue:
        """An empty form to bring in articles."""
        return self._import_page(Form(typed={"language": self.office.languages[0], "text": ""}))

    def bring_in(self) -> ResponseReturnValue:
        """The articles of a pasted text or an uploaded file."""
        form = forms.sent("language")
        form.typed["text"] = request.form.get("text", "").replace("\r\n", "\n")
        language = form.choice("language", self.office.languages)
        text = _text(form)
        if form.errors:
            return self._import_page(form), 422
        try:
            report = import_page(self.office.session(), text, language, now=datetime.now(UTC))
        except ArticleError:
            message = _(
                "No article was found. An article is a title on a line without a full stop, "
                "a blank line, and paragraphs."
            )
            form.refuse("text", message)
            form.typed["text"] = text
            return self._import_page(form), 422
        if report.added:
            self.office.audit("articles imported", ", ".join(a.title for a in report.added))
        flash(_said(report))
        if not report.others:
            return redirect(url_for(".listing"), 303)
        form.refuse("text", _said_of_others(report))
        form.typed["text"] = text
        return self._import_page(form, report.others), 422

    def remove_form(self, slug: str) -> ResponseReturnValue:
        """What removing an article means."""
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this article"),
            subject=self._title(slug),
            explanation=_(
                "Its text and all its translations are deleted. Answers of readers about it, "
                "and what the memory learned from it, stay."
            ),
            action=url_for(".remove", slug=slug),
            button=_("Remove the article"),
            back=url_for(".listing"),
        )

    def remove(self, slug: str) -> ResponseReturnValue:
        """One article less."""
        title = self._title(slug)
        try:
            remove_article(self.office.session(), slug)
        except ArticleError:
            abort(404)
        self.office.audit("article removed", slug)
        flash(_("Removed: %(title)s", title=title))
        return redirect(url_for(".listing"), 303)

    def _import_page(self, form: Form, others: Sequence[OtherVersion] = ()) -> str:
        languages = self.office.languages
        return render_template(
            "admin/article_import.html", form=form, languages=languages, others=others
        )

    def _title(self, slug: str) -> str:
        try:
            return stored_articles(self.office.session(), [slug])[0].text.title
        except ArticleError:
            abort(404)


def _said(report: ImportReport) -> str:
    """What became of the lines, in the reader's language."""
    added = ngettext("%(num)s article added", "%(num)s articles added", len(report.added))
    known = ngettext(
        "%(num)s was there already", "%(num)s were there already", report.already_there
    )
    left = ngettext("%(num)s line left out", "%(num)s lines left out", len(report.left_out))
    others = [(report.already_there, known), (len(report.left_out), left)]
    return str(_(", ")).join([added, *(text for count, text in others if count)]) + "."


def _said_of_others(report: ImportReport) -> str:
    said: str = ngettext(
        "%(num)s article is there with another text and was not added. If this is its correction, "
        "open the original and take over what changed.",
        "%(num)s articles are there with another text and were not added. If these are their "
        "corrections, open the originals and take over what changed.",
        len(report.others),
    )
    return said


def _text(form: Form) -> str:
    """What was pasted, or what the uploaded file holds; said to the form when it is neither."""
    pasted = form.typed["text"]
    if forms.sent_file() is None:
        if not pasted.strip():
            form.refuse("text", _("Paste a text, or choose a file."))
        return pasted
    if pasted.strip():
        form.refuse("file", _("Paste a text or choose a file, not both."))
        return ""
    return forms.sent_text(form)
