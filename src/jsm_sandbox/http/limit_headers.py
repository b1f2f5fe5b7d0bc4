"""How Jira speaks of its limits: enforced ones plainly, those that it only announces with ``Beta-`` in front."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from jsm_sandbox.http.api_call import Reply
from jsm_sandbox.state.call_limits import Room

HOURLY = 65_000
BURST = "jira-burst-based"
PER_ISSUE = "jira-per-issue-on-write"


def limits(now: datetime, room: Room) -> dict[str, str]:
    """Give the headers of every answer: the burst limit is in force, the hourly quota is only announced."""
    utc = now.astimezone(UTC)
    to_the_hour = 3600 - utc.minute * 60 - utc.second
    return {
        "X-RateLimit-Limit": str(room.limit),
        "X-RateLimit-Remaining": str(room.remaining),
        "Beta-RateLimit-Policy": f'"jira-quota-global";q={HOURLY};w=3600, "jira-burst";q={room.limit};w=1',
        "Beta-RateLimit": f'"jira-quota-global";t={to_the_hour}',
        "X-Beta-RateLimit-Limit": str(HOURLY),
    }


def too_many(
    now: datetime, wait: int | None, reason: str, *, limit: int = 100
) -> Reply:
    """Answer 429; the wait may be missing."""
    headers = _used_up(now, wait or 1, reason, limit)
    if wait is not None:
        headers["Retry-After"] = str(wait)
        headers["Beta-Retry-After"] = str(wait)
    body = {"errorMessages": ["Rate limit exceeded."], "errors": {}}
    return Reply(HTTPStatus.TOO_MANY_REQUESTS, body, headers)


def _used_up(
    now: datetime, wait: int, reason: str, limit: int
) -> dict[str, str]:
    """Say which limit was met; its reset is written out as an instant."""
    reset = now.astimezone(UTC) + timedelta(seconds=wait)
    return {
        "RateLimit-Reason": reason,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%SZ}",
        "RateLimit-Policy": f'"{reason}";q={limit};w=1',
        "RateLimit": f'"{reason}";r=0;t={wait}',
    }
