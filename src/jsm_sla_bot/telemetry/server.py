"""The HTTP server that ops and Prometheus ask.

Promises: no caller holds up the daemon, another caller or the end. A thread serves the port, and one more each
caller. Accepted race: a caller whose answer is not ready at the end is disconnected without one.
"""

import socket
import time
from contextlib import suppress
from socketserver import ThreadingMixIn
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client.exposition import make_wsgi_app

from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health
from jsm_sla_bot.telemetry.pages import pages

SILENCE_SECONDS = 5.0
"""A caller that sends nothing for this long is disconnected."""

LOOK_SECONDS = 0.1
"""How often the server checks whether it has to end."""

ENDING_SECONDS = 0.4
"""The whole end takes less than ten seconds, of which the daemon's drain has nine and a half."""


class HealthServer:
    """Serves the pages, a thread for each caller, while the context is open."""

    def __init__(
        self,
        port: int,
        health: Health,
        metrics: Metrics,
        address: str = "",
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        """Listen at that address of this machine, at all of them by default. Raises OSError."""
        app = pages(health, make_wsgi_app(metrics.registry))
        server_class = _Ipv6Server if ":" in address else _Server
        self._server = make_server(
            address,
            port,
            app,
            server_class=server_class,
            handler_class=_Handler,
        )
        self._server.silence_seconds = silence_seconds
        self._thread = Thread(
            target=self._server.serve_forever,
            args=(LOOK_SECONDS,),
            name="health",
            daemon=True,
        )

    @property
    def port(self) -> int:
        """The port that is served."""
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        last = time.monotonic() + ENDING_SECONDS
        ending = Thread(
            target=self._server.shutdown, name="health-end", daemon=True
        )
        ending.start()
        for thread in (ending, self._thread):
            thread.join(max(0.0, last - time.monotonic()))
        self._server.server_close()
        self._server.hang_up(last)


class _Conversation(NamedTuple):
    """A caller, and the thread that answers it."""

    thread: Thread
    connection: socket.socket


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    silence_seconds = SILENCE_SECONDS

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the library's own arguments
        self._conversations: list[_Conversation] = []
        super().__init__(*args, **options)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library's
        """Answer a caller in a thread of its own, and remember it for as long as that runs."""
        request.settimeout(self.silence_seconds)
        alive = [
            each for each in self._conversations if each.thread.is_alive()
        ]
        self._conversations = alive
        thread = Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="health-caller",
            daemon=True,
        )
        thread.start()
        self._conversations.append(_Conversation(thread, request))

    def hang_up(self, last: float) -> None:
        """Read nothing more from callers, and wait for answers under way until `last` (monotonic seconds)."""
        for conversation in self._conversations:
            with suppress(OSError):  # the caller has gone
                conversation.connection.shutdown(socket.SHUT_RD)
        for conversation in self._conversations:
            conversation.thread.join(max(0.0, last - time.monotonic()))

    def handle_error(self, request: object, client_address: object) -> None:
        """Log nothing: a caller that is silent or gone is no news."""


class _Ipv6Server(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Log nothing: a health check every few seconds is no news."""
