"""When to look again at a request that could not be understood, or not be written."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from jsm_sla_bot.passes.account import log_fault
from jsm_sla_bot.passes.one_pass import Chunk
from jsm_sla_bot.passes.planner import Planned, failure_of
from jsm_sla_bot.ports.journal import Failure, SeenRequests
from jsm_sla_bot.ports.site import Clock, SetAside

NO_ADVICE = timedelta(0)


def unread(
    failed: Sequence[SetAside],
    chunk: Chunk,
    seen: SeenRequests,
    now: datetime,
) -> list[Failure]:
    """Put aside what can't be understood, by what the journal knows of it from before."""
    upcoming = seen.changes_of([one.id for one in failed], now)
    return [
        failure_of(
            one,
            _failures(one.id, chunk),
            now,
            upcoming=upcoming.get(one.id),
        )
        for one in failed
    ]


def overtaken(
    one: SetAside, chunk: Chunk, seen: SeenRequests, clock: Clock
) -> Failure:
    """Put aside what was readable a moment ago."""
    log_fault(one)
    [failure] = unread([one], chunk, seen, clock.now())
    return failure


def unwritten(
    one: Planned,
    reason: str,
    chunk: Chunk,
    now: datetime,
    advice: timedelta = NO_ADVICE,
) -> Failure:
    """Put aside what could be read: it is looked at again by the time its status changes by itself."""
    sighting = one.sighting
    aside = SetAside(sighting.id, sighting.key, reason, sighting.updated)
    failures = _failures(sighting.id, chunk)
    return failure_of(aside, failures, now, advice, one.changes_at)


def _failures(request_id: str, chunk: Chunk) -> int:
    """Return how often a request has failed, this time included."""
    return chunk.failures.get(request_id, 0) + 1
