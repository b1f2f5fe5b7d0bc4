"""When the response clock stopped: the first deed of an agent that counts (D4, D17)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.sla.contract import AcknowledgementRule
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Phase, RequestSnapshot, Role, Status


@dataclass(frozen=True, slots=True)
class Closing:
    """How a request came to be closed. `role` is None where no history tells who did it."""

    at: datetime | None
    role: Role | None


def acknowledged(
    snapshot: RequestSnapshot, rule: AcknowledgementRule, since: datetime
) -> HistoryEntry | None:
    """Return the entry that acknowledged the request at or after `since`, or None (D4, D17).

    Never an internal note, a comment of the bot, of an automation, of the reporter, a participant or a customer.
    The history must be in order.
    """
    for entry in snapshot.history:
        if entry.role is Role.AGENT and entry.at >= since and _counts(entry, rule):
            return entry
    return None


def closing(snapshot: RequestSnapshot) -> Closing | None:
    """Return how the request came into its present closed status, or None while it is open."""
    if not snapshot.status.is_done:
        return None
    for entry in reversed(list(_status_changes(snapshot))):
        if _closes(entry):
            return Closing(entry.at, entry.role)
    return Closing(None, None)


def reopenings(snapshot: RequestSnapshot) -> Iterator[HistoryEntry]:
    """Yield the entries that took the request out of a closed status (D14)."""
    for entry in _status_changes(snapshot):
        if _is_done(entry.before) and not _is_done(entry.after):
            yield entry


def _counts(entry: HistoryEntry, rule: AcknowledgementRule) -> bool:
    match entry.what:
        case Deed.PUBLIC_COMMENT:
            return rule.public_comment
        case Deed.SEVERITY:
            return rule.severity and entry.after is not None
        case Deed.STATUS:
            return _closes_answered(entry) or (rule.status and _phase(entry.after) is Phase.ACKNOWLEDGED)
        case _:
            return False


def _closes_answered(entry: HistoryEntry) -> bool:
    return _closes(entry) and _phase(entry.after) is Phase.CLOSED


def _closes(entry: HistoryEntry) -> bool:
    return _is_done(entry.after) and not _is_done(entry.before)


def _status_changes(snapshot: RequestSnapshot) -> Iterator[HistoryEntry]:
    return (entry for entry in snapshot.history if entry.what is Deed.STATUS)


def _phase(value: object) -> Phase | None:
    return value.phase if isinstance(value, Status) else None


def _is_done(value: object) -> bool:
    return isinstance(value, Status) and value.is_done
