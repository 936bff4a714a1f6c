"""The editors' pages of the glossary: terms listed, added, changed, and as a table in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from translate.errors import GlossaryError
from translate.glossary import EVERY_LANGUAGE
from translate.glossary_list import ListedTerm, find_terms, read_one, save_term
from translate.glossary_table import TableReport, export_table, import_table, remove_term
from translate.web import forms
from translate.web.forms import Form, Office

ORDERS: dict[str, Any] = {"term": _l("By term"), "changed": _l("Last changed first")}
CELLS = ("source_language", "target_language", "term", "target", "clitics", "case", "note")


def blueprint(office: Office) -> Blueprint:
    """`/glossary`, to be registered under the guarded admin blueprint; for editors."""
    bp = Blueprint("desk_glossary", __name__)
    bp.before_request(office.editor)
    desk = GlossaryDesk(office)
    bp.get("")(desk.listing)
    bp.post("")(desk.add)
    bp.get("/<int:number>")(desk.term)
    bp.post("/<int:number>")(desk.change)
    bp.get("/<int:number>/remove")(desk.remove_form)
    bp.post("/<int:number>/remove")(desk.remove)
    bp.get("/table.csv")(desk.table)
    bp.post("/table")(desk.bring_in)
    return bp


@dataclass(frozen=True, slots=True)
class GlossaryDesk:
    """The views of the glossary."""

    office: Office

    def listing(self) -> ResponseReturnValue:
        """The terms, and an empty form for one more."""
        return self._page(self._empty())

    def add(self) -> ResponseReturnValue:
        """A new term."""
        form = forms.sent(*CELLS)
        if not self._save(form, None):
            return self._page(form), 422
        return redirect(url_for(".listing"), 303)

    def term(self, number: int) -> ResponseReturnValue:
        """One term, in a form."""
        return self._term_page(_filled(self._one(number)), number)

    def change(self, number: int) -> ResponseReturnValue:
        """One term as it is to be."""
        form = forms.sent(*CELLS)
        if not self._save(form, number):
            return self._term_page(form, number), 422
        return redirect(url_for(".listing"), 303)

    def remove_form(self, number: int) -> ResponseReturnValue:
        """What removing a term means."""
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this term"),
            subject=self._one(number).term,
            explanation=_("From now on the machine translates it like any other word."),
            action=url_for(".remove", number=number),
            button=_("Remove the term"),
            back=url_for(".term", number=number),
        )

    def remove(self, number: int) -> ResponseReturnValue:
        """One term less."""
        found = self._one(number)
        try:
            remove_term(
                self.office.session(), found.source_language, found.target_language, found.term
            )
        except GlossaryError:
            abort(404)
        self.office.audit("glossary term removed", found.term)
        flash(_("Removed: %(title)s", title=found.term))
        return redirect(url_for(".listing"), 303)

    def table(self) -> ResponseReturnValue:
        """All terms as a CSV file."""
        answer = Response(export_table(self.office.session()), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="glossary.csv"'
        return answer

    def bring_in(self) -> ResponseReturnValue:
        """The terms of a CSV file: all of them, or with a fault in any line none."""
        form = self._empty()
        report = self._imported(form)
        if report is None:
            return self._page(form), 422
        self.office.audit("glossary imported", f"{report.added} added, {report.changed} changed")
        flash(
            _(
                "Terms added: %(added)s, changed: %(changed)s, as before: %(same)s",
                added=report.added,
                changed=report.changed,
                same=report.unchanged,
            )
        )
        return redirect(url_for(".listing"), 303)

    def _page(self, form: Form) -> str:
        search = forms.asked("search", "language")
        order = forms.order(ORDERS)
        language = search.choice("language", self.office.languages, optional=True)
        found = find_terms(
            self.office.session(), search.typed["search"], language, forms.place(), order=order
        )
        return render_template(
            "admin/glossary.html",
            form=form,
            search=search,
            found=found,
            languages=self.office.languages,
            orders=ORDERS.items(),
            order=order,
            pages=forms.other_pages(search, found.page),
        )

    def _term_page(self, form: Form, number: int) -> str:
        return render_template(
            "admin/glossary_term.html", form=form, number=number, languages=self.office.languages
        )

    def _one(self, number: int) -> ListedTerm:
        return read_one(self.office.session(), number) or abort(404)

    def _empty(self) -> Form:
        first, *others = self.office.languages
        languages = {
            "source_language": first,
            "target_language": others[0] if others else EVERY_LANGUAGE,
        }
        return Form(typed=dict.fromkeys(CELLS, "") | languages | {"case": "on"})

    def _save(self, form: Form, number: int | None) -> bool:
        """Whether the term was stored; the form says why not."""
        ticked = {name: "yes" if form.typed[name] else "no" for name in ("clitics", "case")}
        cells, now = form.typed | ticked, datetime.now(UTC)
        try:
            term = save_term(self.office.session(), number, cells, by=self.office.who(), now=now)
        except GlossaryError as error:
            form.refuse(error.field or "term", _words(error))
            return False
        self.office.audit("glossary term saved", term)
        flash(_("Saved: %(term)s", term=term))
        return True

    def _imported(self, form: Form) -> TableReport | None:
        """What the uploaded table changed; None where the form says why it changed nothing."""
        text = forms.sent_text(form)
        if form.errors:
            return None
        try:
            return import_table(
                self.office.session(), text, by=self.office.who(), now=datetime.now(UTC)
            )
        except GlossaryError as error:
            for fault in (error, *error.others):
                words = _words(fault)
                if fault.line:
                    words = _("Line %(n)s: %(fault)s", n=fault.line, fault=words)
                form.refuse("file", words)
            return None


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
