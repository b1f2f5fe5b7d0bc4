"""Jira's limits on calls, on the sandbox's own clock: bursts by endpoint and method, and writes to one request."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOWS = ((2.0, 20), (30.0, 100))
"""Seconds, and how many writes to one request they bear; both hold at once."""

RATES = {
    "GET": 100,
    "POST": 100,
    "PUT": 50,
    "DELETE": 50,
}
SPECIAL_RATES = {
    ("GET", "/rest/api/3/issue/{key}"): 150,
    ("GET", "/rest/api/3/issue/{key}/changelog"): 200,
    ("POST", "/rest/api/3/search/approximate-count"): 150,
    ("GET", "/rest/servicedeskapi/servicedesk/{desk}/customer"): 5,
}
"""Calls a second, as Atlassian publishes them."""

NEAR = 0.2


class WriteLimit:
    """Counts writes by request."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start with nothing written."""
        self._now = now
        self._writes: defaultdict[int, deque[datetime]] = defaultdict(
            lambda: deque(maxlen=WINDOWS[-1][1])
        )

    def wait(self, issue_id: int) -> int:
        """Count a write; give the seconds to wait if it is one too many, else 0."""
        now = self._now()
        kept = self._writes[issue_id]
        for length, most in WINDOWS:
            recent = self._recent(kept, now, length)
            if len(recent) >= most:
                return max(
                    1, math.ceil((recent[0] - now).total_seconds() + length)
                )
        kept.append(now)
        return 0

    def near(self, issue_id: int) -> bool:
        """Return whether less than a fifth of what a window bears is left."""
        now = self._now()
        kept = self._writes[issue_id]
        for length, most in WINDOWS:
            left = most - len(self._recent(kept, now, length))
            if left < NEAR * most:
                return True
        return False

    @staticmethod
    def _recent(
        kept: deque[datetime], now: datetime, length: float
    ) -> list[datetime]:
        oldest = now - timedelta(seconds=length)
        return [each for each in kept if oldest < each <= now]


@dataclass(frozen=True, slots=True)
class Room:
    """What a bucket holds: its size, what is left, and the seconds to wait where nothing is."""

    limit: int
    remaining: int
    wait: int = 0


class Bursts:
    """A token bucket for each endpoint and method, shared by everybody on the site."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start with full buckets."""
        self._now = now
        self._left: dict[tuple[str, str], tuple[float, datetime]] = {}

    def take(
        self, method: str, endpoint: str, share: float, granted: float = 0.0
    ) -> Room:
        """Take one call out of the bucket.

        ``share`` is the part of Jira's rate that the site grants, ``granted`` the calls a second in its place; with
        neither there is no limit.
        """
        full = rate_of(method, endpoint)
        rate = granted or full * share
        if not rate:
            return Room(full, full)
        size = max(1.0, rate)
        left = self._left_now((method, endpoint), rate, size)
        if left >= 1:
            left -= 1
            wait = 0
        else:
            wait = max(1, math.ceil((1 - left) / rate))
        self._left[method, endpoint] = (left, self._now())
        return Room(int(size), int(left), wait)

    def _left_now(
        self, bucket: tuple[str, str], rate: float, size: float
    ) -> float:
        """Give the calls in a bucket, which fills at its rate, in calls a second, up to its size."""
        now = self._now()
        left, since = self._left.get(bucket, (size, now))
        seconds = max(0.0, (now - since).total_seconds())
        return min(size, left + seconds * rate)


def rate_of(method: str, endpoint: str) -> int:
    """Give the calls a second that Jira bears at an endpoint."""
    return SPECIAL_RATES.get((method, endpoint), RATES.get(method, 50))
