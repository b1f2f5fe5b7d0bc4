"""What a lead reads at the opening of a day: what is due, what is late, which days are closed soon. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from jsm_sla_bot.notify.parcels import DIGEST, MOST_LINES
from jsm_sla_bot.notify.telling import named
from jsm_sla_bot.plan.request_state import TO_ANSWER, RequestState
from jsm_sla_bot.plan.wording import minute_text
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify import Notice, Story, Urgency
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.errors import CalendarError

OPENING = "opening"
LATEST = timedelta(hours=2)
"""So long after the opening it is still worth reading."""
AHEAD = timedelta(days=14)
"""So far ahead closed days are named."""


def morning(view: DeskView) -> Notice | None:
    """Return the digest of the day that has just opened on the default calendar; None at other times."""
    try:
        opening = _opening(view)
        return _digest(view, opening) if opening else None
    except CalendarError:
        return None


def _opening(view: DeskView) -> datetime | None:
    """Return when the present day opened, if that is not long ago."""
    calendar = view.policy.default_terms.calendar
    opening = _opens(calendar, calendar.local_date(view.now))
    is_now = timedelta(0) <= view.now - opening < LATEST
    return opening if is_now else None


def _opens(calendar: BusinessCalendar, day: date) -> datetime:
    """Return the first opening from the beginning of a day on, aware UTC."""
    midnight = datetime.combine(day, time(), calendar.spec.zone)
    return calendar.next_open(midnight.astimezone(UTC))


def _opening_before(calendar: BusinessCalendar, opening: datetime) -> datetime:
    """Return when the last day opened that had opening hours; a fortnight ago where none had."""
    today = calendar.local_date(opening)
    for days in range(1, AHEAD.days):
        found = _opens(calendar, today - timedelta(days=days))
        if found < opening:
            return found
    return opening - AHEAD


def _digest(view: DeskView, opening: datetime) -> Notice:
    calendar = view.policy.default_terms.calendar
    evening = calendar.end_of(calendar.local_date(opening))
    before = _opening_before(calendar, opening)
    due = [*_sorted(view, TO_ANSWER, None, evening)]
    late = [*_sorted(view, {SlaStatus.BREACHED}, before, opening)]
    return Notice(
        story=Story(DIGEST, OPENING, opening),
        rung=OPENING,
        title=f"First responses: {_count(due)} due today, {_count(late)} late since the last opening",
        urgency=Urgency.INFO,
        lines=[
            *_listed("Due today", due, view),
            *_listed("Late since the last opening", late, view),
            *_closed(view, opening),
        ],
    )


def _sorted(
    view: DeskView,
    statuses: Iterable[SlaStatus],
    after: datetime | None,
    until: datetime,
) -> Iterator[RequestState]:
    """Yield the open requests of these statuses that are due in a span, the earliest first."""
    found = [
        (state.due, state.key, state)
        for state in view.states
        if state.is_open and state.status in statuses and state.due
    ]
    for due, _, state in sorted(found, key=lambda one: one[:2]):
        if due <= until and (after is None or due > after):
            yield state


def _count(states: list[RequestState]) -> str:
    match len(states):
        case 0:
            return "none is"
        case 1:
            return "1 is"
        case many:
            return f"{many} are"


def _listed(
    title: str, states: list[RequestState], view: DeskView
) -> Iterator[str]:
    if not states:
        return
    zone = view.policy.default_terms.calendar.spec.zone
    yield f"{title}:"
    for state in states[:MOST_LINES]:
        due = minute_text(state.due, zone) if state.due else ""
        yield f"{named(state, view)}: {due}"
    if len(states) > MOST_LINES:
        yield f"and {len(states) - MOST_LINES} more"


def _closed(view: DeskView, opening: datetime) -> Iterator[str]:
    """Yield the days that are closed soon, weekends left out."""
    spec = view.policy.default_terms.calendar.spec
    today = opening.astimezone(spec.zone).date()
    for day, exception in sorted(spec.exceptions.items()):
        if today < day <= today + AHEAD and not exception.windows:
            yield f"Closed on {day:%a %Y-%m-%d}: {exception.name}"
