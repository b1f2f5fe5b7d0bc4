"""Sockets under the HTTP client: they know by when a whole answer is due, and one can hang up on all of them.

The client's own time-outs begin again with every byte, so one byte every two seconds would hold a thread for ever.
Here a thread says by when it wants its answer (`due_within`), and whatever it does on a socket until then, from the
connection to the last byte, gets no more time than is left. `hang_up` may be called from any thread; after it
nothing can be connected, sent or received.
"""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from ssl import SSLContext
from typing import Any
from weakref import WeakSet

import httpcore


class Network(httpcore.NetworkBackend):
    """Opens connections. Safe to use from several threads."""

    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()
        self._own = threading.local()
        self._lock = threading.Lock()
        self._open: WeakSet[_Line] = WeakSet()
        self._ended = False

    @contextmanager
    def due_within(self, seconds: float) -> Iterator[None]:
        """Give what this thread does meanwhile so many seconds of real time."""
        self._own.due = time.monotonic() + seconds
        try:
            yield
        finally:
            self._own.due = None

    def hang_up(self) -> None:
        """End every connection at once, whoever waits for an answer on it."""
        with self._lock:
            self._ended = True
            lines = list(self._open)
        for line in lines:
            line.shut_down()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection."""
        left = self.left(timeout, httpcore.ConnectTimeout)
        found = self._sockets.connect_tcp(
            host, port, left, local_address, socket_options
        )
        return self.kept(found)

    def sleep(self, seconds: float) -> None:
        """Wait; the client only does between its own attempts, of which there is one."""
        time.sleep(seconds)

    def left(
        self, timeout: float | None, late: type[Exception]
    ) -> float | None:
        """Return how many seconds there are for the next step; raises `late` where there are none."""
        if self._ended:
            raise late
        due: float | None = getattr(self._own, "due", None)
        if due is None:
            return timeout
        left = due - time.monotonic()
        if left <= 0:
            raise late
        return left if timeout is None else min(timeout, left)

    def kept(self, stream: httpcore.NetworkStream) -> "_Line":
        """Keep a connection in reach of `hang_up`."""
        line = _Line(self, stream)
        with self._lock:
            self._open.add(line)
            ended = self._ended
        if ended:
            line.shut_down()
        return line


class _Line(httpcore.NetworkStream):
    """One connection."""

    def __init__(
        self, network: Network, stream: httpcore.NetworkStream
    ) -> None:
        self._network, self._stream = network, stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._network.left(timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._network.left(timeout, httpcore.WriteTimeout)
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._network.left(timeout, httpcore.ConnectTimeout)
        found = self._stream.start_tls(ssl_context, server_hostname, left)
        return self._network.kept(found)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - whatever the library knows
        return self._stream.get_extra_info(info)

    def shut_down(self) -> None:
        """End it under whoever waits for it: closing alone would wake nobody."""
        with suppress(OSError, AttributeError):
            self.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
