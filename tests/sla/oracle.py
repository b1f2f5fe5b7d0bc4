"""Business time told naively, to check the calendar by: every window of every day, one after the other.

Shares nothing with the engine but the shapes of a calendar's hours. An instant on the wall is looked for among the
offsets of the days around it: shown once, that is it; shown twice, the first; never shown, as far after the gap
as the wall clock says it lies after the gap's beginning.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsm_sla_bot.sla.calendar import CalendarSpec

DAY = timedelta(days=1)
Stretch = tuple[datetime, datetime]


class Oracle:
    """Answers `due` and `elapsed` for one calendar by walking."""

    def __init__(self, spec: "CalendarSpec") -> None:
        self.spec = spec
        self.windows_of = cache(self._windows_of)

    def due(self, start: datetime, goal: timedelta) -> datetime:
        """Walk forward until the goal is used up."""
        cursor, left, day = (
            start,
            goal,
            start.astimezone(self.spec.zone).date() - 2 * DAY,
        )
        waiting: list[Stretch] = []
        while True:
            waiting = sorted([*waiting, *self.windows_of(day)])
            day += DAY
            if len(waiting) < 8:
                continue  # hours of the next days may begin earlier than they seem to: look ahead
            opens, closes = waiting.pop(0)
            opens = max(opens, cursor)
            if opens >= closes:
                continue
            if left <= closes - opens:
                return opens + left
            left, cursor = left - (closes - opens), closes

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Add up what is open between the two."""
        first, last = (
            instant.astimezone(self.spec.zone).date()
            for instant in (start, end)
        )
        days = ((last - first) // DAY) + 5
        cursor, total = start, timedelta(0)
        for opens, closes in sorted(
            window
            for number in range(days)
            for window in self.windows_of(first + (number - 2) * DAY)
        ):
            begins, ends = max(opens, cursor), min(closes, end)
            if begins < ends:
                total, cursor = total + (ends - begins), ends
        return total

    def _windows_of(self, day: date) -> list[Stretch]:
        exception = self.spec.exceptions.get(day)
        windows = (
            exception.windows if exception else self.spec.week[day.weekday()]
        )
        midnight = datetime.combine(day, time())
        return [
            (
                shown(midnight + window.opens, self.spec.zone),
                shown(midnight + window.closes, self.spec.zone),
            )
            for window in windows
        ]


def shown(wall: datetime, zone: tzinfo) -> datetime:
    """Return when a clock on the wall shows that."""
    as_utc = wall.replace(tzinfo=UTC)
    offsets = [
        (as_utc + shift).astimezone(zone).utcoffset() or timedelta(0)
        for shift in (-2 * DAY, 2 * DAY)
    ]
    candidates = [as_utc - offset for offset in offsets]
    real = [
        one
        for one in candidates
        if one.astimezone(zone).replace(tzinfo=None) == wall
    ]
    return min(real) if real else candidates[0]
