"""The small words of the YAML: shares, opening hours, dates, years, ids.

Each reads what a person writes and, when it can't, names what it expected and what was probably meant.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from jsm_sla_bot.config.word import WordError, proven, stripped
from jsm_sla_bot.sla.calendar import ONE_DAY, Window

SHARE = "a share above 0 and at most 1, such as '75 %' or 0.75"
HOURS = "opening hours such as '09:00-17:00', '00:00-24:00' or '22:00-06:00'"
DAY = "a date such as 2026-12-31"
YEARS = "years such as 2024-2030"
ORGANIZATION = (
    "the organization's id in Jira Service Management, a whole number such as 42: it is the last part of the "
    "address of the organization's page, and GET /rest/servicedeskapi/organization lists ids with names"
)

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%", re.ASCII)
_TIMES = re.compile(
    r"(\d{1,2})[:.](\d\d)\s*[-\u2013]\s*(\d{1,2})[:.](\d\d)", re.ASCII
)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_ORGANIZATION = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_SHARE_MEANT = re.compile(
    r"(\d{1,3}(?:[.,]\d{1,3})?)\s*(%|per ?cent|pct)?", re.ASCII
)
_HOURS_MEANT = re.compile(
    r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|\u2013|to|until)\s*(\d{1,2})(?:[:.](\d\d))?",
    re.ASCII,
)
_EARLIEST = 1990
_LATEST = 2199
_ALL_PERCENT = 100
_MINUTES = 60
_MONTHS = 12
_MOST_DAYS = 31


@proven
def share(value: object) -> float:
    """Read `75 %` or `0.75`: above 0, at most 1 (R10)."""
    part = _part(value)
    if part is None:
        raise WordError(SHARE, suggestion=_meant_share(value))
    if not 0 < part <= 1:
        raise WordError(SHARE, suggestion=_meant_percent(value))
    return part


def _part(value: object) -> float | None:
    """Return a share as a number, whatever its size; None for what is written in another way."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value)
        case _:
            percent = _PERCENT.fullmatch(stripped(value))
            return float(percent[1]) / 100 if percent else None


def _meant_share(value: object) -> str | None:
    """Guess a share from `75 percent` and from `0,75`."""
    found = _SHARE_MEANT.fullmatch(stripped(value))
    if found is None:
        return None
    number = found[1].replace(",", ".")
    return f"{number} %" if found[2] else number


def _meant_percent(value: object) -> str | None:
    """Guess a share from `75`, which lacks its sign."""
    is_percent = isinstance(value, int) and 1 < value <= _ALL_PERCENT
    return f"{value} %" if is_percent else None


@proven
def window(text: object) -> Window:
    """Read opening hours; those that close before they open end on the next day."""
    times = _TIMES.fullmatch(stripped(text))
    if times is None:
        raise WordError(HOURS, suggestion=_meant_hours(text))
    hours = _window(times)
    if hours is None:
        raise WordError(HOURS)
    right = _hours_text(*times.groups())
    if text != right:
        raise WordError(HOURS, suggestion=right)
    return hours


def _window(times: re.Match[str]) -> Window | None:
    """Return hours as they are written; None for those that no clock shows, and for none at all."""
    opens = _offset(times[1], times[2])
    closes = _offset(times[3], times[4])
    if opens is None or closes is None:
        return None
    if opens in {closes, ONE_DAY}:
        return None
    if closes < opens:
        closes += ONE_DAY
    return Window(opens, closes)


def _offset(hours: str, minutes: str) -> timedelta | None:
    if int(minutes) >= _MINUTES:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return offset if offset <= ONE_DAY else None


def _meant_hours(text: object) -> str | None:
    """Guess opening hours from `9-17`, `9:30 to 17`."""
    found = _HOURS_MEANT.fullmatch(stripped(text))
    if found is None:
        return None
    return _hours_text(*found.groups(default="00"))


def _hours_text(
    opens: str,
    opens_minutes: str,
    closes: str,
    closes_minutes: str,
) -> str:
    return f"{opens:0>2}:{opens_minutes}-{closes:0>2}:{closes_minutes}"


@proven
def day(text: object) -> date:
    """Read a date, year first."""
    if not isinstance(text, str):
        raise WordError(DAY)
    return _day(text)


@lru_cache(
    maxsize=4096
)  # agreements and calendars name the same days, each of them several times
def _day(text: str) -> date:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise WordError(DAY, suggestion=_meant_date(text.strip()))
    meant = _meant_day(*map(int, found.groups()))
    if meant is None:
        raise WordError(DAY)
    if meant.isoformat() != text:
        raise WordError(DAY, suggestion=meant.isoformat())
    return meant


def _meant_date(text: str) -> str | None:
    """Guess a date from `2026/06/30`, and from `30.06.2026` or `06/30/2026` where only one reading is possible."""
    year_first = _YEAR_FIRST.fullmatch(text)
    if year_first:
        return _iso(*map(int, year_first.groups()))
    year_last = _YEAR_LAST.fullmatch(text)
    if year_last is None:
        return None
    one, other, year = (int(number) for number in year_last.groups())
    if one > _MONTHS:
        return _iso(year, other, one)
    if other > _MONTHS:
        return _iso(year, one, other)
    return None


def _iso(year: int, month: int, number: int) -> str | None:
    meant = _meant_day(year, month, number)
    return meant.isoformat() if meant else None


def _meant_day(year: int, month: int, number: int) -> date | None:
    """Return the date, the month's last where the month is shorter; None where there is no such month or day."""
    if year < 1 or not 1 <= month <= _MONTHS or not 1 <= number <= _MOST_DAYS:
        return None
    _, last = monthrange(year, month)
    return date(year, month, min(number, last))


@proven
def years(value: object) -> tuple[int, int]:
    """Read `2024-2030`, or one year; both ends are included (D16)."""
    text = str(value).strip()
    found = _YEARS.fullmatch(text) if isinstance(value, str | int) else None
    if found is None:
        raise WordError(YEARS, suggestion=_meant_years(text))
    first = int(found[1])
    last = int(found[2] or found[1])
    if first > last:
        raise WordError(YEARS, suggestion=f"{last}-{first}")
    if first < _EARLIEST or last > _LATEST:
        raise WordError(f"{YEARS}, from {_EARLIEST} to {_LATEST}")
    return first, last


def _meant_years(text: str) -> str | None:
    """Guess years from `2024 to 2030`."""
    match _YEAR.findall(text):
        case [first, last]:
            return f"{first}-{last}"
        case _:
            return None


@proven
def organization_id(value: object) -> str:
    """Read the id of an organization: a whole number above 0, with or without quotes (R6)."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, float) and value.is_integer():
        raise WordError(ORGANIZATION, suggestion=str(int(value)))
    text = str(value) if is_number else stripped(value)
    if _ORGANIZATION.fullmatch(text):
        return text
    raise WordError(ORGANIZATION, suggestion=_meant_organization(text))


def _meant_organization(text: str) -> str | None:
    """Guess an id from a text with one number in it, `organization 42`."""
    match re.findall(r"\d+", text, re.ASCII):
        case [number]:
            return str(number).lstrip("0")
        case _:
            return None
