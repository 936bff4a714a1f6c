"""Filters of an admin list, as they stand in the address of the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import request, url_for
from flask_babel import gettext as _

from survey.keyed_page import Place
from survey.web.forms import Form

LONGEST = 200
# PostgreSQL refuses even to compare a key with a number past its own.
GREATEST_KEY = 2**31 - 1
OLDEST = "oldest"
# The calendar's own ends leave no room for the day before or after.
YEARS = range(1000, 9999)


def asked(names: Iterable[str], switches: Iterable[str] = ()) -> Form:
    """The filters as they were typed, on one line each; a switch is on when it is there at all."""
    typed = {name: _line(request.args.get(name, "")) for name in names}
    return Form(typed=typed | {name: "on" if request.args.get(name) else "" for name in switches})


def day(form: Form, name: str) -> date | None:
    """A day of the form, if one was typed; what is none is refused."""
    text = form.typed[name]
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year not in YEARS:
        form.refuse(name, _("Write a day as year-month-day, such as 2026-01-31."))
        return None
    return found


def place() -> Place:
    """Where in the list; anything but a number is nowhere, and the first page is shown."""
    before, after = (_number(request.args.get(name, "")) for name in ("before", "after"))
    oldest_first = request.args.get("order") == OLDEST
    return Place(before=before, after=after, oldest_first=oldest_first)


def other_pages(
    endpoint: str, names: Iterable[str], *, older: int | None, newer: int | None
) -> dict[str, str]:
    """Addresses of the first, the previous and the next page of this list; empty at its ends."""
    here, names = place(), (*names, "order")
    earlier = address(endpoint, names, before=older) if older else ""
    later = address(endpoint, names, after=newer) if newer else ""
    previous, following = (earlier, later) if here.oldest_first else (later, earlier)
    is_first = here.before is None and here.after is None
    return {
        "first": "" if is_first else address(endpoint, names),
        "previous": previous,
        "next": following,
    }


def is_number(text: str) -> bool:
    """Whether a text is a whole number that the key of a row can be."""
    digits = text.isascii() and text.isdigit() and len(text) < 16
    return digits and int(text) <= GREATEST_KEY


def address(endpoint: str, names: Iterable[str], **more: object) -> str:
    """Another page with these filters and the language of this one."""
    here = {name: request.args.get(name, "") for name in (*names, "lang")}
    kept = {name: value for name, value in (here | more).items() if value}
    return url_for(endpoint, **kept)  # type: ignore[arg-type] # Flask takes any value


def _number(text: str) -> int | None:
    return int(text) if is_number(text) else None


def _line(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST]
