"""What the editors' pages share: what was typed with what is wrong, and what they are given.

A form has the shape of one of the survey's, with which it shares no module but the macros of
templates/components/forms.html, which take either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from translate.checks import Flag
from translate.keyed_page import BEGINNING, KeyedPage, Place

# Fields into which editors write at length: an article's title and text, a translation's sentences,
# a sentence of the memory.
WRITTEN = ("title", "text", "target", "better")
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FormError:
    """What is wrong with a field, linked from the error summary to the field's id."""

    target: str
    message: str


@dataclass(slots=True, kw_only=True)
class Form:
    """Fields as they were typed, by name, and what is wrong with them."""

    typed: dict[str, str]
    errors: list[FormError] = field(default_factory=list)

    def error_for(self, target: str) -> str:
        """The message of a field, or nothing."""
        return next((e.message for e in self.errors if e.target == target), "")

    def refuse(self, target: str, message: str) -> None:
        """Say what is wrong with a field."""
        self.errors.append(FormError(target=target, message=message))

    def choice(self, name: str, known: Sequence[str], *, optional: bool = False) -> str:
        """A value of a list; anything else is refused and read as none."""
        value = self.typed.get(name, "")
        if value in known or (optional and not value):
            return value
        self.refuse(name, _("Choose one of the list."))
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the pages of this room under /admin are given by the composition root.

    `editor` and `admin` stop a request with 403 unless the account has at least this role;
    `who` is the account's name; `audit` notes an action and its target; `zone` is the site's.
    """

    session: Callable[[], Session]
    editor: Callable[[], None]
    admin: Callable[[], None]
    is_admin: Callable[[], bool]
    who: Callable[[], str]
    audit: Callable[[str, str], None]
    languages: tuple[str, ...]
    zone: tzinfo


def asked(*names: str) -> Form:
    """Filters from the address, on one line each."""
    return Form(typed={name: line(request.args.get(name, "")) for name in names})


def sent(*names: str) -> Form:
    """Fields of a form that was sent, on one line each."""
    return Form(typed={name: line(request.form.get(name, "")) for name in names})


def sent_file() -> FileStorage | None:
    """The file that was chosen in the field `file`, if one was."""
    return request.files.get("file") or None


def sent_text(form: Form) -> str:
    """The text of the file that was chosen; the form says so where there is none."""
    file = sent_file()
    if file is None:
        form.refuse("file", _("Choose a file."))
        return ""
    try:
        text: str = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        form.refuse("file", _("This file is no plain text in UTF-8."))
        return ""
    return text


def line(text: str) -> str:
    """What a person can have typed into one line."""
    return "".join(c for c in text if c.isprintable()).strip()[:_LONGEST_LINE]


def is_number(text: str) -> bool:
    """Whether a text is a whole number that fits a column."""
    return text.isascii() and text.isdigit() and len(text) < 10


def place() -> Place:
    """Where in a list; anything but a number is nowhere, and the first page is shown."""
    return Place(before=number(request.args, "before"), after=number(request.args, "after"))


def order(known: Iterable[str]) -> str:
    """The order of a list; anything unknown is the first."""
    names = tuple(known)
    asked = request.args.get("order", "")
    return asked if asked in names else names[0]


def other_pages(form: Form, page: KeyedPage) -> dict[str, str]:
    """Addresses of the first, the previous and the next page of a list; empty at its ends."""
    is_first = place() == BEGINNING
    return {
        "first": "" if is_first else _address(form, BEGINNING),
        "previous": _address(form, page.previous) if page.previous else "",
        "next": _address(form, page.following) if page.following else "",
    }


def _address(form: Form, at: Place) -> str:
    """This list with its filters and its order, at a place."""
    here = {**form.typed, "order": line(request.args.get("order", ""))}
    here |= {"before": str(at.before or ""), "after": str(at.after or "")}
    return f"{request.path}?{urlencode({name: value for name, value in here.items() if value})}"


def number(values: Mapping[str, str], name: str) -> int | None:
    """A number from an address or a form; anything else is none."""
    text = values.get(name, "")
    return int(text) if is_number(text) else None


def flag_words() -> dict[Flag, str]:
    """What each check found, in the reader's language."""
    return {
        Flag.NUMBER: _("a number changed"),
        Flag.ADDRESS: _("an address changed"),
        Flag.TERM: _("a term is missing"),
        Flag.REPETITION: _("words are repeated"),
        Flag.COPIED: _("it was not translated"),
        Flag.LENGTH: _("its length is unlikely"),
        Flag.SCRIPT: _("it, or its original, is in the wrong script"),
        Flag.MIXED: _("two scripts meet in one word"),
        Flag.ACRONYM: _("an acronym is missing"),
        Flag.FRAGMENTED: _("it was translated in parts"),
    }
