"""The letter that the tests send."""

from __future__ import annotations

from email.message import EmailMessage

SENDER, RECIPIENT = "reports@example.org", "amina@example.org"


def letter() -> EmailMessage:
    """A letter in Arabic with lines that SMTP treats as special."""
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = SENDER, RECIPIENT, "رضا القراء"
    found.set_content("السلام عليكم\n.\n..two dots\nthe end\n", cte="8bit")
    return found
