"""How long to wait before a call is tried again, and which other calls wait with it.

Atlassian's advice: at least `Retry-After`, doubling from two seconds to thirty, spread at random, at most
four times.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jsm_sla_bot.jsm.errors import GarbledError, RateLimitedError, TransientError
from jsm_sla_bot.jsm.http.response import LONGEST_ADVICE, Call

_EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Patience:
    """The retry policy. All times in seconds; `budget` bounds one call with all its waits."""

    retries: int = 4
    garbled_retries: int = 1
    first: float = 2.0
    longest: float = 30.0
    spread: tuple[float, float] = (0.7, 1.3)
    shortest_after_429: float = 1.0
    longest_asked: float = LONGEST_ADVICE
    budget: float = 60.0

    def tries(self, error: TransientError) -> int:
        """Return how often a call may be repeated after that error."""
        return self.garbled_retries if isinstance(error, GarbledError) else self.retries

    def wait(self, attempt: int, error: TransientError, chance: float) -> float:
        """Return how long to wait after the given attempt (0 is the first); `chance` is from [0, 1)."""
        low, high = self.spread
        own = min(self.longest, self.first * float(2**attempt)) * (
            low + (high - low) * chance
        )
        least = self.shortest_after_429 if isinstance(error, RateLimitedError) else 0.0
        return max(own, least, self.asked(error) or 0.0)

    def asked(self, error: TransientError) -> float | None:
        """Return how long we were asked to wait, as far as we let ourselves be asked."""
        return (
            None
            if error.retry_after is None
            else min(error.retry_after, self.longest_asked)
        )


class Gate:
    """What one thread learned from a 429, for all of them: who calls the same thing waits as well."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._closed_until: dict[str, float] = {}

    def close(self, call: Call, scope: str, seconds: float) -> None:
        """Keep calls waiting that the limiter named in `scope` would refuse."""
        lane = _lane(call, scope)
        with self._lock:
            until = self._monotonic() + seconds
            self._closed_until[lane] = max(until, self._closed_until.get(lane, until))

    def wait_for(self, call: Call) -> float:
        """Return how many seconds that call has to wait: 0 for most."""
        now = self._monotonic()
        with self._lock:
            for lane in [
                lane for lane, until in self._closed_until.items() if until <= now
            ]:
                del self._closed_until[lane]
            return max(
                (self._closed_until.get(lane, now) - now for lane in _lanes(call)),
                default=0.0,
            )


def _lane(call: Call, scope: str) -> str:
    if "quota" in scope:
        return _EVERYTHING
    return call.path if "per-issue" in scope else call.endpoint


def _lanes(call: Call) -> Iterable[str]:
    return _EVERYTHING, call.endpoint, call.path
