"""How Jira answered, counted: by endpoint and status."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

NO_ANSWER = "none"


@dataclass(slots=True)
class Counted:
    """One call, until its answer is known."""

    status: str = NO_ANSWER


class Answers:
    """Counts answers. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def counting(self, endpoint: str) -> Iterator[Counted]:
        """Count one call, by the status that is noted meanwhile; `none` where none is."""
        counted = Counted()
        try:
            yield counted
        finally:
            with self._lock:
                self._counts[endpoint, counted.status] += 1

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how often each endpoint answered with which status."""
        with self._lock:
            return dict(self._counts)
