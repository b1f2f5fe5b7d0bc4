"""Periods of whole days, and months counted on from a day (D28, D30)."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

MONTHS_OF_A_QUARTER = 3
MONTHS_OF_A_YEAR = 12
_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included."""

    first: date
    last: date

    def covers(self, instant: datetime, zone: tzinfo) -> bool:
        """Return whether an instant (aware) lies within, by a clock on the wall of that zone (D30)."""
        return self.first <= instant.astimezone(zone).date() <= self.last

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return 00:00 of the first day and 24:00 of the last, aware, in that zone."""
        midnight = datetime.min.time()
        after = self.last + _ONE_DAY
        return (
            datetime.combine(self.first, midnight, zone),
            datetime.combine(after, midnight, zone),
        )

    def months(self) -> Iterator[str]:
        """Yield the months that it touches, as `2026-03`."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield f"{month:%Y-%m}"
            month = months_later(month, 1)

    def following(self) -> "Period":
        """Return the period of the same length that comes after: as many whole months, or as many days."""
        first = self.last + _ONE_DAY
        months = self._whole_months()
        if months:
            return Period(first, months_later(first, months) - _ONE_DAY)
        return Period(first, first + (self.last - self.first))

    def _whole_months(self) -> int:
        """Return how many whole months it is, 0 where it begins or ends within one."""
        after = self.last + _ONE_DAY
        if self.first.day != 1 or after.day != 1:
            return 0
        years = after.year - self.first.year
        return years * MONTHS_OF_A_YEAR + after.month - self.first.month

    def __str__(self) -> str:
        """Say the first and the last day."""
        return f"{self.first} to {self.last}"


def named(text: str) -> Period | None:
    """Return the year, quarter or month of that name: `2026`, `2026-Q1`, `2026-03`; None where it names none."""
    try:
        return _named(text.strip())
    except ValueError:
        return None


def _named(text: str) -> Period | None:
    if found := _YEAR.fullmatch(text):
        return _from_month(int(found[1]), 1, MONTHS_OF_A_YEAR)
    if found := _QUARTER.fullmatch(text):
        month = (int(found[2]) - 1) * MONTHS_OF_A_QUARTER + 1
        return _from_month(int(found[1]), month, MONTHS_OF_A_QUARTER)
    if found := _MONTH.fullmatch(text):
        return _from_month(int(found[1]), int(found[2]), 1)
    return None


def _from_month(year: int, month: int, months: int) -> Period:
    first = date(year, month, 1)
    return Period(first, months_later(first, months) - _ONE_DAY)


def months_later(day: date, months: int) -> date:
    """Return the day that many months later, cut to the month's end: 30 November + 3 = 28 February (D28)."""
    count = day.year * MONTHS_OF_A_YEAR + day.month - 1 + months
    year, month = divmod(count, MONTHS_OF_A_YEAR)
    _, last = monthrange(year, month + 1)
    return date(year, month + 1, min(day.day, last))
