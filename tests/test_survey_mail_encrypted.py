"""Letters over encrypted lines and with a password, to a real server with a real certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.keeping.mail import MailDelayed, send
from survey.keeping.mail_server import MailServer
from tests.letters import RECIPIENT, SENDER, letter
from tests.secure_mail_server import ELSEWHERE, PASSWORD, USER, SecurePost, secure_mail_server

# The library does not see that a line is encrypted from its first byte on.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def hand_in(post: SecurePost, *, host: str = "127.0.0.1", **more: object) -> None:
    """Send the letter as the settings of a careful operator would."""
    settings = {"user": USER, "password": PASSWORD, "encrypted": host != ELSEWHERE} | more
    server = MailServer(host=host, port=post.port, **settings)  # type: ignore[arg-type] # of the tests below
    send(server, letter(), sender=SENDER, recipient=RECIPIENT)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The machine trusts the authority of the test, as it trusts those it came with."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(("starttls", "host"), [(False, "127.0.0.1"), (True, ELSEWHERE)])
def test_a_letter_goes_out_encrypted_and_with_the_password(
    tmp_path: Path, starttls: bool, host: str
) -> None:
    """From the first byte on, or from STARTTLS on; nothing of it is said before."""
    with secure_mail_server(tmp_path, starttls=starttls, name=host) as post:
        hand_in(post, host=host)
    ((recipient, got),) = post.letters
    assert (recipient, got["Subject"]) == (RECIPIENT, "رضا القراء")
    assert (post.encrypted, post.passwords) == ([True], [PASSWORD.encode()])


@pytest.mark.usefixtures("trusting")
def test_a_wrong_password_is_said_and_nothing_is_sent(tmp_path: Path) -> None:
    """It may be tried again once the operator has mended it; the password is not repeated."""
    with secure_mail_server(tmp_path) as post, pytest.raises(MailDelayed, match="535") as error:
        hand_in(post, password="not the password")
    assert post.letters == []
    assert "not the password" not in str(error.value)


@pytest.mark.usefixtures("trusting")
def test_without_a_password_the_server_refuses_for_now(tmp_path: Path) -> None:
    """It asks for one: nobody got anything."""
    with secure_mail_server(tmp_path) as post, pytest.raises(Exception, match="530"):
        hand_in(post, user="", password="")
    assert post.letters == []


@pytest.mark.parametrize("starttls", [False, True])
def test_a_server_nobody_vouches_for_gets_neither_password_nor_letter(
    tmp_path: Path, starttls: bool
) -> None:
    """Its authority is not among those that the machine trusts."""
    host = ELSEWHERE if starttls else "127.0.0.1"
    with (
        secure_mail_server(tmp_path, starttls=starttls, name=host) as post,
        pytest.raises(MailDelayed, match="certificate verify failed"),
    ):
        hand_in(post, host=host)
    assert (post.letters, post.passwords) == ([], [])


@pytest.mark.usefixtures("trusting")
def test_a_certificate_for_another_name_is_none(tmp_path: Path) -> None:
    """Trusted, but not for the server that was asked for."""
    with (
        secure_mail_server(tmp_path, name="another.example.org") as post,
        pytest.raises(MailDelayed, match="certificate verify failed"),
    ):
        hand_in(post)
    assert (post.letters, post.passwords) == ([], [])
