"""Many callers of one endpoint on a clock of their own: events in order, no threads, no chance but a seeded one."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from jsm_sla_bot.jsm.http.limiter import Limiter, Rates, Ticket
from jsm_sla_bot.jsm.http.response import Call
from tests.jsm.scene import Time


@dataclass
class Bucket:
    """A token bucket: so many calls a second, and at most `size` at once; others may take from it too."""

    rate: float
    size: float
    advice: float | None = 1.0
    left: float = 0.0
    since: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.size

    def take(self, now: float) -> bool:
        """Take one call out, if there is one."""
        refilled = self.left + (now - self.since) * self.rate
        self.left, self.since = min(self.size, refilled), now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass
class Crowd:
    """So many threads that have these jobs to do, each a write of some urgency."""

    bucket: Bucket
    threads: int = 8
    seconds: float = 0.1
    """How long an answer takes."""
    time: Time = field(default_factory=Time)
    done: list[tuple[float, int]] = field(default_factory=list)
    """When each write was made, with its urgency."""
    shares: list[tuple[float, float]] = field(default_factory=list)
    """After each write: how much of what the bucket gave was used, and the share of calls that were refused."""
    sent: int = 0
    refused: int = 0
    asked: int = 0
    per_second: dict[str, float] = field(default_factory=lambda: {"PUT": 40.0})

    def __post_init__(self) -> None:
        chance = random.Random(7).random  # noqa: S311 - a simulation
        self.limiter = Limiter(
            Rates(self.per_second), self.time.monotonic, chance
        )
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Let something happen at an instant."""
        self._number += 1
        heappush(self._events, (when, self._number, do))

    def work(self, jobs: Sequence[int], until: float) -> None:
        """Let the threads do the jobs, given by their urgency, until all are done or time is up."""
        self._jobs = list(reversed(list(enumerate(jobs))))
        for _ in range(self.threads):
            self.at(self.time.now, self._next)
        while self._events and self._events[0][0] <= until:
            self.time.now, _, do = heappop(self._events)
            do()

    def _shares(self) -> tuple[float, float]:
        granted = self.bucket.size + self.bucket.rate * self.time.now
        return len(self.done) / granted, self.refused / self.sent

    def _next(self) -> None:
        if self._jobs:
            number, urgency = self._jobs.pop()
            self.join(number, urgency)

    def join(self, number: int, urgency: int, *, alone: bool = False) -> None:
        """Begin a write; who works `alone` does no other job afterwards."""
        call = Call("PUT", f"/rest/api/3/issue/{10000 + number}")
        self._ask(self.limiter.queue(call, urgency), alone)

    def _ask(self, ticket: Ticket, alone: bool) -> None:
        self.asked += 1
        wait = self.limiter.wait_for(ticket)
        if wait > 0:
            self.at(self.time.now + wait, lambda: self._ask(ticket, alone))
            return
        self.sent += 1
        was_taken = self.bucket.take(self.time.now + self.seconds / 2)
        self.at(
            self.time.now + self.seconds,
            lambda: self._answered(ticket, alone, was_taken),
        )

    def _answered(self, ticket: Ticket, alone: bool, was_taken: bool) -> None:
        if not was_taken:
            self.refused += 1
            self.limiter.refused(ticket, self.bucket.advice)
            self.limiter.leave(ticket)
            self._ask(ticket, alone)
            return
        self.limiter.accepted(ticket)
        self.limiter.leave(ticket)
        self.done.append((self.time.now, ticket.urgency))
        self.shares.append(self._shares())
        if not alone:
            self._next()
