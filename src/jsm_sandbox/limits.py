"""Jira's limit on writes to one request: 20 in 2 seconds, 100 in 30, both at once."""

from __future__ import annotations

from collections import defaultdict, deque
from time import monotonic

WINDOWS = ((2.0, 20), (30.0, 100))


class WriteLimit:
    """Counts writes by request on the machine's own clock, which no virtual time moves."""

    def __init__(self) -> None:
        """Start with nothing written."""
        self._writes: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=WINDOWS[-1][1]))

    def wait(self, issue_id: int) -> int:
        """Count a write; give the seconds to wait if it is one too many, else 0."""
        now = monotonic()
        kept = self._writes[issue_id]
        for length, most in WINDOWS:
            recent = [each for each in kept if now - each < length]
            if len(recent) >= most:
                return max(1, round(recent[0] + length - now))
        kept.append(now)
        return 0
