"""Business time: when the clock runs, as sorted UTC intervals with the open time before each.

Half-open intervals `[opens, closes)`. All instants are aware; naive ones are refused. A calendar's own
zone only matters while its intervals are laid out: at an opening or closing that the local clock skips,
the instant moves forward by the gap; at one that the local clock shows twice, the first counts.
`due` and `elapsed` look the day up and walk its few intervals, `due` adds a bisect: flat in the length of the span.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from jsm_sla_bot.sla.errors import CalendarError, RequestError

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
NOTHING = timedelta(0)
EARLIEST_DAY = date(2, 1, 1)
LATEST_DAY = date(9998, 12, 31)
"""Between these, every instant has a date in every zone."""
WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


@dataclass(frozen=True, slots=True)
class Window:
    """Opening hours on the day they start on, as offsets from local midnight; `closes` may pass 24 h."""

    opens: timedelta
    closes: timedelta


@dataclass(frozen=True, slots=True)
class DayException:
    """A date whose hours are not the week's: closed when `windows` is empty."""

    name: str
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """What a snapshot file says. `week` runs from Monday; years are whole and inclusive."""

    name: str
    zone_name: str
    zone: tzinfo
    week: tuple[tuple[Window, ...], ...]
    exceptions: Mapping[date, DayException]
    first_year: int
    last_year: int
    source: str = ""

    def windows(self, day: date) -> tuple[Window, ...]:
        """Return that local date's opening hours; none when it is closed."""
        exception = self.exceptions.get(day)
        return (
            self.week[day.weekday()]
            if exception is None
            else exception.windows
        )

    def day_name(self, day: date) -> str:
        """Return what that date is called: its exception's name, else the day of the week."""
        exception = self.exceptions.get(day)
        return exception.name if exception else WEEKDAYS[day.weekday()]


