"""A mail server that encrypts and asks for a password, with a certificate made for the test."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import free_port

USER, PASSWORD = "reports", "a password of the tests"
# Another address of this machine than its loopback: to it a line must be encrypted.
ELSEWHERE = "0.0.0.0"  # noqa: S104 -- to connect to, not to listen on


@dataclass(kw_only=True)
class SecurePost:
    """What arrived, and what is needed to hand something in."""

    port: int
    authority: Path
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    passwords: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take a letter."""
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters += [(recipient, letter) for recipient in envelope.rcpt_tos]
        return "250 accepted"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        """Let in whoever knows user and password."""
        assert isinstance(data, LoginPassword)
        self.passwords.append(data.password)
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)


@contextmanager
def secure_mail_server(
    folder: Path, *, starttls: bool = False, name: str = "127.0.0.1"
) -> Iterator[SecurePost]:
    """Serve on a free port; whoever trusts `authority` trusts the server as `name`.

    :param starttls: encrypt when the client says so; else from the first byte on.
    """
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    post = SecurePost(port=free_port(), authority=folder / "authority.pem")
    authority.cert_pem.write_to_path(str(post.authority))
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=post.port,
        server_hostname="post.test",
        ssl_context=None if starttls else context,
        tls_context=context if starttls else None,
        require_starttls=starttls,
        authenticator=post.authenticate,
        auth_required=True,
        auth_require_tls=starttls,
    )
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
