"""A mail server on this machine that keeps what it is given, and can be as bad as real ones."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(kw_only=True)
class Post:
    """What a server was given, and how it is to behave.

    `refused` addresses are told no for good, `deferred` ones "later". `hangs_up` closes the line
    at a command, such as RCPT; BODY is after the letter and before its acceptance.
    """

    refused: set[str] = field(default_factory=set)
    deferred: set[str] = field(default_factory=set)
    hangs_up: str = ""
    offers: tuple[str, ...] = ()
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def recipients(self) -> list[str]:
        """Who got a letter, in order."""
        return [recipient for recipient, _ in self.letters]


@contextmanager
def mail_server(post: Post) -> Iterator[Post]:
    """Serve SMTP (RFC 5321) on a free port of this machine; `post.port` says which."""

    class Conversation(socketserver.StreamRequestHandler):
        timeout = 20

        def handle(self) -> None:
            post.connections += 1
            self.say("220 post.test ready")
            recipient = ""
            while line := self.rfile.readline():
                command = line.decode().strip()
                verb = command.upper().split(" ", 1)[0].split(":")[0]
                post.commands.append(verb)
                if verb == post.hangs_up:
                    return
                if verb == "EHLO":
                    for name in ("post.test", *post.offers):
                        self.say(f"250-{name}")
                    self.say("250 8BITMIME")
                elif verb == "RCPT":
                    recipient = command.partition("<")[2].partition(">")[0]
                    self.say(self.answer(recipient))
                elif verb == "DATA":
                    self.say("354 go on")
                    content = self.letter()
                    if post.hangs_up == "BODY":
                        return
                    letter = message_from_bytes(content, policy=policy.default)
                    assert isinstance(letter, EmailMessage)
                    post.letters.append((recipient, letter))
                    self.say("250 accepted")
                elif verb == "QUIT":
                    self.say("221 goodbye")
                    return
                else:
                    self.say("250 fine")

        def answer(self, recipient: str) -> str:
            if recipient in post.refused:
                return "550 no such mailbox"
            return "451 come back later" if recipient in post.deferred else "250 fine"

        def letter(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b".") else line)
            return b"".join(lines)

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
