"""Where an organization's own contract lets the clock stand still: in certain statuses, until the answer (D7, R12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.history import held
from jsm_sla_bot.sla.request import Deed, RequestSnapshot, Status


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of time that does not count, aware UTC. `ends` is None while it lasts."""

    begins: datetime
    ends: datetime | None
    status: str


def pauses(
    snapshot: RequestSnapshot, statuses: frozenset[str], until: datetime | None
) -> tuple[Pause, ...]:
    """Return when the request was in one of these statuses (casefolded names); the last pause ends at `until`."""
    if not statuses:
        return ()
    found: list[Pause] = []
    values = held(snapshot, Deed.STATUS)
    ends: list[datetime | None] = [*(value.since for value in values[1:]), until]
    for value, end in zip(values, ends, strict=True):
        if (
            isinstance(value.value, Status)
            and value.value.name.casefold() in statuses
            and value.since != end
        ):
            found.append(Pause(value.since, end, value.value.name))
    return tuple(found)


def runs_out(
    calendar: BusinessCalendar, start: datetime, goal: timedelta, stops: Iterable[Pause]
) -> datetime:
    """Return when `goal` of open time outside of the pauses has passed; a pause that lasts is not yet counted."""
    due = calendar.due(start, goal)
    for pause in stops:
        if pause.ends is None or pause.begins >= due:
            break
        begins = max(pause.begins, start)
        if begins < pause.ends:
            due = calendar.due(pause.ends, calendar.elapsed(begins, due))
    return due
