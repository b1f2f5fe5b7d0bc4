"""Days that a calendar's rule adds to the library's: of every year, a number of days from Easter, or of one year.

Written `12-24`, `easter+40` (40 days after Easter Sunday), `easter-2` (Good Friday), `2024-03-29`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.word import WordError, proven

YEARLY = "a day such as 12-24, easter+40 or 2024-03-29"

_OF_EVERY_YEAR = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
_FROM_EASTER = re.compile(r"easter([+-]\d{1,3})", re.ASCII)
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class OfEveryYear:
    """A month and a day; 02-29 in leap years only."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class FromEaster:
    """So many days after Easter Sunday; before it, if negative."""

    days: int

    def __str__(self) -> str:
        return f"easter{self.days:+}"


@dataclass(frozen=True, slots=True)
class OfOneYear:
    """A date."""

    date: date

    def __str__(self) -> str:
        return self.date.isoformat()


Yearly: TypeAlias = OfEveryYear | FromEaster | OfOneYear


@proven
def yearly(text: object) -> Yearly:
    """Read a day of a rule; raises WordError."""
    words = text.strip() if isinstance(text, str) else ""
    from_easter = _FROM_EASTER.fullmatch(words)
    if from_easter:
        return FromEaster(int(from_easter[1]))
    of_every_year = _OF_EVERY_YEAR.fullmatch(words)
    if of_every_year:
        return _of_every_year(int(of_every_year[1]), int(of_every_year[2]))
    try:
        return OfOneYear(literals.day(text))
    except WordError as error:
        raise WordError(YEARLY, suggestion=error.suggestion) from None


def _of_every_year(month: int, day: int) -> OfEveryYear:
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        raise WordError(YEARLY) from None
    return OfEveryYear(month, day)


def in_year(day: Yearly, easter: date) -> date | None:
    """Return the date in the year of that Easter Sunday, None where the year has no such day."""
    match day:
        case OfOneYear(date=one):
            return one if one.year == easter.year else None
        case FromEaster(days=days):
            return easter + timedelta(days=days)
        case OfEveryYear(month=month, day=number):
            try:
                return date(easter.year, month, number)
            except ValueError:
                return None
