"""What a daemon leaves in its journal about itself and the site, for readers that can't ask the daemon.

Written after every pass, as JSON under one mark. A reader may meet the facts of an older or newer version: a fact
that is missing is None, and one that it does not know is passed over.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jsm_sla_bot.ports.journal import Journal, Mark


@dataclass(frozen=True, slots=True)
class Use:
    """How often an endpoint was called, and how many seconds its callers waited for the limiter."""

    calls: int
    waited_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The daemon at an instant (`at`, aware UTC)."""

    at: datetime
    site: str | None = None
    """The site's address."""
    identity: str | None = None
    """The account that the bot writes as."""
    policy: str | None = None
    """The hash of the policy in force."""
    poll_seconds: float | None = None
    skew_seconds: float | None = None
    """How far the site's clock is ahead of this machine's."""
    problems: Mapping[str, str] | None = None
    """What is wrong, by subject of the health."""
    warnings: tuple[str, ...] | None = None
    """What the site lacks."""
    calls: Mapping[str, Use] | None = None
    """By endpoint."""


def leave(journal: Journal, facts: Facts) -> None:
    """Write the facts into the journal; raises JournalError."""
    calls = facts.calls or {}
    uses = {
        endpoint: {"calls": use.calls, "waited_seconds": use.waited_seconds}
        for endpoint, use in calls.items()
    }
    text = json.dumps(
        {
            "at": facts.at.isoformat(),
            "site": facts.site,
            "identity": facts.identity,
            "policy": facts.policy,
            "poll_seconds": facts.poll_seconds,
            "skew_seconds": facts.skew_seconds,
            "problems": facts.problems,
            "warnings": facts.warnings,
            "calls": uses,
        }
    )
    journal.remember(Mark.FACTS, text)


def left_in(journal: Journal) -> Facts | None:
    """Return the facts that a daemon left last, None where none has yet; raises JournalError."""
    text = journal.recall(Mark.FACTS)
    if not text:
        return None
    found = json.loads(text)
    if not found.get("at"):
        return None
    return Facts(
        at=datetime.fromisoformat(found["at"]),
        site=found.get("site"),
        identity=found.get("identity"),
        policy=found.get("policy"),
        poll_seconds=found.get("poll_seconds"),
        skew_seconds=found.get("skew_seconds"),
        problems=found.get("problems"),
        warnings=_warnings(found.get("warnings")),
        calls=_calls(found.get("calls")),
    )


def _warnings(found: list[str] | None) -> tuple[str, ...] | None:
    return None if found is None else tuple(found)


def _calls(found: Mapping[str, Mapping[str, Any]] | None) -> Mapping[str, Use] | None:
    if found is None:
        return None
    return {
        endpoint: Use(use["calls"], use["waited_seconds"])
        for endpoint, use in found.items()
    }
