"""The editors' pages of the glossary: terms listed, added, changed, and as a table in and out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from translate import forms
from translate.errors import GlossaryError
from translate.forms import Form, Office
from translate.glossary import EVERY_LANGUAGE
from translate.glossary_list import ListedTerm, find_terms, read_one, save_term
from translate.glossary_table import export_table, import_table, remove_term

CELLS = ("source_language", "target_language", "term", "target", "clitics", "case", "note")


def blueprint(office: Office) -> Blueprint:
    """`/glossary`, to be registered under the guarded admin blueprint; for editors."""
    bp = Blueprint("desk_glossary", __name__)
    bp.before_request(office.editor)

    def page(form: Form) -> str:
        search = forms.asked("search", "language")
        after = forms.number(request.args, "after")
        language = search.choice("language", office.languages, optional=True)
        found, following = find_terms(
            office.session(), search.typed["search"], language, after=after
        )
        return render_template(
            "admin/glossary.html",
            form=form,
            search=search,
            found=found,
            languages=office.languages,
            next_page=forms.address(search, after=str(following)) if following else "",
            first_page=forms.address(search) if after else "",
        )

    def term_page(form: Form, number: int) -> str:
        return render_template(
            "admin/glossary_term.html", form=form, number=number, languages=office.languages
        )

    @bp.get("")
    def listing() -> ResponseReturnValue:
        return page(_empty(office.languages))

    @bp.post("")
    def add() -> ResponseReturnValue:
        form = forms.sent(*CELLS)
        if not _save(office, form, None):
            return page(form), 422
        return redirect(url_for(".listing"), 303)

    @bp.get("/<int:number>")
    def term(number: int) -> ResponseReturnValue:
        found = read_one(office.session(), number)
        if found is None:
            abort(404)
        return term_page(_filled(found), number)

    @bp.post("/<int:number>")
    def change(number: int) -> ResponseReturnValue:
        form = forms.sent(*CELLS)
        if not _save(office, form, number):
            return term_page(form, number), 422
        return redirect(url_for(".listing"), 303)

    @bp.post("/<int:number>/remove")
    def remove(number: int) -> ResponseReturnValue:
        found = read_one(office.session(), number)
        if found is None:
            abort(404)
        try:
            remove_term(office.session(), found.source_language, found.target_language, found.term)
        except GlossaryError:
            abort(404)
        office.audit("glossary term removed", found.term)
        flash(_("Removed: %(title)s", title=found.term))
        return redirect(url_for(".listing"), 303)

    @bp.get("/table.csv")
    def table() -> ResponseReturnValue:
        answer = Response(export_table(office.session()), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="glossary.csv"'
        return answer

    @bp.post("/table")
    def bring_in() -> ResponseReturnValue:
        form = _empty(office.languages)
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                form.refuse("file", _("Choose a file."))
                return page(form), 422
            text: str = file.read().decode("utf-8-sig")
            report = import_table(office.session(), text, by=office.who(), now=datetime.now(UTC))
        except UnicodeDecodeError:
            form.refuse("file", _("This file is no plain text in UTF-8."))
            return page(form), 422
        except GlossaryError as error:
            for fault in (error, *error.others):
                text = _words(fault)
                if fault.line:
                    text = _("Line %(n)s: %(fault)s", n=fault.line, fault=text)
                form.refuse("file", text)
            return page(form), 422
        office.audit("glossary imported", f"{report.added} added, {report.changed} changed")
        flash(
            _(
                "Terms added: %(added)s, changed: %(changed)s, as before: %(same)s",
                added=report.added,
                changed=report.changed,
                same=report.unchanged,
            )
        )
        return redirect(url_for(".listing"), 303)

    return bp


def _save(office: Office, form: Form, number: int | None) -> bool:
    cells = form.typed | {name: "yes" if form.typed[name] else "no" for name in ("clitics", "case")}
    try:
        term = save_term(office.session(), number, cells, by=office.who(), now=datetime.now(UTC))
    except GlossaryError as error:
        form.refuse(error.field or "term", _words(error))
        return False
    office.audit("glossary term saved", term)
    flash(_("Saved: %(term)s", term=term))
    return True


def _empty(languages: tuple[str, ...]) -> Form:
    typed = dict.fromkeys(CELLS, "")
    others = [*languages[1:], EVERY_LANGUAGE]
    return Form(
        typed=typed | {"source_language": languages[0], "target_language": others[0], "case": "on"}
    )


def _filled(found: ListedTerm) -> Form:
    return Form(
        typed={
            "source_language": found.source_language,
            "target_language": found.target_language,
            "term": found.term,
            "target": found.target or "",
            "clitics": "on" if found.clitics else "",
            "case": "on" if found.case_sensitive else "",
            "note": found.note,
        }
    )


def _words(error: GlossaryError) -> str:
    """What is wrong, in the reader's language."""
    words: dict[str, str] = {
        "code": _("This is no language of the list."),
        "empty": _("A term needs a letter or a digit."),
        "star": _("A term with a fixed translation needs one language, not all."),
        "long": _("This is too long."),
        "yes or no": _("Write yes or no."),
        "twice": _("This term is there already."),
        "gone": _("This term was removed meanwhile."),
        "columns": _("The table needs the columns source_language, target_language, term, target."),
        "too many": _("The table has too many terms."),
        "csv": _("This is no CSV table."),
    }
    return words[error.problem]
