"""The way to a sandbox: in the caller's own thread, over a socket only where an answer comes late or half."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from jsm_sandbox.faults.orders import Trouble
from jsm_sandbox.http.listener import (
    address,
    create_app,
    listening,
    serving,
)
from jsm_sandbox.play.tracker import Tracker

_ONE_AT_A_TIME = threading.RLock()
_BY_WIRE = (Trouble.CUT_JSON, Trouble.SLOW)
"""What is real only on a socket: half an answer, and a late one."""


class _Line(asyncio.Transport):
    """Stands for a connection that the sandbox may cut."""

    def abort(self) -> None:
        """Be cut: no answer comes."""


@dataclass(slots=True)
class _Exchange:
    """One request and its answer, as an ASGI application takes and gives them."""

    sent: bytes
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    is_read: bool = False
    has_hung_up: bool = False

    async def receive(self) -> Message:
        """Hand the whole request over; whoever waits for more says nothing, and the caller gives up."""
        if self.is_read:
            self.has_hung_up = True
            return {"type": "http.disconnect"}
        self.is_read = True
        return {"type": "http.request", "body": self.sent}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = message["headers"]
        else:
            self.body += message.get("body", b"")

    def answer(self) -> httpx.Response:
        """Return the answer. Raises what httpx raises where none came."""
        if self.has_hung_up:
            raise httpx.ReadTimeout("the sandbox says nothing")
        if not self.status:
            raise httpx.ReadError("the sandbox cut the connection")
        return httpx.Response(
            self.status,
            headers=self.headers,
            stream=httpx.ByteStream(self.body),
        )


class Direct(httpx.BaseTransport):
    """Asks an application directly; over the wire only where half an answer may come, or a late one.

    All other answers await nothing, so no event loop is needed.
    """

    def __init__(
        self,
        app: ASGIApp,
        tracker: Tracker,
        wire: httpx.BaseTransport,
        before_wire: Callable[[], object],
    ) -> None:
        self._app = app
        self._faults = tracker.faults
        self._wire = wire
        self._before_wire = before_wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Make the call. Raises what the wire raises, in trouble."""
        exchange = _Exchange(request.read())
        if self._needs_wire():
            self._before_wire()
            return self._wire.handle_request(request)
        with _ONE_AT_A_TIME:
            _run(self._app, _scope(request), exchange)
        return exchange.answer()

    def _needs_wire(self) -> bool:
        orders = list(self._faults.orders)
        return any(each.trouble in _BY_WIRE for each in orders)

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
        "state": {"transport": _Line()},
    }
