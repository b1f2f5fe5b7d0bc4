"""Where an organization's own contract lets the clock stand still: in certain statuses, until the answer (D7, R12)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from jsm_sla_bot.sla.assessment import Pause
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.history import held
from jsm_sla_bot.sla.request import Deed, RequestSnapshot, Status


def pauses(
    snapshot: RequestSnapshot, statuses: frozenset[str], until: datetime | None
) -> tuple[Pause, ...]:
    """Return when the request was in one of these statuses (casefolded names); the last pause ends at `until`."""
    if not statuses:
        return ()
    found: list[Pause] = []
    values = held(snapshot, Deed.STATUS)
    ends: list[datetime | None] = [
        *(value.since for value in values[1:]),
        until,
    ]
    for value, end in zip(values, ends, strict=True):
        if (
            isinstance(value.value, Status)
            and value.value.name.casefold() in statuses
            and value.since != end
        ):
            found.append(Pause(value.since, end, value.value.name))
    return tuple(found)


def runs_out(
    calendar: BusinessCalendar,
    start: datetime,
    goal: timedelta,
    stops: Iterable[Pause],
) -> tuple[datetime, tuple[Pause, ...]]:
    """Return when `goal` of open time outside of the pauses has passed, and the pauses that this clock met.

    A pause that lasts is not yet counted: the due time is the one that the clock had when it stopped (D37).
    """
    due = calendar.due(start, goal)
    met: list[Pause] = []
    for pause in stops:
        if pause.begins >= due:
            break
        begins = max(pause.begins, start)
        if pause.ends is None:
            met.append(Pause(begins, None, pause.status))
            break
        if begins < pause.ends:
            met.append(Pause(begins, pause.ends, pause.status))
            due = calendar.due(pause.ends, calendar.elapsed(begins, due))
    return due, tuple(met)
