"""A lock for each request that is written: one writer at a time, and never by a plan older than the last write.

Passes overlap: a breach is shown while a sweep is still at work. What keeps them apart is decided per request,
just before it is written, and not by locking whole passes (docs/decisions/0007).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class WriteLocks:
    """The writes in progress and those made lately. Safe to use from several threads."""

    def __init__(self) -> None:
        self._free = Condition()
        self._writing: set[str] = set()
        self._written: dict[str, int] = {}
        self._count = 0
        self._readers = 0

    @contextmanager
    def reading(self) -> Iterator[int]:
        """Remember all writes while this reading is in use; yields the version at which the reading began."""
        with self._free:
            self._readers += 1
            version = self._count
        try:
            yield version
        finally:
            with self._free:
                self._readers -= 1
                if not self._readers:
                    self._written.clear()

    @contextmanager
    def writing(self, request_id: str, version: int) -> Iterator[bool]:
        """Hold the lock of one request; yields whether nobody has written to it since that version."""
        with self._free:
            self._free.wait_for(lambda: request_id not in self._writing)
            self._writing.add(request_id)
            fresh = self._written.get(request_id, -1) < version
        try:
            yield fresh
        finally:
            with self._free:
                self._written[request_id] = self._count
                self._count += 1
                self._writing.remove(request_id)
                self._free.notify_all()
