"""Small servers on this machine that speak badly, over plain sockets: each connection is handled by a function."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates"
Handler = Callable[[socket.socket], None]


@contextmanager
def serving(handle: Handler, certificate: str | None = None) -> Iterator[int]:
    """Serve on a free port of this machine, with TLS where a certificate is named; gives the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    opened: list[socket.socket] = []

    def serve(raw: socket.socket) -> None:
        with suppress(OSError):
            connection = tls.wrap_socket(raw, server_side=True) if tls else raw
            opened.append(connection)
            handle(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                raw, _ = listening.accept()
                opened.append(raw)
                threading.Thread(
                    target=serve, args=(raw,), daemon=True
                ).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        for each in (listening, *opened):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def answering(answer: bytes) -> Handler:
    """Return a handler that answers every request with the same bytes and hangs up."""

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)
        connection.close()

    return handle


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def ok(body: bytes, *headers: str) -> bytes:
    """Return a good answer with that body and these header lines besides."""
    lines = [
        "HTTP/1.1 200 OK",
        f"Content-Length: {len(body)}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body
