"""The editors' page of readers' suggestions: accepted into the memory, or rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from translate.articles.corrections import (
    UnknownSuggestion,
    accept_suggestion,
    count_suggestions,
    open_suggestions,
    reject_suggestion,
)
from translate.web.forms import Office

PAGE = 50


@dataclass(frozen=True, slots=True)
class SuggestionDesk:
    """The views of the suggestions, which stand beside the memory's."""

    office: Office

    def suggestions(self) -> ResponseReturnValue:
        """Those that nobody has decided on yet."""
        found = open_suggestions(self.office.session(), limit=PAGE)
        count = count_suggestions(self.office.session())
        return render_template("admin/suggestions.html", found=found, count=count)

    def accept(self, number: int) -> ResponseReturnValue:
        """Taken into the memory, sentence by sentence."""
        by, now = self.office.who(), datetime.now(UTC)
        try:
            count = accept_suggestion(self.office.session(), number, by=by, now=now)
        except UnknownSuggestion:
            flash(_("This suggestion was decided on before."))
            return _back()
        self.office.audit("suggestion accepted", f"suggestion {number}")
        if count:
            flash(_("Accepted. Sentences that went into the memory: %(n)s", n=count))
        else:
            flash(
                _(
                    "Accepted, but its sentences cannot be put side by side, so nothing went "
                    "into the memory."
                )
            )
        return _back()

    def reject(self, number: int) -> ResponseReturnValue:
        """Put aside; nothing goes into the memory."""
        by, now = self.office.who(), datetime.now(UTC)
        try:
            reject_suggestion(self.office.session(), number, by=by, now=now)
        except UnknownSuggestion:
            flash(_("This suggestion was decided on before."))
            return _back()
        self.office.audit("suggestion rejected", f"suggestion {number}")
        flash(_("Rejected."))
        return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for(".suggestions"), 303)
