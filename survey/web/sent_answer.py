"""The answer that a request brings: its fields, each read once and none of them guessed at."""

from __future__ import annotations

from flask import request

from survey.ratings import SpamReason

# The name of a field that people leave empty and programs fill in.
TRAP = "subject"
# Bytes: four times the longest comment in the longest letters, so that one that is too long can be
# given back to be shortened. A form of 4 MB would keep the processor busy for seconds.
LARGEST = 100_000


def only_value(name: str) -> str:
    """The only value of a field; a repeated field is not guessed at."""
    values = request.form.getlist(name)
    return values[0] if len(values) == 1 else "repeated" if values else ""


def comment() -> str:
    """The comment; of a field that came several times nothing is lost."""
    return "\n".join(request.form.getlist("comment"))


def is_ticked(name: str) -> bool:
    """Whether a box of the form was ticked."""
    return only_value(name) == "on"


def spam(*, proven: bool) -> SpamReason:
    """Why to keep the answer as spam, as far as its fields tell.

    :param proven: it came with the proof of work, where one is asked for.
    """
    if any(request.form.getlist(TRAP)):
        return SpamReason.HONEYPOT
    return SpamReason.NONE if proven else SpamReason.NO_PROOF


def is_on_a_screen() -> bool:
    """Whether what this request gets comes on a screen: not what is fetched ahead, nor a HEAD."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return request.method != "HEAD" and not ahead
