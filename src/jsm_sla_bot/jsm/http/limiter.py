"""Fewer calls than Jira allows, so that it never has to refuse one: one limiter for all threads.

Jira counts per endpoint and method, and per request for writes; other integrations share the first. Every call
reserves its instant and waits until then, so nobody is overtaken and nobody has to ask twice.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jsm_sla_bot.jsm.http.response import Call

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
            times = self._writes_to(call, now)
            at = max([self._by_endpoint(lane, call.method, now), *self._room(times)])
            times.append(at)
            lane.calls += 1
            lane.waited += at - now
            return at - now

    def lanes(self) -> Mapping[str, Lane]:
        """Return what was called so far, by endpoint."""
        with self._lock:
            return {
                name: Lane(lane.calls, lane.waited, lane.free_at)
                for name, lane in self._lanes.items()
            }

    def _by_endpoint(self, lane: Lane, method: str, now: float) -> float:
        rate = (self._rates.per_second or {}).get(method)
        if rate is None:
            return now
        at = max(now, lane.free_at - self._rates.burst / rate)
        lane.free_at = max(now, lane.free_at) + 1 / rate
        return at

    def _writes_to(self, call: Call, now: float) -> deque[float]:
        """Return the instants of the last writes to the request that the call writes to."""
        request = call.has_effect_on
        if request is None or self._rates.per_second is None:
            return deque()
        if len(self._requests) > _KEPT:
            self._forget(now)
        return self._requests.setdefault(
            request, deque(maxlen=max(most for most, _ in self._rates.per_request))
        )

    def _room(self, times: deque[float]) -> list[float]:
        return [
            times[-most] + span
            for most, span in self._rates.per_request
            if len(times) >= most
        ]

    def _forget(self, now: float) -> None:
        longest = max(span for _, span in self._rates.per_request)
        for request in [
            name
            for name, times in self._requests.items()
            if not times or times[-1] + longest < now
        ]:
            del self._requests[request]
