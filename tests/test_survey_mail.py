"""A letter goes out once, encrypted or not at all, and what became of it is known."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from survey.keeping.mail import MailDelayed, MailRefused, MailUncertain, send
from survey.keeping.mail_server import BadMailServer, MailServer, mail_server
from survey.settings import Settings, SettingsError
from tests.letters import RECIPIENT, SENDER, letter
from tests.mail_server import Post
from tests.mail_server import mail_server as serving


def deliver(post: Post) -> None:
    """Hand the letter to a server that behaves as `post` says."""
    with serving(post):
        server = MailServer(host="127.0.0.1", port=post.port)
        send(server, letter(), sender=SENDER, recipient=RECIPIENT)


def test_a_letter_arrives_as_it_was_written() -> None:
    """Subject and text in Arabic, and a line that is only a dot."""
    post = Post()
    deliver(post)
    ((recipient, got),) = post.letters
    assert recipient == RECIPIENT
    assert got["Subject"] == "رضا القراء"
    assert got.get_content().splitlines() == ["السلام عليكم", ".", "..two dots", "the end"]


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_line_that_breaks_before_the_letter_is_a_delay(command: str) -> None:
    """Nobody got anything, so it may be tried again."""
    with pytest.raises(MailDelayed):
        deliver(Post(hangs_up=command))


def test_a_line_that_breaks_after_the_letter_leaves_it_uncertain() -> None:
    """The server may have accepted it: trying again might be sending it twice."""
    with pytest.raises(MailUncertain):
        deliver(Post(hangs_up="BODY"))


def test_a_line_that_breaks_at_the_goodbye_changes_nothing() -> None:
    """An accepted letter is sent, however the conversation ends."""
    post = Post(hangs_up="QUIT")
    deliver(post)
    assert post.recipients == [RECIPIENT]


def test_no_for_good_and_no_for_now_are_told_apart() -> None:
    """550 is a refusal, 451 a delay; both say what the server said."""
    with pytest.raises(MailRefused, match="550 no such mailbox"):
        deliver(Post(refused={RECIPIENT}))
    with pytest.raises(MailDelayed, match="451 come back later"):
        deliver(Post(deferred={RECIPIENT}))


def test_nobody_there_is_a_delay() -> None:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MailDelayed, match="refused"):
        send(MailServer(host="127.0.0.1", port=port), letter(), sender=SENDER, recipient=RECIPIENT)


def test_a_server_elsewhere_must_encrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without STARTTLS neither password nor letter leaves this machine."""
    monkeypatch.setattr(MailServer, "is_here", property(lambda _: False))
    post = Post()
    with serving(post):
        server = MailServer(host="127.0.0.1", port=post.port, user="u", password="secret")
        with pytest.raises(MailDelayed, match="STARTTLS"):
            send(server, letter(), sender=SENDER, recipient=RECIPIENT)
    assert set(post.commands) <= {"EHLO", "QUIT"}


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("mail.example.org", False),
        ("localhost.example.org", False),
        ("10.0.0.1", False),
    ],
)
def test_only_this_machine_needs_no_encryption(host: str, here: bool) -> None:
    """By its name or its loopback address, never by a name that looks like it."""
    assert MailServer(host=host, port=25).is_here is here


def test_an_address_of_a_server_is_read() -> None:
    """User, port and kind; the usual port where none is said."""
    assert mail_server("smtp://me%40x@mail.example.org") == MailServer(
        host="mail.example.org", port=587, user="me@x"
    )
    server = mail_server("smtps://me@mail.example.org:4650", "secret")
    assert (server.port, server.encrypted, server.password) == (4650, True, "secret")
    assert "secret" not in repr(server)


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://x", "smtp://", "smtp://h:x", "smtp://u:p@h", "smtp://h/p"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    """A password in it is refused as well: addresses are printed."""
    with pytest.raises(BadMailServer):
        mail_server(url)


MAIL = {
    "RAYAK_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "RAYAK_SMTP_URL": "smtp://me@mail.example.org",
    "RAYAK_REPORT_SENDER": SENDER,
}


def test_the_settings_of_reports_are_read(tmp_path: Path) -> None:
    """Schedule, languages, recipients, and a password that comes from a file and is not printed."""
    (tmp_path / "password").write_text("a password\n")
    settings = Settings.from_env(
        MAIL
        | {
            "RAYAK_DATA_DIR": str(tmp_path),
            "RAYAK_REPORT_SCHEDULE": "weekly,monthly",
            "RAYAK_REPORT_LANGUAGES": "ar,en",
            "RAYAK_REPORT_RECIPIENTS": f"{RECIPIENT}, board@example.org",
            "RAYAK_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
        }
    )
    assert settings.report_schedule == ("weekly", "monthly")
    assert settings.report_languages == ("ar", "en")
    assert settings.report_recipients == (RECIPIENT, "board@example.org")
    assert settings.smtp_password == "a password"
    assert "a password" not in repr(settings)
    assert Settings.from_env(MAIL | {"RAYAK_REPORT_SCHEDULE": "off"}).report_schedule == ()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("RAYAK_REPORT_SCHEDULE", {"RAYAK_REPORT_SCHEDULE": "daily"}),
        ("RAYAK_REPORT_SCHEDULE", {"RAYAK_REPORT_SCHEDULE": "weekly,off"}),
        ("RAYAK_REPORT_SCHEDULE", {"RAYAK_REPORT_SCHEDULE": "weekly,weekly"}),
        ("RAYAK_REPORT_LANGUAGES", {"RAYAK_REPORT_LANGUAGES": "de"}),
        ("RAYAK_REPORT_RECIPIENTS", {"RAYAK_REPORT_RECIPIENTS": "amina"}),
        ("RAYAK_REPORT_RECIPIENTS", {"RAYAK_REPORT_RECIPIENTS": "a@x.org\r\nBcc: b@x.org"}),
        ("RAYAK_REPORT_RECIPIENTS", {"RAYAK_REPORT_RECIPIENTS": "a@x.org,A@X.org"}),
        ("RAYAK_SMTP_URL", {"RAYAK_REPORT_RECIPIENTS": RECIPIENT, "RAYAK_SMTP_URL": ""}),
        ("RAYAK_REPORT_SENDER", {"RAYAK_REPORT_SENDER": ""}),
        ("RAYAK_REPORT_SENDER", {"RAYAK_REPORT_SENDER": "Reports <r@x.org>"}),
        ("RAYAK_SMTP_URL", {"RAYAK_SMTP_URL": "smtp://me:secret@mail.example.org"}),
        ("RAYAK_SMTP_PASSWORD", {"RAYAK_SMTP_PASSWORD": "x", "RAYAK_SMTP_URL": ""}),
    ],
)
def test_a_wrong_setting_of_reports_is_named(name: str, changes: dict[str, str]) -> None:
    """Before anything is served or sent; never with the password in the message."""
    with pytest.raises(SettingsError, match=name) as error:
        Settings.from_env(MAIL | changes)
    assert "secret" not in str(error.value)
