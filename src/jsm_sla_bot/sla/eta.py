"""The ETA that agents set on a request: when its value has settled, and what there is to say about it (D21).

Pure: state decides, so an ETA that is looked at late, or twice, comes to the same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.history import held
from jsm_sla_bot.sla.request import Deed, RequestSnapshot, Status

Eta: TypeAlias = datetime | date
"""An aware instant, or a date: the end of its business hours."""


class EtaNews(StrEnum):
    """What there is to say: the first two to the customer, the others to agents."""

    FIRST = "first"
    CHANGED = "changed"
    EMPTIED = "emptied"
    """The customer has read one, and there is none any more."""
    PAST = "past"
    """It lay in the past when it was set: a slip, that the customer does not read."""
    REACHED = "reached"
    """Its time has come, and the request is open."""


@dataclass(frozen=True, slots=True)
class StandingEta:
    """The value that stands, None for none, and since when (aware UTC)."""

    value: Eta | None
    since: datetime


@dataclass(frozen=True, slots=True)
class EtaView:
    """An ETA as it is seen at one instant. All instants are aware UTC.

    `ends` is when it is reached, None where there is none. `settled_at` is when what stands has stood long enough.
    `news` is None while there is nothing to say, or where it was said. `next_at` is when time alone changes this.
    """

    standing: StandingEta
    ends: datetime | None
    settled_at: datetime
    news: EtaNews | None = None
    next_at: datetime | None = None


def eta_view(
    request: RequestSnapshot,
    read: Eta | None,
    settles: timedelta,
    calendar: BusinessCalendar,
    now: datetime,
) -> EtaView:
    """Say how a request's ETA stands at `now`; its history must be in order and end there.

    `read` is the value that the customer has read last. Nothing is said before a value has stood unchanged for
    `settles`, nor of a request that is closed.
    """
    standing = standing_eta(request)
    ends = end_of(standing.value, calendar)
    settled_at = standing.since + settles
    view = EtaView(standing, ends, settled_at)
    is_nothing = standing.value is None and read is None
    if request.status.is_done or is_nothing:
        return view
    if now < settled_at:
        return EtaView(standing, ends, settled_at, next_at=settled_at)
    news = _news(request, view, read, now)
    is_ahead = ends is not None and now < ends
    return EtaView(
        standing, ends, settled_at, news, ends if is_ahead else None
    )


def standing_eta(request: RequestSnapshot) -> StandingEta:
    """Return the value that stands now, and since when. The history must be in order."""
    values = held(request, Deed.ETA)
    last = values.pop()
    since = last.since
    while values and values[-1].value == last.value:
        since = values.pop().since
    return StandingEta(request.eta, since)


def end_of(value: Eta | None, calendar: BusinessCalendar) -> datetime | None:
    """Return when an ETA is reached (aware UTC): a date at the end of that day's business hours."""
    match value:
        case datetime():
            return value.astimezone(UTC)
        case date():
            return calendar.end_of(value)
        case None:
            return None


def _news(
    request: RequestSnapshot, view: EtaView, read: Eta | None, now: datetime
) -> EtaNews | None:
    """Say what there is to say of a value that has settled."""
    value = view.standing.value
    if value is None or view.ends is None:
        return EtaNews.EMPTIED
    if view.ends <= view.standing.since:
        return EtaNews.PAST
    if view.ends <= now:
        was_open = _is_open_at(request, view.ends)
        return EtaNews.REACHED if was_open else None
    if read is None:
        return EtaNews.FIRST
    return EtaNews.CHANGED if value != read else None


def _is_open_at(request: RequestSnapshot, instant: datetime) -> bool:
    """Tell whether a request was open at an instant since its report."""
    status: object = None
    for each in held(request, Deed.STATUS):
        if each.since <= instant or status is None:
            status = each.value
    return not (isinstance(status, Status) and status.is_done)
