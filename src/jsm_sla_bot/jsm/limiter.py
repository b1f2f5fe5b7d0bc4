"""Fewer calls than Jira allows, so that it never has to refuse one: one limiter for all threads.

Jira counts per endpoint and method, and per request for writes; other integrations share the first. Every call
reserves its instant and waits until then, so nobody is overtaken and nobody has to ask twice.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jsm_sla_bot.jsm.answers import Call

RATES: Mapping[str, float] = {"GET": 80.0, "POST": 80.0, "PUT": 40.0, "DELETE": 40.0}
"""Calls a second and endpoint: four fifths of Jira's defaults."""
BURST = 10
"""So many calls may come at once after a quiet time."""
PER_REQUEST = ((16, 2.0), (80, 30.0))
"""Writes to one request in so many seconds: four fifths of what Jira allows."""
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits to stay within, by method; `None` for `per_second` switches the limiter off."""

    per_second: Mapping[str, float] | None = field(default_factory=lambda: RATES)
    burst: int = BURST
    per_request: tuple[tuple[int, float], ...] = PER_REQUEST


@dataclass(slots=True)
class Lane:
    """One endpoint: how often it was called, and how many seconds callers have waited for it."""

    calls: int = 0
    waited: float = 0.0
    free_at: float = 0.0


class Limiter:
    """Hands out instants at which to call. Safe to use from several threads."""

    def __init__(self, rates: Rates, monotonic: Callable[[], float]) -> None:
        self._rates, self._monotonic = rates, monotonic
        self._lock = threading.Lock()
        self._lanes: dict[str, Lane] = {}
        self._requests: dict[str, deque[float]] = {}

    def wait_for(self, call: Call) -> float:
        """Reserve the next instant for that call; return in how many seconds it is: 0 for most."""
        with self._lock:
            now = self._monotonic()
            lane = self._lanes.setdefault(call.endpoint, Lane(free_at=now))
            at = max(self._by_endpoint(lane, call.method, now), self._by_request(call, now))
            lane.calls += 1
            lane.waited += at - now
            return at - now

    def lanes(self) -> Mapping[str, Lane]:
        """Return what was called so far, by endpoint."""
        with self._lock:
            return {name: Lane(lane.calls, lane.waited, lane.free_at) for name, lane in self._lanes.items()}

    def _by_endpoint(self, lane: Lane, method: str, now: float) -> float:
        rate = (self._rates.per_second or {}).get(method)
        if rate is None:
            return now
        at = max(now, lane.free_at - self._rates.burst / rate)
        lane.free_at = max(now, lane.free_at) + 1 / rate
        return at

    def _by_request(self, call: Call, now: float) -> float:
        if self._rates.per_second is None or not call.has_effect_on:
            return now
        times = self._requests.setdefault(call.has_effect_on, deque(maxlen=max(n for n, _ in self._rates.per_request)))
        full = [times[-most] + span for most, span in self._rates.per_request if len(times) >= most]
        times.append(max(now, *full) if full else now)
        at = times[-1]
        if len(self._requests) > _KEPT:
            self._forget(now)
        return at

    def _forget(self, now: float) -> None:
        longest = max(span for _, span in self._rates.per_request)
        for request in [name for name, times in self._requests.items() if times[-1] + longest < now]:
            del self._requests[request]
