"""How long to wait before a call is tried again, and which other calls wait with it.

Atlassian's advice: at least `Retry-After`, doubling from two seconds to thirty, spread at random, at most
four times.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from jsm_sla_bot.jsm.errors import (
    DistrustError,
    GarbledError,
    RateLimitedError,
    TransientError,
)
from jsm_sla_bot.jsm.http.response import LONGEST_ADVICE, Call
from jsm_sla_bot.ports.backoff import backoff

SHORTEST_SPREAD = 1.0
SPREAD = 0.1
LONGEST_SPREAD = 5.0
"""Who was asked to wait comes back by chance up to a tenth later, between these seconds: not all at one instant."""
_EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Patience:
    """The retry policy. All times in seconds; `budget` bounds one call with all its waits."""

    retries: int = 4
    garbled_retries: int = 1
    first: float = 2.0
    longest: float = 30.0
    spread: tuple[float, float] = (0.7, 1.3)
    longest_asked: float = LONGEST_ADVICE
    longest_after_error: float = 120.0
    """A single 5xx speaks for one server at one moment: its advice does not hold for longer."""
    budget: float = 60.0

    def tries(self, error: TransientError) -> int:
        """Return how often a call may be repeated after that error."""
        match error:
            case DistrustError():
                return 0
            case GarbledError():
                return self.garbled_retries
            case _:
                return self.retries

    def wait(
        self, attempt: int, error: TransientError, chance: float
    ) -> float:
        """Return how long to wait after the given attempt (0 is the first); `chance` is from [0, 1).

        At least as long as we were asked to, and a little longer by chance: others were asked the same.
        """
        low, high = self.spread
        doubled = backoff(self.first, self.longest, attempt)
        own = doubled * (low + (high - low) * chance)
        asked = self.asked(error)
        if not asked:
            return own
        apart = min(max(SHORTEST_SPREAD, asked * SPREAD), LONGEST_SPREAD)
        return max(own, asked + apart * chance)

    def asked(self, error: TransientError) -> float | None:
        """Return how long we were asked to wait, as far as we let ourselves be asked."""
        if error.retry_after is None:
            return None
        if isinstance(error, RateLimitedError):
            return min(error.retry_after, self.longest_asked)
        return min(
            error.retry_after, self.longest_asked, self.longest_after_error
        )


class Gate:
    """What one thread learned of a limit on a request or on the whole site: who calls the same waits as well.

    Limits on an endpoint are the limiter's affair.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._closed_until: dict[str, float] = {}

    def close(self, lane: str, seconds: float) -> None:
        """Keep calls waiting that belong to that lane."""
        with self._lock:
            until = self._monotonic() + seconds
            self._closed_until[lane] = max(
                until, self._closed_until.get(lane, until)
            )

    def wait_for(self, call: Call) -> float:
        """Return how many seconds that call has to wait: 0 for most."""
        now = self._monotonic()
        with self._lock:
            over = [
                lane
                for lane, until in self._closed_until.items()
                if until <= now
            ]
            for lane in over:
                del self._closed_until[lane]
            waits = (
                self._closed_until.get(lane, now) - now
                for lane in (_EVERYTHING, call.path)
            )
            return max(waits)


def lane_of(call: Call, scope: str) -> str | None:
    """Return the lane of the gate that a limiter named in `scope` closes; None for one on the endpoint."""
    if "quota" in scope:
        return _EVERYTHING
    return call.path if "per-issue" in scope else None
