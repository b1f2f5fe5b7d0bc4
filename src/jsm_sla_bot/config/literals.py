"""The small words of the YAML: durations, shares, opening hours, dates.

Each reads what a person writes and, when it can't, says what it expected and what was probably meant.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from jsm_sla_bot.sla.calendar import ONE_DAY, Window
from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.text.nearest import nearest

DURATION = "a duration such as '2 h' or '8 business hours'"
COUNTED = (
    "a duration with its clock, such as '8 business hours' or '2 h round the clock'"
)
LONGER = "a duration such as '14 days' or '12 h'"
SHARE = "a share above 0 and at most 1, such as '75 %' or 0.75"
HOURS = "opening hours such as '09:00-17:00', '00:00-24:00' or '22:00-06:00'"
DAY = "a date such as 2026-12-31"
YEARS = "years such as 2024-2030"

_UNITS = {
    "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "minutes": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "hours": timedelta(hours=1),
}
_DAYS = {"day": ONE_DAY, "days": ONE_DAY}
_SHORT = {"minute": "min", "minutes": "min", "hour": "h", "hours": "h"}
_SPOKEN = (*_UNITS, "business", "round", "the", "clock")
_WORDS = re.compile(r"[a-z]+|\d+", re.ASCII)
_PART = re.compile(r"(\d{1,5})\s*([a-zA-Z]+)\s*", re.ASCII)
_BUSINESS = re.compile(r"\bbusiness\s+(?=[a-zA-Z]+)")
_ROUND = re.compile(r",?\s+round the clock$")
_TIMES = re.compile(r"(\d{1,2})[:.](\d\d)\s*[-\u2013]\s*(\d{1,2})[:.](\d\d)", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?", re.ASCII)
_EARLIEST, _LATEST = 1990, 2199


class WordError(ValueError):
    """A word that says nothing; `expected` and `suggestion` are for the person who wrote it."""

    def __init__(self, expected: str, suggestion: str | None = None) -> None:
        super().__init__(expected)
        self.expected, self.suggestion = expected, suggestion


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, with its clock where the words say it."""

    length: timedelta
    clock: ClockKind | None = None


def span(text: object) -> Span:
    """Read `2 h`, `90 min`, `1 h 30 min`, `8 business hours`, `2 h round the clock`."""
    if not isinstance(text, str):
        raise WordError(DURATION, _with_unit(text, "h"))
    words, clock = _clock(" ".join(text.split()))
    length = _length(words, _UNITS)
    if length is None:
        raise WordError(DURATION, _meant(text))
    return Span(length, clock)


def counted(text: object) -> Span:
    """Read a duration that has to say its clock: hours alone could mean two things (R1)."""
    if not isinstance(text, str):
        raise WordError(COUNTED, _with_unit(text, "business hours"))
    found = span(text)
    if found.clock is None:
        raise WordError(COUNTED, f"{text.strip()} round the clock")
    return found


def long_span(text: object) -> timedelta:
    """Read a duration that may also count in days, `14 days`."""
    length = (
        _length(" ".join(text.split()), _UNITS | _DAYS)
        if isinstance(text, str)
        else None
    )
    if length is None:
        raise WordError(LONGER, _with_unit(text, "days"))
    return length


def _clock(words: str) -> tuple[str, ClockKind | None]:
    if _ROUND.search(words):
        return _ROUND.sub("", words), ClockKind.ROUND_THE_CLOCK
    if len(_BUSINESS.findall(words)) == 1 and words.count("business") == 1:
        return _BUSINESS.sub("", words), ClockKind.BUSINESS
    return words, None


def _length(words: str, units: dict[str, timedelta]) -> timedelta | None:
    total, position = timedelta(), 0
    while position < len(words):
        part = _PART.match(words, position)
        if part is None or part[2] not in units:
            return None
        total += int(part[1]) * units[part[2]]
        position = part.end()
    return total or None


def _meant(text: str) -> str | None:
    """Put the words right, keep the numbers: `2 hrs` is `2 h`."""
    words: list[str] = []
    for word in _WORDS.findall(text.lower()):
        right = word if word.isdigit() else nearest(word, _SPOKEN)
        if right is None:
            return None
        words.append(right if words[-1:] == ["business"] else _SHORT.get(right, right))
    meant = " ".join(words)
    return meant if _length(_clock(meant)[0], _UNITS) else None


def _with_unit(value: object, unit: str) -> str | None:
    plain = isinstance(value, int) and not isinstance(value, bool)
    return f"{value} {unit}" if plain else None


def share(value: object) -> float:
    """Read `75 %` or `0.75`: above 0, at most 1 (R10)."""
    if isinstance(value, str) and re.fullmatch(
        r"\d{1,3}(\.\d{1,3})?\s*%", value.strip(), re.ASCII
    ):
        part = float(value.strip().rstrip("% ")) / 100
    elif isinstance(value, int | float) and not isinstance(value, bool):
        part = float(value)
    else:
        raise WordError(SHARE)
    if not 0 < part <= 1:
        is_percent = isinstance(value, int) and 1 < value <= 100  # noqa: PLR2004
        raise WordError(SHARE, f"{value} %" if is_percent else None)
    return part


def window(text: object) -> Window:
    """Read opening hours; those that close before they open end on the next day."""
    times = _TIMES.fullmatch(text.strip()) if isinstance(text, str) else None
    if times is None:
        raise WordError(HOURS)
    opens, closes = _offset(times[1], times[2]), _offset(times[3], times[4])
    as_written = f"{times[1]:0>2}:{times[2]}-{times[3]:0>2}:{times[4]}"
    if opens is None or closes is None or opens == ONE_DAY:
        raise WordError(HOURS)
    if opens == closes:
        raise WordError(HOURS, "00:00-24:00")
    if text != as_written:
        raise WordError(HOURS, as_written)
    return Window(opens, closes if closes > opens else closes + ONE_DAY)


def _offset(hours: str, minutes: str) -> timedelta | None:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return offset if int(minutes) < 60 and offset <= ONE_DAY else None  # noqa: PLR2004 - minutes of an hour


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
        raise WordError(DAY, meant)
    return date.fromisoformat(meant)


def years(value: object) -> tuple[int, int]:
    """Read `2024-2030`, or one year; both ends are included (D16)."""
    found = (
        _YEARS.fullmatch(str(value).strip()) if isinstance(value, str | int) else None
    )
    if found is None:
        raise WordError(YEARS)
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise WordError(YEARS, f"{last}-{first}")
    if first < _EARLIEST or last > _LATEST:
        raise WordError(f"{YEARS}, from {_EARLIEST} to {_LATEST}")
    return first, last
