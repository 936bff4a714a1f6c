"""The form in which an editor writes an article: title, day of publication, text."""

from __future__ import annotations

import re
from datetime import date

from flask import request
from flask_babel import format_decimal
from flask_babel import gettext as _

from translate.articles.intake import ArticleText
from translate.articles.originals import Draft
from translate.articles.page import LONGEST_TITLE
from translate.web.forms import Form, line

# Some hundred pages; a whole article travels with each saving.
LONGEST_TEXT = 300_000
_YEARS = range(1900, 2200)
# Control characters other than the line end; no article has them and PostgreSQL takes no NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Plain blanks only: French typography's no-break spaces are part of the text.
_BLANKS = re.compile(r"[ \t\r\n]+")
_LINE_ENDS = re.compile(r"[ \t]*(?:\r\n?|\n)")
_EMPTY_LINES = re.compile(r"\n{3,}")


def empty(language: str) -> Form:
    """The form for an article that is not there yet."""
    return Form(typed={"language": language, "title": "", "day": "", "text": ""})


def filled(draft: Draft) -> Form:
    """The form with an article in it."""
    day = draft.day.isoformat() if draft.day else ""
    return Form(typed={"title": draft.text.title, "day": day, "text": draft.text.body})


def sent() -> Form:
    """The form as it was sent; nothing of it is cut off."""
    typed = {name: request.form.get(name, "") for name in ("title", "text")}
    form = Form(typed={name: _CONTROL.sub("", text) for name, text in typed.items()})
    form.typed |= {name: line(request.form.get(name, "")) for name in ("day", "language")}
    form.typed["text"] = form.typed["text"].replace("\r\n", "\n")
    return form


def read(form: Form) -> Draft | None:
    """The article that was typed; None where the form says what is wrong with it."""
    title = _BLANKS.sub(" ", form.typed["title"]).strip()
    body = _EMPTY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", form.typed["text"])).strip()
    if not title:
        form.refuse("title", _("Write a title."))
    elif len(title) > LONGEST_TITLE:
        form.refuse("title", _("A title has at most %(n)s characters.", n=LONGEST_TITLE))
    day = _day(form)
    if not body:
        form.refuse("text", _("Write a text."))
    elif len(body) > LONGEST_TEXT:
        limit = format_decimal(LONGEST_TEXT)
        form.refuse("text", _("A text has at most %(n)s characters.", n=limit))
    return None if form.errors else Draft(text=ArticleText(title=title, body=body), day=day)


def _day(form: Form) -> date | None:
    typed = form.typed["day"]
    if not typed:
        return None
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        found = date.min
    if found.year not in _YEARS:
        form.refuse("day", _("Write a day as year-month-day, such as 2026-01-31."))
        return None
    return found
