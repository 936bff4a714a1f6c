"""The form of the wordings: what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.ratings import Wording, WordingKind
from survey.web.forms import FieldError
from survey.web.i18n import PageLanguage
from survey.wording_changes import TextPlace, places
from survey.wording_rules import LONGEST, UNREADABLE, Problem, problems, tidy

TITLES: dict[WordingKind, Any] = {
    WordingKind.QUESTION: _l("The question"),
    WordingKind.DISCLAIMER: _l("The disclaimers"),
}
PROVIDERS: dict[str, Any] = {
    "": _l("The question"),
    "argos": _l("Translated on this site's own server"),
    "google": _l("Translated by Google"),
    "browser": _l("Translated by the reader's browser"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """One text of the form: its place, the field's name, what was typed and what is wrong."""

    place: TextPlace
    name: str
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The texts of a kind as typed, the state they were made from, and what is wrong."""

    kind: WordingKind
    fields: tuple[TextField, ...]
    seen: int
    errors: tuple[FieldError, ...] = ()

    @property
    def texts(self) -> dict[TextPlace, str]:
        """The typed texts by their places."""
        return {field.place: field.text for field in self.fields}

    def having(self, error: FieldError) -> Form:
        """The form with one more thing that is wrong with it."""
        return replace(self, errors=(*self.errors, error))


def _name(place: TextPlace) -> str:
    return "-".join(part for part in ("text", place.provider, place.language) if part)


def form_of(kind: WordingKind, wordings: Mapping[str, Wording], seen: int) -> Form:
    """The form with the texts of these wordings."""
    fields = tuple(
        TextField(place=place, name=_name(place), text=place.read(wordings[place.language]))
        for place in places(kind, wordings.values())
    )
    return Form(kind=kind, fields=fields, seen=seen)


def typed_form(kind: WordingKind, wordings: Mapping[str, Wording], seen: int, action: str) -> Form:
    """The form as it was sent; for "builtin", with the texts of `wordings` instead."""
    form = form_of(kind, wordings, seen)
    if action == "builtin":
        return form
    fields, errors = [], []
    for field in form.fields:
        values = request.form.getlist(field.name)
        text = tidy(values[0]) if len(values) == 1 else ""
        found = [_explain(problem, what, kind) for problem, what in problems(kind, text)]
        label = PageLanguage.of(field.place.language).name
        errors += [FieldError(target=field.name, message=f"{label}: {m}") for m in found]
        typed = values[0].replace("\0", UNREADABLE) if found and values else text
        fields.append(
            TextField(place=field.place, name=field.name, text=typed, problem=" ".join(found))
        )
    return Form(kind=kind, fields=tuple(fields), seen=seen, errors=tuple(errors))


def _explain(problem: Problem, what: str, kind: WordingKind) -> str:
    if problem is Problem.TOO_LONG:
        text = _(
            "The text has %(n)s characters; shorten it to %(limit)s.", n=what, limit=LONGEST[kind]
        )
    elif problem is Problem.UNKNOWN_PLACEHOLDER:
        text = _("There is no placeholder {%(name)s} here. Take it out.", name=what)
    elif problem is Problem.MISSING_PLACEHOLDER:
        text = _("The placeholder {%(name)s} is missing. Put it where it belongs.", name=what)
    else:
        text = {
            Problem.EMPTY: _("Write a text."),
            Problem.CONTROL: _("The text holds invisible control characters. Type it anew."),
            Problem.BIDI: _(
                "The text holds marks that turn the direction of writing. Type it anew."
            ),
            Problem.BRACES: _("Curly brackets stand only around the name of a placeholder."),
        }[problem]
    return str(text)
