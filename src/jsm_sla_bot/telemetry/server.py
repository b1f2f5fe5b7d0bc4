"""The HTTP server that ops and Prometheus ask; callers can't hold the daemon up."""

import socket
import time
from contextlib import suppress
from socketserver import ThreadingMixIn
from threading import Thread
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client.exposition import make_wsgi_app

from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health
from jsm_sla_bot.telemetry.pages import pages

SILENCE_SECONDS = 5.0
"""Who connects to the health port and says nothing for so long is hung up on."""

LOOK_SECONDS = 0.1
"""How often the server looks whether it is to end."""

ENDING_SECONDS = 0.4
"""The whole end takes less than ten seconds, of which the daemon's drain has nine and a half."""


class HealthServer:
    """Serves the pages, a thread for each caller, until it is left; callers can't hold that up."""

    def __init__(
        self, port: int, health: Health, metrics: Metrics, address: str = ""
    ) -> None:
        """Listen at that address of this machine, at all of them by default. Raises OSError."""
        app = pages(health, make_wsgi_app(metrics.registry))
        server = _SixServer if ":" in address else _Server
        self._server = make_server(
            address, port, app, server_class=server, handler_class=_Silent
        )
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
        ending = Thread(target=self._server.shutdown, name="health-end", daemon=True)
        ending.start()
        for thread in (ending, self._thread):
            thread.join(max(0.0, last - time.monotonic()))
        self._server.server_close()
        self._server.hang_up(last)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the library's own arguments
        self._talks: list[tuple[Thread, socket.socket]] = []
        super().__init__(*args, **options)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library's
        """Begin a talk in a thread of its own, and remember it for as long as it lasts."""
        self._talks = [talk for talk in self._talks if talk[0].is_alive()]
        thread = Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="health-talk",
            daemon=True,
        )
        thread.start()
        self._talks.append((thread, request))

    def hang_up(self, last: float) -> None:
        """Listen to nobody any more, and wait for answers under way until that instant (monotonic seconds)."""
        for _, line in self._talks:
            with suppress(OSError):  # it has ended by itself
                line.shutdown(socket.SHUT_RD)
        for thread, _ in self._talks:
            thread.join(max(0.0, last - time.monotonic()))

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a caller that is silent or gone is no news."""


class _SixServer(_Server):
    address_family = socket.AF_INET6


class _Silent(WSGIRequestHandler):
    timeout = SILENCE_SECONDS

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Say nothing: a health check every few seconds is no news."""
