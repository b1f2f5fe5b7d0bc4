"""The sandbox on a socket."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from asyncio import BaseTransport
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from uvicorn.protocols.http.h11_impl import H11Protocol

from jsm_sandbox.http import control
from jsm_sandbox.http.gateway import Gateway
from jsm_sandbox.http.service_calls import Services
from jsm_sandbox.play.tracker import Tracker

PATIENCE = 10.0


class Protocol(H11Protocol):
    """HTTP with the connection in reach, so that it can be cut on order."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Remember the connection."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self.app_state = {**self.app_state, "transport": transport}


class Server(uvicorn.Server):
    """A server that ends at once when told to, from another thread."""

    def __init__(self, config: uvicorn.Config) -> None:
        """Serve as configured."""
        super().__init__(config)
        self._ended = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Wait for the end instead of asking for it ten times a second."""
        self._loop = asyncio.get_running_loop()
        if not self.should_exit:
            await self._ended.wait()

    async def shutdown(
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        """Hang up on everybody at once: nobody waits for a sandbox."""
        for listening in self.servers:
            listening.close()
        for each in sockets or []:
            each.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)

    def end(self) -> None:
        """End without waiting for callers."""
        self.should_exit = self.force_exit = True
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ended.set)

    @property
    def waiting(self) -> bool:
        """Return whether the server is up and can be told to end."""
        return self._loop is not None


def create_app(tracker: Tracker) -> Starlette:
    """Put the API, the control API and the page together."""
    return Starlette(
        routes=[
            *control.routes(tracker),
            Mount("/_services", Services(tracker.inbox)),
            Mount("/", Gateway(tracker)),
        ]
    )


@contextmanager
def running(
    tracker: Tracker, port: int = 0, host: str = "127.0.0.1"
) -> Iterator[str]:
    """Serve a tracker in a thread and give its address; port 0 takes any that is free."""
    with listening(port, host) as listener, serving(tracker, listener):
        yield address(listener)


@contextmanager
def serving(tracker: Tracker, listener: socket.socket) -> Iterator[None]:
    """Serve a tracker in a thread on a socket that listens."""
    server = Server(_configuration(tracker))
    thread = threading.Thread(
        target=server.run,
        kwargs={"sockets": [listener]},
        name="jsm-sandbox",
        daemon=True,
    )
    thread.start()
    try:
        _await_start(server, thread)
        yield
    finally:
        server.end()
        thread.join(PATIENCE)


def address(listener: socket.socket) -> str:
    """Return the address of a socket that listens."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


def listening(port: int = 0, host: str = "127.0.0.1") -> socket.socket:
    """Open a socket; port 0 takes any that is free."""
    listener = socket.create_server((host, port), backlog=256)
    # Else each answer waits 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _configuration(tracker: Tracker) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(tracker),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def _await_start(server: Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE
    while not server.waiting:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the sandbox's server did not start")
        time.sleep(0.005)
