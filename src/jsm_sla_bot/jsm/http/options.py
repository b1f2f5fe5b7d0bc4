"""The options of the HTTP client: how long it waits, and where time and chance come from."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from jsm_sla_bot.jsm.http.limiter import Rates
from jsm_sla_bot.jsm.http.retry import Patience


def _as_it_is(transport: httpx.BaseTransport) -> httpx.BaseTransport:
    return transport


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """How Jira is called: timeouts in seconds, patience, and where time and chance come from.

    `sleep` is by default a wait that `cancel` ends.
    """

    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 60.0
    answer: float = 60.0
    """For a whole answer, from the connection to its last byte; in real time, whatever `monotonic` says."""
    largest: int = 32 * 2**20
    """So many bytes an answer may have, as sent and as decompressed."""
    connections: int = 8
    patience: Patience = field(default_factory=Patience)
    wrapped: Callable[[httpx.BaseTransport], httpx.BaseTransport] = _as_it_is
    """Puts another transport of httpx around the client's, for example one that measures or traces."""
    cancel: threading.Event = field(default_factory=threading.Event)
    sleep: Callable[[float], object] | None = None
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    rates: Rates = field(default_factory=Rates)
    environ: Mapping[str, str] | None = None
    """Where proxies and certificates are named; None: the process's own environment."""
