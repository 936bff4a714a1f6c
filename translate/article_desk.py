"""The editors' pages for articles: the list, bringing in, removing, and the way to each text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from translate import forms, translation_desk
from translate.article_list import MISSING, Search, find_articles
from translate.errors import ArticleError
from translate.forms import Form, Office
from translate.intake import import_page, remove_article, stored_articles
from translate.service import TranslationService

STATES: Mapping[str, Any] = {
    "machine": _l("Machine translation"),
    "reviewed": _l("Reviewed"),
    "published": _l("Published"),
    "withdrawn": _l("Withdrawn"),
    "stale": _l("Out of date"),
    MISSING: _l("Not translated"),
}
FILTERS = ("text", "language", "state")


def blueprint(office: Office, service: TranslationService, *, longest: int) -> Blueprint:
    """`/articles`, to be registered under the guarded admin blueprint; for editors.

    :param longest: characters of an article that is translated while the editor waits.
    """
    bp = Blueprint("desk_articles", __name__)
    bp.before_request(office.editor)
    translation_desk.add_routes(bp, office, service, STATES, longest=longest)

    @bp.get("")
    def listing() -> ResponseReturnValue:
        form = forms.asked(*FILTERS)
        search = Search(
            text=form.typed["text"],
            language=form.choice("language", office.languages, optional=True),
            state=form.choice("state", tuple(STATES), optional=True),
        )
        found = find_articles(
            office.session(),
            search,
            office.languages,
            before=forms.number(request.args, "before"),
        )
        page = render_template(
            "admin/articles.html",
            form=form,
            found=found,
            states=STATES,
            languages=office.languages,
            next_page=forms.address(form, before=str(found.older)) if found.older else "",
            first_page=forms.address(form) if request.args.get("before") else "",
        )
        return page, 422 if form.errors else 200

    @bp.get("/import")
    def import_form() -> ResponseReturnValue:
        form = Form(typed={"language": office.languages[0], "text": ""})
        return _import_page(form, office.languages)

    @bp.post("/import")
    def bring_in() -> ResponseReturnValue:
        form = forms.sent("language")
        form.typed["text"] = request.form.get("text", "").replace("\r\n", "\n")
        language = form.choice("language", office.languages)
        text = _text(form)
        if form.errors:
            return _import_page(form, office.languages), 422
        try:
            report = import_page(office.session(), text, language, now=datetime.now(UTC))
        except ArticleError:
            message = _(
                "No article was found. An article is a title on a line without a full stop, "
                "a blank line, and paragraphs."
            )
            form.refuse("text", message)
            form.typed["text"] = text
            return _import_page(form, office.languages), 422
        if report.added:
            office.audit("articles imported", ", ".join(a.title for a in report.added))
        said = ngettext("%(num)s article added", "%(num)s articles added", len(report.added))
        known = ngettext(
            "%(num)s was there already", "%(num)s were there already", report.already_there
        )
        left = ngettext("%(num)s line left out", "%(num)s lines left out", len(report.left_out))
        flash(_("%(added)s, %(known)s, %(left)s.", added=said, known=known, left=left))
        return redirect(url_for(".listing"), 303)

    @bp.get("/<slug>/remove")
    def remove_form(slug: str) -> ResponseReturnValue:
        title = _title(office.session(), slug)
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this article"),
            subject=title,
            explanation=_(
                "Its text and all its translations are deleted. Answers of readers about it, "
                "and what the memory learned from it, stay."
            ),
            action=url_for(".remove", slug=slug),
            button=_("Remove the article"),
            back=url_for(".listing"),
        )

    @bp.post("/<slug>/remove")
    def remove(slug: str) -> ResponseReturnValue:
        title = _title(office.session(), slug)
        try:
            remove_article(office.session(), slug)
        except ArticleError:
            abort(404)
        office.audit("article removed", slug)
        flash(_("Removed: %(title)s", title=title))
        return redirect(url_for(".listing"), 303)

    return bp


def _import_page(form: Form, languages: tuple[str, ...]) -> str:
    return render_template("admin/article_import.html", form=form, languages=languages)


def _text(form: Form) -> str:
    """What was pasted, or what the uploaded file holds; said to the form when it is neither."""
    file = request.files.get("file")
    if file is None or not file.filename:
        if not form.typed["text"].strip():
            form.refuse("text", _("Paste a text, or choose a file."))
        return form.typed["text"]
    if form.typed["text"].strip():
        form.refuse("file", _("Paste a text or choose a file, not both."))
        return ""
    try:
        text: str = file.read().decode("utf-8-sig")
        return text
    except UnicodeDecodeError:
        form.refuse("file", _("This file is no plain text in UTF-8."))
        return ""


def _title(session: Session, slug: str) -> str:
    try:
        return stored_articles(session, [slug])[0].text.title
    except ArticleError:
        abort(404)
