"""Where letters are handed in, and whether addresses are any; knows nothing of sending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
SCHEDULES = ("weekly", "monthly")
LONGEST_ADDRESS = 254
# What every mail server takes; names beside an address do not belong here.
_ADDRESS = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII
)


class BadMailServer(ValueError):
    """The address of a mail server is none; the message says how one looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where letters are handed in; `encrypted` from the first byte on, else by STARTTLS."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    encrypted: bool = False

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, to which a line needs no encryption."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def mail_server(url: str, password: str = "") -> MailServer:
    """The server of an address such as smtp://user@mail.example.org:587.

    :raise BadMailServer: for another kind of address, or one with a password in it.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in PORTS or not parts.hostname or port == 0 or parts.path.strip("/"):
        raise BadMailServer(
            "this is no address of a mail server, such as smtp://user@mail.example.org:587 "
            "or smtps://user@mail.example.org"
        )
    if parts.password is not None:
        raise BadMailServer("a password does not belong in the address: set RAYAK_SMTP_PASSWORD")
    if password and not parts.username:
        raise BadMailServer("there is a password but no user; write smtp://user@host")
    return MailServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=password,
        encrypted=parts.scheme == "smtps",
    )


def plan_problems(
    *,
    schedule: tuple[str, ...],
    recipients: tuple[str, ...],
    sender: str,
    url: str,
    password: str,
) -> Iterator[tuple[str, str]]:
    """What is wrong with the settings of kept reports: which setting, and what to do."""
    unknown = [name for name in schedule if name not in SCHEDULES]
    if unknown or len(set(schedule)) < len(schedule):
        yield "REPORT_SCHEDULE", "must be off, weekly, monthly, or weekly,monthly"
    for address in (*recipients, *filter(None, [sender])):
        if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
            name = "REPORT_SENDER" if address == sender else "REPORT_RECIPIENTS"
            yield name, f"{address!r} is no mail address, such as reports@example.org"
    if len({r.casefold() for r in recipients}) < len(recipients):
        yield "REPORT_RECIPIENTS", "an address stands twice"
    if url:
        try:
            mail_server(url, password)
        except BadMailServer as error:
            yield "SMTP_URL", str(error)
        if not sender:
            yield "REPORT_SENDER", "reports cannot go out without the sender's address"
    elif password:
        yield "SMTP_PASSWORD", "is set, but RAYAK_SMTP_URL is not"
    if recipients and not url:
        yield "REPORT_RECIPIENTS", "nobody gets a report without a mail server: set RAYAK_SMTP_URL"
