"""Plans that are believed when they are written: what was read too long ago is read again just before.

A chunk is read as a whole and written one request after the other, within the site's limits. Meanwhile people, and a
second daemon that was started by mistake, go on writing. Requests are read again up to a hundred at a time, so that it
costs few calls; each is planned again by what it shows then.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from jsm_sla_bot.passes.planner import (
    Edition,
    Planned,
    identity,
    worked_through,
)
from jsm_sla_bot.passes.write_locks import WriteLocks
from jsm_sla_bot.ports.site import Clock, SetAside

LONG = timedelta(seconds=5)
"""After so long somebody else may have written: at Jira's own pace some hundred edits take about as long."""

AT_ONCE = 100
"""So many requests are read again at once at most: one bulk call takes them."""

AT_LEAST = 10
"""So many are read again at once where writing is slow: no more than will be written before they are old again."""


@dataclass(frozen=True, slots=True)
class Read:
    """One request as it was planned: `version` is that of the write locks before it was read, `at` aware UTC.

    None where it is not there any more, or no longer ours.
    """

    found: Planned | SetAside | None
    version: int
    at: datetime


class Recent:
    """The plans of one chunk, in the order in which they are written. Safe to use from several threads."""

    def __init__(
        self,
        reads: Sequence[tuple[str, Read]],
        edition: Edition,
        locks: WriteLocks,
    ) -> None:
        self._lock = Lock()
        self._edition = edition
        self._locks = locks
        self._waiting = OrderedDict(reads)
        self._taken = 0
        """How many were taken since the last time that some were read again."""

    def take(self, request_id: str, clock: Clock) -> Read:
        """Return the plan of a request, read again if that was long ago; raises what the source raises."""
        with self._lock:
            if self._is_old(self._waiting[request_id], clock.now()):
                self._read_again(request_id, clock)
            self._taken += 1
            return self._waiting.pop(request_id)

    def _is_old(self, read: Read, now: datetime) -> bool:
        return abs(now - read.at) > LONG

    def _read_again(self, request_id: str, clock: Clock) -> None:
        """Read this request and those that are next."""
        now = clock.now()
        old = [
            each
            for each, read in self._waiting.items()
            if each != request_id and self._is_old(read, now)
        ]
        size = min(max(2 * self._taken, AT_LEAST), AT_ONCE)
        ids = [request_id, *old[: size - 1]]
        self._taken = 0
        with self._locks.reading() as version:
            fetched = self._edition.source.fetch(ids)
        planned = worked_through(fetched, self._edition.rules, clock.now())
        found = {identity(each): each for each in planned}
        for each in ids:
            self._waiting[each] = Read(found.get(each), version, now)
