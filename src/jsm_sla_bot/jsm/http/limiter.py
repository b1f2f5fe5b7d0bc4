"""Fewer calls than Jira allows, so that it hardly has to refuse one: one limiter for all threads.

Jira counts per endpoint and method, and per request for writes; other integrations share the first. Every call
queues for its endpoint, the more urgent ones in front, and goes at the rate that was found to be borne (`pace`).
Nobody is woken: who waits is given the seconds after which to ask again, so a queue costs next to nothing.
"""

import threading
from bisect import insort
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jsm_sla_bot.jsm.http.pace import Pace
from jsm_sla_bot.jsm.http.rate import AdaptiveRate
from jsm_sla_bot.jsm.http.response import Call

RATES: Mapping[str, float] = {
    "GET": 80.0,
    "POST": 80.0,
    "PUT": 40.0,
    "DELETE": 40.0,
}
"""Calls a second and endpoint: four fifths of Jira's defaults."""
BURST = 10
"""So many calls may come at once after a quiet time."""
PER_REQUEST = ((16, 2.0), (80, 30.0))
"""Writes to one request in so many seconds: four fifths of what Jira allows."""
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits to stay within, by method; `None` for `per_second` switches the limiter off."""

    per_second: Mapping[str, float] | None = field(
        default_factory=lambda: RATES
    )
    burst: int = BURST
    per_request: tuple[tuple[int, float], ...] = PER_REQUEST


@dataclass(slots=True)
class Lane:
    """One endpoint: how often it was called, how long callers waited (seconds), and the calls a second it bears."""

    calls: int = 0
    waited: float = 0.0
    rate: float = 0.0


@dataclass(slots=True, order=True)
class Ticket:
    """One call in the queue of its endpoint: the lower `urgency` goes first, then whoever came first."""

    urgency: int
    number: int
    call: Call = field(compare=False)
    since: float = field(compare=False)
    queued: bool = field(default=False, compare=False)
    sent_at: float | None = field(default=None, compare=False)
    under_way: bool = field(default=False, compare=False)


@dataclass(slots=True)
class _Endpoint:
    lane: Lane
    pace: Pace
    queue: list[Ticket] = field(default_factory=list)


class Limiter:
    """Says when to call. Safe to use from several threads.

    Take a ticket with `queue`, ask `wait_for` until it returns 0, call, then say what came of it with `accepted`,
    `refused` or `leave`.
    """

    def __init__(
        self,
        rates: Rates,
        monotonic: Callable[[], float],
        chance: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._rates, self._monotonic, self._chance = rates, monotonic, chance
        self._lock = threading.Lock()
        self._endpoints: dict[str, _Endpoint] = {}
        self._requests: dict[str, deque[float]] = {}
        self._tickets = 0

    def queue(self, call: Call, urgency: int = 0) -> Ticket:
        """Take a ticket for a call; of those that wait, the lower `urgency` goes first."""
        with self._lock:
            self._tickets += 1
            return Ticket(urgency, self._tickets, call, self._monotonic())

    def wait_for(self, ticket: Ticket) -> float:
        """Return 0 where the call is to go now, else after how many seconds to ask again."""
        with self._lock:
            now = self._monotonic()
            endpoint = self._endpoint(ticket.call, now)
            if self._rates.per_second is None:
                return self._go(ticket, endpoint, now)
            times = self._writes_to(ticket.call, now)
            room_at = max(self._room(times), default=now)
            if room_at > now:
                return room_at - now
            self._enter(ticket, endpoint)
            ahead = endpoint.queue.index(ticket)
            at = endpoint.pace.next_at(now)
            if ahead or at > now:
                return max(at - now, 0.0) + ahead / endpoint.pace.rate.value
            times.append(now)
            return self._go(ticket, endpoint, now)

    def go_out_of_turn(self, ticket: Ticket) -> None:
        """Let a call go at once, whoever waits: what is under way when the program stops is finished."""
        with self._lock:
            now = self._monotonic()
            self._go(ticket, self._endpoint(ticket.call, now), now)

    def closed_for(self, call: Call) -> float:
        """Return for how many seconds Jira wants no calls to that endpoint: 0 for most."""
        with self._lock:
            now = self._monotonic()
            return max(0.0, self._endpoint(call, now).pace.closed_until - now)

    def stuck_for(self, call: Call) -> float:
        """Return for how many seconds Jira has refused every call to that endpoint: 0 after one that was taken."""
        with self._lock:
            now = self._monotonic()
            return self._endpoint(call, now).pace.stuck_for(now)

    def accepted(self, ticket: Ticket) -> None:
        """Take note that a call was not refused for being one too many, whatever else came of it."""
        with self._lock:
            self._end(ticket)

    def refused(self, ticket: Ticket, advice: float | None) -> None:
        """Take note that a call was one too many; Jira asks for `advice` seconds, or says nothing."""
        with self._lock:
            if not ticket.under_way or ticket.sent_at is None:
                return
            now = self._monotonic()
            ticket.under_way = False
            pace = self._endpoint(ticket.call, now).pace
            pace.refused(ticket.sent_at, now, advice, self._chance())

    def leave(self, ticket: Ticket) -> None:
        """Step out of the queue, wherever the call has got to; the ticket is good for another attempt."""
        with self._lock:
            endpoint = self._endpoints.get(ticket.call.endpoint)
            if endpoint is None:
                return
            if ticket.queued:
                endpoint.queue.remove(ticket)
                ticket.queued = False
            if ticket.sent_at is not None:
                self._end(ticket)
                ticket.sent_at = None
                ticket.since = self._monotonic()

    def lanes(self) -> Mapping[str, Lane]:
        """Return what was called so far, by endpoint."""
        with self._lock:
            return {
                name: Lane(
                    each.lane.calls, each.lane.waited, each.pace.rate.value
                )
                for name, each in self._endpoints.items()
            }

    def _endpoint(self, call: Call, now: float) -> _Endpoint:
        name = call.endpoint
        if name not in self._endpoints:
            self._endpoints[name] = _Endpoint(
                Lane(), self._first_pace(call, now)
            )
        return self._endpoints[name]

    def _first_pace(self, call: Call, now: float) -> Pace:
        """Begin at the full rate, with writes one by one at first: they are what others compete for."""
        ceiling = (self._rates.per_second or {}).get(call.method, RATES["GET"])
        return Pace(
            AdaptiveRate(ceiling, ceiling),
            self._rates.burst,
            free_at=now,
            is_careful=call.changes_something,
        )

    def _enter(self, ticket: Ticket, endpoint: _Endpoint) -> None:
        if not ticket.queued:
            insort(endpoint.queue, ticket)
            ticket.queued = True

    def _go(self, ticket: Ticket, endpoint: _Endpoint, now: float) -> float:
        if ticket.queued:
            endpoint.queue.remove(ticket)
            ticket.queued = False
        ticket.sent_at = now
        ticket.under_way = True
        endpoint.pace.sent(now)
        endpoint.lane.calls += 1
        endpoint.lane.waited += now - ticket.since
        return 0.0

    def _end(self, ticket: Ticket) -> None:
        if ticket.under_way and ticket.sent_at is not None:
            ticket.under_way = False
            pace = self._endpoint(ticket.call, ticket.sent_at).pace
            pace.accepted(ticket.sent_at)

    def _writes_to(self, call: Call, now: float) -> deque[float]:
        """Return the instants of the last writes to the request that the call writes to."""
        request = call.has_effect_on
        if request is None:
            return deque()
        if len(self._requests) > _KEPT:
            self._forget(now)
        most = max(most for most, _ in self._rates.per_request)
        return self._requests.setdefault(request, deque(maxlen=most))

    def _room(self, times: deque[float]) -> list[float]:
        return [
            times[-most] + span
            for most, span in self._rates.per_request
            if len(times) >= most
        ]

    def _forget(self, now: float) -> None:
        longest = max(span for _, span in self._rates.per_request)
        quiet = [
            name
            for name, times in self._requests.items()
            if not times or times[-1] + longest < now
        ]
        for request in quiet:
            del self._requests[request]
