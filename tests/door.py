"""The way to a sandbox: in the caller's own thread while all goes well, over a socket where an answer goes wrong."""

import socket
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from jsm_sandbox.http.listener import (
    address,
    create_app,
    listening,
    serving,
)
from jsm_sandbox.play.tracker import Tracker

_ONE_AT_A_TIME = threading.RLock()


@dataclass(slots=True)
class _Exchange:
    """One request and its answer, as an ASGI application takes and gives them."""

    sent: bytes
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def receive(self) -> Message:
        """Hand the whole request over."""
        return {"type": "http.request", "body": self.sent}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = message["headers"]
        else:
            self.body += message.get("body", b"")


class Direct(httpx.BaseTransport):
    """Asks an application directly; over the wire only where an answer is to go wrong.

    An answer without trouble awaits nothing, so no event loop is needed.
    """

    def __init__(
        self,
        app: ASGIApp,
        tracker: Tracker,
        wire: httpx.BaseTransport,
        before_wire: Callable[[], object],
    ) -> None:
        self._app = app
        self._orders = tracker.faults.orders
        self._wire = wire
        self._before_wire = before_wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Make the call. Raises what the wire raises, in trouble."""
        exchange = _Exchange(request.read())
        with _ONE_AT_A_TIME:
            is_told = not self._orders
            if is_told:
                _run(self._app, _scope(request), exchange)
        if not is_told:
            self._before_wire()
            return self._wire.handle_request(request)
        return httpx.Response(
            exchange.status,
            headers=exchange.headers,
            stream=httpx.ByteStream(exchange.body),
        )

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


class Door:
    """How the desk is reached: directly while all goes well; over its socket, opened on the first need, otherwise."""

    def __init__(self, tracker: Tracker, listener: socket.socket) -> None:
        self._tracker = tracker
        self._app = create_app(tracker)
        self._listener = listener
        self._opened = ExitStack()
        self._is_open = False
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """Return the address of the socket."""
        return address(self._listener)

    def direct(self, wire: httpx.BaseTransport) -> Direct:
        """Return a transport that takes the short way where it can, and this one where it can't."""
        return Direct(self._app, self._tracker, wire, self.open)

    def open(self) -> None:
        """Answer on the socket from now on."""
        with self._lock:
            if not self._is_open:
                self._opened.enter_context(
                    serving(self._tracker, self._listener)
                )
                self._is_open = True

    def close(self) -> None:
        """Answer no more."""
        self._opened.close()


@contextmanager
def door_to(tracker: Tracker) -> Iterator[Door]:
    """Give the way to a tracker; its address is taken at once."""
    with listening() as listener:
        door = Door(tracker, listener)
        try:
            yield door
        finally:
            door.close()


def _run(app: ASGIApp, scope: dict[str, Any], exchange: _Exchange) -> None:
    """Run the application to its end. Raises RuntimeError where it waits for something."""
    running = app(scope, exchange.receive, exchange.send)
    try:
        running.send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return
    message = f"the sandbox waits at {scope['method']} {scope['path']}, though no trouble is ordered"
    raise RuntimeError(message)


def _scope(request: httpx.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "root_path": "",
        "headers": [
            (name.lower(), value) for name, value in request.headers.raw
        ],
        "client": ("127.0.0.1", 0),
        "server": (url.host, url.port),
        "state": {},
    }
