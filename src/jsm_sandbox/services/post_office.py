"""A mail server of a few words, without TLS: it takes every letter and keeps it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from jsm_sandbox.state.inbox import Inbox, Message, Unrest

NAME = "mail"
_END = b".\r\n"
_BUSY = b"451 4.3.0 try again later\r\n"


class _Dialogue(socketserver.StreamRequestHandler):
    """One connection."""

    server: _Server

    def handle(self) -> None:
        """Answer word by word."""
        self._say(b"220 sandbox ESMTP")
        while line := self.rfile.readline(4096):
            match line[:4].upper():
                case b"EHLO" | b"HELO":
                    self._say(b"250 sandbox")
                case b"MAIL" | b"RCPT" | b"RSET" | b"NOOP":
                    self._say(b"250 2.0.0 ok")
                case b"DATA":
                    if not self._letter():
                        return
                case b"QUIT":
                    self._say(b"221 2.0.0 bye")
                    return
                case _:
                    self._say(b"502 5.5.1 what?")

    def _letter(self) -> bool:
        """Take a letter; return whether the connection still stands. One that breaks off before its end is none."""
        self._say(b"354 go ahead")
        lines = []
        while (line := self.rfile.readline()) != _END:
            if not line:
                return False
            lines.append(line.removeprefix(b"."))
        unrest = self.server.inbox.unrest(NAME)
        if unrest is None or unrest.is_done:
            _keep(self.server.inbox, b"".join(lines))
        match unrest:
            case None:
                self._say(b"250 2.0.0 taken")
            case Unrest.ERROR | Unrest.LIMIT:
                self.wfile.write(_BUSY)
            case _:
                return False
        return True

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    """Listens on the loopback."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, inbox: Inbox) -> None:
        """Keep letters in this inbox."""
        self.inbox = inbox
        super().__init__(("127.0.0.1", port), _Dialogue)


def _keep(inbox: Inbox, content: bytes) -> None:
    letter = message_from_bytes(content, policy=policy.default)
    assert isinstance(letter, EmailMessage)  # noqa: S101 - the policy makes them
    body = letter.get_body()
    text = body.get_content() if body else ""
    with inbox.lock:
        inbox.add(
            Message(
                NAME,
                str(letter["To"]),
                str(letter["Message-ID"]),
                str(letter["References"]),
                [f"{letter['Subject']}\n{text}"],
                str(letter["Message-ID"]),
            )
        )


@contextmanager
def mail_server(inbox: Inbox, port: int = 0) -> Iterator[int]:
    """Take mail on a port, a free one for 0, and give its number."""
    server = _Server(port, inbox)
    thread = threading.Thread(
        target=server.serve_forever, args=(0.01,), daemon=True
    )
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
