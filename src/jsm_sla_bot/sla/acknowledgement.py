"""Which deeds stop the response clock or end the request: acknowledgement, closing, reopening (D4, D14, D17)."""

from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.sla.contract import AcknowledgementRule
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Role,
    Status,
)

ANSWERS = frozenset({Deed.PUBLIC_COMMENT, Deed.SEVERITY, Deed.STATUS})
"""The deeds among which an acknowledgement may be."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a request came to be closed. `at` and `role` are None where the history does not show it."""

    at: datetime | None
    role: Role | None
    status: Status


def acknowledges(entry: HistoryEntry, rule: AcknowledgementRule) -> bool:
    """Return whether an entry acknowledges the request (D4, D17).

    Never an internal note, a comment of the bot, of an automation, of the reporter, a participant or a customer.
    """
    if entry.role is not Role.AGENT:
        return False
    what = entry.what
    if what is Deed.PUBLIC_COMMENT:
        return rule.public_comment
    if what is Deed.STATUS:
        return _closes_answered(entry) or (
            rule.status and _phase(entry.after) is Phase.ACKNOWLEDGED
        )
    return rule.severity and sets_severity(entry)


def sets_severity(entry: HistoryEntry) -> bool:
    """Return whether an agent sets or confirms the severity (D4)."""
    is_agents = entry.role is Role.AGENT and entry.what is Deed.SEVERITY
    return is_agents and entry.after is not None


def probable_answer(
    snapshot: RequestSnapshot, start: datetime
) -> HistoryEntry | None:
    """Return the first public comment since the start by somebody who may have been an agent (D35)."""
    probable = Role.PROBABLE_AGENT
    deeds = [entry for entry in snapshot.history if entry.role is probable]
    for entry in deeds:
        if entry.what is Deed.PUBLIC_COMMENT and entry.at >= start:
            return entry
    return None


def reopens(entry: HistoryEntry) -> bool:
    """Return whether an entry takes the request out of a closed status (D14)."""
    return (
        entry.what is Deed.STATUS
        and _is_done(entry.before)
        and not _is_done(entry.after)
    )


def closing(snapshot: RequestSnapshot) -> Closing | None:
    """Return how the request came to be closed this time, or None while it is open. The history must be in order.

    What happens among closed statuses afterwards (resolved, then closed) changes nothing about it.
    """
    if not snapshot.status.is_done:
        return None
    found = Closing(None, None, snapshot.status)
    for entry in reversed(snapshot.history):
        if entry.what is not Deed.STATUS:
            continue
        if not isinstance(entry.after, Status) or not entry.after.is_done:
            break
        found = Closing(entry.at, entry.role, entry.after)
        if not _is_done(entry.before):
            break
    return found


def declined(snapshot: RequestSnapshot) -> Status | None:
    """Return the status by which the request was declined as outside the service (R8), or None.

    Closing a declined request for good leaves it declined.
    """
    if snapshot.status.phase is Phase.DECLINED:
        return snapshot.status
    closed = closing(snapshot)
    return (
        closed.status
        if closed and closed.status.phase is Phase.DECLINED
        else None
    )


def _closes_answered(entry: HistoryEntry) -> bool:
    return _phase(entry.after) is Phase.CLOSED and not _is_done(entry.before)


def _phase(value: object) -> Phase | None:
    return value.phase if isinstance(value, Status) else None


def _is_done(value: object) -> bool:
    return isinstance(value, Status) and value.is_done
