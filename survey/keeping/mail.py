"""Sends one letter to one recipient by SMTP, and says what became of it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from survey.keeping.mail_server import MailServer

TIMEOUT_SECONDS = 30
LONGEST_PROBLEM = 300


class MailDelayed(RuntimeError):
    """The letter did not go out now and may go out later; nobody got it."""


class MailRefused(RuntimeError):
    """The server will not take a letter to this recipient, now or later; nobody got it."""


class MailUncertain(RuntimeError):
    """The connection ended after the letter was sent and before it was accepted.

    It may have arrived, so sending it again would be sending it twice.
    """


def send(server: MailServer, letter: EmailMessage, *, sender: str, recipient: str) -> None:
    """Hand the letter in; returns when the server has taken responsibility for it.

    :raise MailDelayed: when the server cannot be reached, does not encrypt, or says "later".
    :raise MailRefused: when it refuses this recipient or this letter for good.
    :raise MailUncertain: when nobody can tell whether it was accepted.
    """
    try:
        connection = _connected(server)
        try:
            _hand_in(connection, letter, sender, recipient)
        finally:
            _take_leave(connection)
    except (MailRefused, MailUncertain, MailDelayed):
        raise
    except (OSError, smtplib.SMTPException) as error:
        # Before the letter itself was sent: whatever went wrong, nobody got it.
        raise MailDelayed(_said(error)) from error


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.encrypted:
        connection = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.ehlo()
        if not server.encrypted and not server.is_here:
            if not connection.has_extn("starttls"):
                raise MailDelayed(f"{server.host} does not offer STARTTLS; nothing was sent")
            connection.starttls(context=context)
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _take_leave(connection: smtplib.SMTP) -> None:
    """End the conversation; a letter that was accepted stays accepted however this goes."""
    with suppress(OSError, smtplib.SMTPException):
        connection.docmd("QUIT")
    connection.close()


def _hand_in(connection: smtplib.SMTP, letter: EmailMessage, sender: str, recipient: str) -> None:
    _check(connection.mail(sender), MailDelayed)
    _check(connection.rcpt(recipient), MailRefused)
    _check(connection.docmd("DATA"), MailDelayed, good=(354,))
    body = letter.as_bytes(policy=letter.policy.clone(linesep="\r\n"))
    try:
        # A line that begins with a dot gets another, or it would end the letter (RFC 5321, 4.5.2).
        dotted = b"\r\n".join(
            b"." + line if line.startswith(b".") else line for line in body.split(b"\r\n")
        )
        connection.send(dotted + (b"" if dotted.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        answer = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise MailUncertain(_said(error)) from error
    _check(answer, MailRefused)


def _check(
    answer: tuple[int, bytes],
    refusal: type[MailDelayed] | type[MailRefused],
    good: tuple[int, ...] = (250, 251),
) -> None:
    code, text = answer
    if code in good:
        return
    said = f"{code} {text.decode(errors='replace')}"[:LONGEST_PROBLEM]
    raise (refusal if 500 <= code < 600 else MailDelayed)(said)


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:LONGEST_PROBLEM]
