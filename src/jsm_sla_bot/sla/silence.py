"""What a request's history says of a silence: since when its customer has not answered, and what was done about it.

The deeds of the bot and of automations never count (D24); the bot's own public notes are the steps that were taken.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from jsm_sla_bot.sla.dormancy_state import StepSaid, step_said
from jsm_sla_bot.sla.history import held
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)

_NEVER_COUNT = frozenset({Role.BOT, Role.AUTOMATION})


class Taken(NamedTuple):
    """A step that was taken, and when its note was written."""

    said: StepSaid
    at: datetime


class Silence(NamedTuple):
    """From when dormancy counts (D24): the instant, what it was, and whether the customer's side did it."""

    at: datetime
    what: Deed
    is_customers: bool = False


def silence_of(request: RequestSnapshot) -> Silence | None:
    """Return from when dormancy counts; of deeds at one instant the customer's is the last, then a comment."""
    found = [*_deeds(request), *_entered(request)]
    return max(found, key=lambda one: (one.at, one.is_customers), default=None)


def _entered(request: RequestSnapshot) -> Iterator[Silence]:
    """Yield the entry into the waiting status, unless the bot or an automation made it."""
    statuses = held(request, Deed.STATUS)
    last = statuses.pop()
    while statuses and _is_same(statuses[-1].value, last.value):
        last = statuses.pop()
    entry = last.entry
    if entry is None or entry.role not in _NEVER_COUNT:
        yield Silence(last.since, Deed.STATUS)


def _deeds(request: RequestSnapshot) -> Iterator[Silence]:
    """Yield the public comments of agents and the acts of the customer's side."""
    for entry in request.history:
        is_public = entry.what is Deed.PUBLIC_COMMENT
        if entry.role is Role.AGENT and is_public:
            yield Silence(entry.at, entry.what)
        elif entry.role is Role.CUSTOMER and _is_act(entry):
            yield Silence(entry.at, entry.what, is_customers=True)


def _is_act(entry: HistoryEntry) -> bool:
    return entry.what is not Deed.INTERNAL_NOTE


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, Status) and isinstance(other, Status):
        return one.name.casefold() == other.name.casefold()
    return False


def last_taken(request: RequestSnapshot, since: datetime) -> Taken | None:
    """Return the last step that was taken after an instant."""
    taken = [one for one in all_taken(request) if one.at > since]
    return taken[-1] if taken else None


def all_taken(
    request: RequestSnapshot, until: datetime | None = None
) -> list[Taken]:
    """Return the steps that public notes of the bot are, in order."""
    taken: list[Taken] = []
    for entry in request.history:
        is_ours = entry.role is Role.BOT and entry.what is Deed.PUBLIC_COMMENT
        said = step_said(entry.after) if is_ours else None
        if said and (until is None or entry.at <= until):
            taken.append(Taken(said, entry.at))
    return taken


def was_closed(request: RequestSnapshot, since: datetime) -> bool:
    """Tell whether the bot has brought the request to a done status since an instant."""
    return any(
        entry.what is Deed.STATUS
        and entry.role is Role.BOT
        and entry.at >= since
        and isinstance(entry.after, Status)
        and entry.after.is_done
        for entry in request.history
    )


def unanswered_comment(
    request: RequestSnapshot, since: datetime
) -> datetime | None:
    """Return the first public comment of the customer after an instant that no agent has answered in public."""
    act: datetime | None = None
    for entry in request.history:
        if entry.what is not Deed.PUBLIC_COMMENT or entry.at <= since:
            continue
        if entry.role is Role.AGENT:
            act = None
        elif entry.role is Role.CUSTOMER and act is None:
            act = entry.at
    return act


def carries(request: RequestSnapshot, label: str) -> bool:
    """Tell whether a request has a label, however that is spelled."""
    wanted = label.casefold()
    return any(each.casefold() == wanted for each in request.labels)