@dataclass(frozen=True, slots=True)
class Interval:
    """An open stretch, aware UTC, half-open."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A local date without any opening hours, with its name ("Saturday", "Good Friday")."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """A calendar laid out over its snapshot's years (D16): ask it `due` and `elapsed`.

    `before[i]` is the open time from the first opening to `opens[i]`, `through[i]` to `closes[i]`; `first[n]` is the
    interval that is open, or opens next, `n` days after `covers_from`. Asked about an instant outside of the
    snapshot's years it raises CalendarError; asked with a naive instant, RequestError.
    """

    spec: CalendarSpec
    opens: tuple[datetime, ...] = field(repr=False)
    closes: tuple[datetime, ...] = field(repr=False)
    before: tuple[timedelta, ...] = field(repr=False)
    through: tuple[timedelta, ...] = field(repr=False)
    first: Sequence[int] = field(repr=False)
    covers_from: datetime
    covers_until: datetime

    @property
    def name(self) -> str:
        """The calendar's name in the policy."""
        return self.spec.name

    def due(self, start: datetime, goal: timedelta) -> datetime:
        """Return the instant (UTC) at which `goal` of open time has passed since `start` (D5, D6).

        A goal that ends exactly at closing ends there, not at the next opening.
        """
        if start.tzinfo is not UTC:
            start = _utc(start)
        day = (start - self.covers_from).days
        if day < 0 or goal.days < 0:
            raise self._refusal(start, goal)
        try:
            at = self.first[day]
            while self.closes[at] <= start:
                at += 1
            opens = self.opens[at]
            target = self.before[at] + goal
            if start > opens:
                target += start - opens
            end = bisect_left(self.through, target, at)
            return self.opens[end] + (target - self.before[end])
        except IndexError:
            raise self._refusal(start, goal) from None

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time between two instants; negative when `end` is before `start`."""
        return self._position(end) - self._position(start)

    def next_open(self, instant: datetime) -> datetime:
        """Return the instant itself while open, else the next opening (UTC)."""
        return self.due(instant, NOTHING)

    def spans(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return the open stretches between two instants (UTC), clipped to them."""
        start, end = self._inside(start), self._inside(end)
        first, last = (
            bisect_right(self.closes, start),
            bisect_left(self.opens, end),
        )
        return tuple(
            Interval(max(self.opens[i], start), min(self.closes[i], end))
            for i in range(first, last)
        )

    def closed_days(
        self, start: datetime, end: datetime
    ) -> tuple[ClosedDay, ...]:
        """Return the local dates from `start` to `end` (both included) that have no opening hours."""
        day, last = (
            self.local_date(self._inside(start)),
            self.local_date(self._inside(end)),
        )
        closed = []
        while day <= last:
            if not self.spec.windows(day):
                closed.append(ClosedDay(day, self.spec.day_name(day)))
            day += ONE_DAY
        return tuple(closed)

    def local_date(self, instant: datetime) -> date:
        """Return the date that a clock on the wall of this calendar's zone shows."""
        return instant.astimezone(self.spec.zone).date()

    def has_hours(self, day: date) -> bool:
        """Tell whether that local date is known to have opening hours: outside of the snapshot none is (D16)."""
        is_known = self.spec.first_year <= day.year <= self.spec.last_year
        return is_known and bool(self.spec.windows(day))

    def opening_after(self, instant: datetime, days: int) -> datetime:
        """Return the first opening (UTC) of the N-th later local date that has opening hours, N being `days` (D25)."""
        day = self.local_date(self._inside(instant))
        left = days
        while left > 0:
            day += ONE_DAY
            if day.year > self.spec.last_year:
                raise self._too_far(instant, f"{days} business days")
            left -= self.has_hours(day)
        opens = min(each.opens for each in self.spec.windows(day))
        midnight = datetime.combine(day, time(), self.spec.zone)
        return (midnight + opens).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """Return when that local date's opening hours end (UTC); where it has none, when the date itself ends."""
        windows = self.spec.windows(day) if self.has_hours(day) else ()
        ends = max((each.closes for each in windows), default=ONE_DAY)
        within = min(max(day, EARLIEST_DAY), LATEST_DAY)
        midnight = datetime.combine(within, time(), self.spec.zone)
        return (midnight + ends).astimezone(UTC)

    def _position(self, instant: datetime) -> timedelta:
        """Return the open time from the first opening until then."""
        if instant.tzinfo is not UTC:
            instant = _utc(instant)
        day = (instant - self.covers_from).days
        if day < 0:
            raise self._refusal(instant, NOTHING)
        try:
            at = self.first[day]
            while self.closes[at] <= instant:
                at += 1
        except IndexError:
            self._inside(instant)
            return self.through[-1] if self.through else NOTHING
        opens = self.opens[at]
        return (
            self.before[at] + (instant - opens)
            if instant > opens
            else self.before[at]
        )

    def _inside(self, instant: datetime) -> datetime:
        """Return the instant in UTC; raises CalendarError for one that the snapshot does not cover."""
        instant = _utc(instant)
        if not self.covers_from <= instant <= self.covers_until:
            raise self._refusal(instant, NOTHING)
        return instant

    def _refusal(self, start: datetime, goal: timedelta) -> CalendarError:
        if goal < NOTHING:
            return CalendarError(
                f"a target must not be negative, found {goal}"
            )
        if not self.opens:
            return CalendarError(
                f"calendar {self.name!r} never opens: give it opening hours in {self.spec.source}"
            )
        return self._too_far(start, f"{goal / ONE_HOUR:g} h")

    def _too_far(self, start: datetime, span: str) -> CalendarError:
        years = f"{self.spec.first_year}-{self.spec.last_year}"
        return CalendarError(
            f"calendar {self.name!r} covers {years} only: {span} from {start.isoformat()} "
            f"is not inside; extend the snapshot {self.spec.source}"
        )


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise RequestError(
            f"expected an instant with a time zone, found {instant.isoformat()} without one"
        )
    return instant.astimezone(UTC)
