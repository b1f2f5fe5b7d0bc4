"""The small words of the YAML: shares, opening hours, dates, years, ids.

Each reads what a person writes and, when it can't, says what it expected and what was probably meant.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from jsm_sla_bot.config.word import WordError, proven
from jsm_sla_bot.sla.calendar import ONE_DAY, Window

SHARE = "a share above 0 and at most 1, such as '75 %' or 0.75"
HOURS = "opening hours such as '09:00-17:00', '00:00-24:00' or '22:00-06:00'"
DAY = "a date such as 2026-12-31"
YEARS = "years such as 2024-2030"
ORGANIZATION = (
    "the organization's id in Jira Service Management, a whole number such as 42: it is the last part of the "
    "address of the organization's page, and GET /rest/servicedeskapi/organization lists ids with names"
)

_TIMES = re.compile(r"(\d{1,2})[:.](\d\d)\s*[-\u2013]\s*(\d{1,2})[:.](\d\d)", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?", re.ASCII)
_ORGANIZATION = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_SHARE_MEANT = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s*(%|per ?cent|pct)?", re.ASCII)
_HOURS_MEANT = re.compile(
    r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|\u2013|to|until)\s*(\d{1,2})(?:[:.](\d\d))?",
    re.ASCII,
)
_EARLIEST, _LATEST = 1990, 2199


@proven
def share(value: object) -> float:
    """Read `75 %` or `0.75`: above 0, at most 1 (R10)."""
    if isinstance(value, str) and re.fullmatch(
        r"\d{1,3}(\.\d{1,3})?\s*%", value.strip(), re.ASCII
    ):
        part = float(value.strip().rstrip("% ")) / 100
    elif isinstance(value, int | float) and not isinstance(value, bool):
        part = float(value)
    else:
        raise WordError(SHARE, suggestion=_meant_share(value))
    if not 0 < part <= 1:
        is_percent = isinstance(value, int) and 1 < value <= 100  # noqa: PLR2004
        raise WordError(SHARE, suggestion=f"{value} %" if is_percent else None)
    return part


def _meant_share(value: object) -> str | None:
    """Guess a share from `75 percent` and from `0,75`."""
    found = _SHARE_MEANT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    number = found[1].replace(",", ".")
    return f"{number} %" if found[2] else number


@proven
def window(text: object) -> Window:
    """Read opening hours; those that close before they open end on the next day."""
    times = _TIMES.fullmatch(text.strip()) if isinstance(text, str) else None
    if times is None:
        raise WordError(HOURS, suggestion=_meant_hours(text))
    opens, closes = _offset(times[1], times[2]), _offset(times[3], times[4])
    as_written = f"{times[1]:0>2}:{times[2]}-{times[3]:0>2}:{times[4]}"
    if opens is None or closes is None or opens == ONE_DAY:
        raise WordError(HOURS)
    if opens == closes:
        raise WordError(HOURS)
    if text != as_written:
        raise WordError(HOURS, suggestion=as_written)
    return Window(opens, closes if closes > opens else closes + ONE_DAY)


def _meant_hours(text: object) -> str | None:
    """Guess opening hours from `9-17`, `9:30 to 17`."""
    found = _HOURS_MEANT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    opens, opens_minutes, closes, closes_minutes = found.groups(default="00")
    return f"{opens:0>2}:{opens_minutes}-{closes:0>2}:{closes_minutes}"


def _offset(hours: str, minutes: str) -> timedelta | None:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return offset if int(minutes) < 60 and offset <= ONE_DAY else None  # noqa: PLR2004 - minutes of an hour


@proven
def day(text: object) -> date:
    """Read a date, year first."""
    if not isinstance(text, str):
        raise WordError(DAY)
    return _day(text)


@lru_cache  # thousands of agreements begin and end on the same few days
def _day(text: str) -> date:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise WordError(DAY)
    year, month, number = (int(part) for part in found.groups())
    if not 1 <= month <= 12 or not 1 <= number <= 31 or year < 1:  # noqa: PLR2004 - months of a year, days of a month
        raise WordError(DAY)
    meant = date(year, month, min(number, monthrange(year, month)[1])).isoformat()
    if meant != text:
        raise WordError(DAY, suggestion=meant)
    return date.fromisoformat(meant)


@proven
def years(value: object) -> tuple[int, int]:
    """Read `2024-2030`, or one year; both ends are included (D16)."""
    found = (
        _YEARS.fullmatch(str(value).strip()) if isinstance(value, str | int) else None
    )
    if found is None:
        both = re.findall(r"\d{4}", str(value), re.ASCII)
        raise WordError(YEARS, suggestion="-".join(both) if len(both) == 2 else None)  # noqa: PLR2004 - the first and the last
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise WordError(YEARS, suggestion=f"{last}-{first}")
    if first < _EARLIEST or last > _LATEST:
        raise WordError(f"{YEARS}, from {_EARLIEST} to {_LATEST}")
    return first, last


@proven
def organization_id(value: object) -> str:
    """Read the id of an organization: a whole number above 0, with or without quotes (R6)."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    text = str(value).strip() if is_number or isinstance(value, str) else ""
    if _ORGANIZATION.fullmatch(text):
        return text
    numbers = re.findall(r"\d+", text, re.ASCII)
    meant = numbers[0].lstrip("0") if len(numbers) == 1 else None
    raise WordError(ORGANIZATION, suggestion=meant)
