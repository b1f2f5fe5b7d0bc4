"""How we behave towards Jira: how we sign, how long we wait, and where time and chance come from."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsm_sla_bot.jsm.http.limiter import Rates
from jsm_sla_bot.jsm.http.retry import Patience


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt at a call, for metrics. `status` is 0 where no answer came; it took `seconds`."""

    endpoint: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the transport behaves: timeouts in seconds, patience, and where it gets time and chance.

    `hooks` are given every `httpx.Response`, as its event hooks are, and `observe` every attempt. `sleep` is
    by default a wait that `cancel` ends.
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
    hooks: Sequence[Callable[[Any], object]] = ()
    observe: Callable[[Exchange], object] = field(default=lambda _: None)
    cancel: threading.Event = field(default_factory=threading.Event)
    sleep: Callable[[float], object] | None = None
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    rates: Rates = field(default_factory=Rates)
    environ: Mapping[str, str] | None = None
    """Where proxies and certificates are named; None: the process's own environment."""
