"""Durations as the YAML writes them, with the clock that they are counted on, and what was probably meant."""

import re
from dataclasses import dataclass
from datetime import timedelta

from jsm_sla_bot.config.meant_durations import (
    DAYS,
    HOUR,
    MINUTE,
    UNITS,
    Guess,
    guessed,
)
from jsm_sla_bot.config.word import WordError, proven
from jsm_sla_bot.sla.calendar import ONE_DAY
from jsm_sla_bot.sla.contract import ClockKind

DURATION = "a duration such as '2 h' or '8 business hours'"
COUNTED = "a duration with its clock, such as '8 business hours' or '2 h round the clock'"
LONGER = "a duration such as '14 days' or '12 h'"
IN_HOURS = "; days are written as hours, because the hours of a business day depend on its calendar"

_PART = re.compile(r"(\d{1,5})\s*([a-zA-Z]+)\s*", re.ASCII)
_BUSINESS = re.compile(r"\bbusiness\s+(?=[a-zA-Z]+)")
_ROUND = re.compile(r",?\s+round the clock$")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, with its clock where the words name it."""

    length: timedelta
    clock: ClockKind | None = None


@proven
def span(text: object) -> Span:
    """Read `2 h`, `90 min`, `1 h 30 min`, `8 business hours`, `2 h round the clock`."""
    found = _read(text)
    if found:
        return found
    guess = _meant(text, DURATION)
    raise WordError(DURATION, suggestion=_written(guess.length, guess.clock))


@proven
def counted(text: object) -> Span:
    """Read a duration that has to name its clock: hours alone could mean two things (R1)."""
    found = _read(text)
    if found and found.clock:
        return found
    guess = Guess(found.length) if found else _meant(text, COUNTED)
    if guess.clock:
        raise WordError(
            COUNTED, suggestion=_written(guess.length, guess.clock)
        )
    raise WordError(
        COUNTED,
        suggestion=_written(guess.length, ClockKind.BUSINESS),
        instead=_written(guess.length, ClockKind.ROUND_THE_CLOCK),
    )


def _meant(text: object, expected: str) -> Guess:
    """Return what was probably meant; raises WordError where nobody can tell."""
    guess = guessed(text, HOUR)
    if guess is None:
        raise WordError(expected)
    if guess.is_of_unknown_length:
        raise WordError(expected + IN_HOURS)
    return guess


@proven
def long_span(text: object) -> timedelta:
    """Read a duration that may also count in days, `14 days`."""
    length = _length(_spaced(text), UNITS | DAYS)
    if length:
        return length
    guess = guessed(text, ONE_DAY)
    if guess is None or guess.clock:
        raise WordError(LONGER)
    raise WordError(LONGER, suggestion=_written_long(guess.length))


def _spaced(text: object) -> str:
    """Return a text with one space between its words; nothing for what is no text."""
    return " ".join(text.split()) if isinstance(text, str) else ""


def _read(text: object) -> Span | None:
    words, clock = _clock(_spaced(text))
    length = _length(words, UNITS)
    return Span(length, clock) if length else None


def _clock(words: str) -> tuple[str, ClockKind | None]:
    """Take the clock out of the words of a duration."""
    if _ROUND.search(words):
        return _ROUND.sub("", words), ClockKind.ROUND_THE_CLOCK
    times = words.count("business")
    if times == 1 and _BUSINESS.search(words):
        return _BUSINESS.sub("", words), ClockKind.BUSINESS
    return words, None


def _length(words: str, units: dict[str, timedelta]) -> timedelta | None:
    """Return the sum of the parts; None where there is none, or a part that is no number with a unit."""
    total = timedelta()
    position = 0
    while position < len(words):
        part = _PART.match(words, position)
        unit = units.get(part[2]) if part else None
        if part is None or unit is None:
            return None
        total += int(part[1]) * unit
        position = part.end()
    return total or None


def _written(length: timedelta, clock: ClockKind | None) -> str:
    """Return a duration as `span` reads it."""
    hours, minutes = divmod(length // MINUTE, 60)
    if clock is ClockKind.BUSINESS:
        return _written_business(hours, minutes)
    parts = []
    if hours:
        parts.append(f"{hours} h")
    if minutes:
        parts.append(f"{minutes} min")
    if clock:
        parts.append(clock.value)
    return " ".join(parts)


def _written_business(hours: int, minutes: int) -> str:
    if minutes:
        number, unit = hours * 60 + minutes, "minute"
    else:
        number, unit = hours, "hour"
    return f"{number} business {unit}{'' if number == 1 else 's'}"


def _written_long(length: timedelta) -> str:
    days, rest = divmod(length, ONE_DAY)
    if rest:
        return _written(length, None)
    return f"{days} {'day' if days == 1 else 'days'}"
