"""Durations as the YAML writes them, with the clock that they are counted on, and what was probably meant."""

import re
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from jsm_sla_bot.config.word import WordError, proven
from jsm_sla_bot.sla.calendar import ONE_DAY
from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.text.nearest import nearest

DURATION = "a duration such as '2 h' or '8 business hours'"
COUNTED = (
    "a duration with its clock, such as '8 business hours' or '2 h round the clock'"
)
LONGER = "a duration such as '14 days' or '12 h'"
IN_HOURS = "; days are written as hours, because a business day has as many as its calendar says"

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_UNITS = {
    "min": _MINUTE,
    "minute": _MINUTE,
    "minutes": _MINUTE,
    "h": _HOUR,
    "hour": _HOUR,
    "hours": _HOUR,
}
_DAYS = {"day": ONE_DAY, "days": ONE_DAY}
_PART = re.compile(r"(\d{1,5})\s*([a-zA-Z]+)\s*", re.ASCII)
_BUSINESS = re.compile(r"\bbusiness\s+(?=[a-zA-Z]+)")
_ROUND = re.compile(r",?\s+round the clock$")

_MEANT_UNITS = _UNITS | {
    "mins": _MINUTE,
    "hr": _HOUR,
    "hrs": _HOUR,
    "d": ONE_DAY,
    "day": ONE_DAY,
    "days": ONE_DAY,
    "w": 7 * ONE_DAY,
    "week": 7 * ONE_DAY,
    "weeks": 7 * ONE_DAY,
}
_MEANT_CLOCKS = {
    "business": ClockKind.BUSINESS,
    "working": ClockKind.BUSINESS,
    "office": ClockKind.BUSINESS,
    "round": ClockKind.ROUND_THE_CLOCK,
    "around": ClockKind.ROUND_THE_CLOCK,
    "clock": ClockKind.ROUND_THE_CLOCK,
    "24/7": ClockKind.ROUND_THE_CLOCK,
}
_FILLING = frozenset({"the", "and"})
_KNOWN = (*_MEANT_UNITS, *_MEANT_CLOCKS, *_FILLING)
_TOKEN = re.compile(r"24\s*[x/]\s*7|\d+(?:[.,]\d+)?|[a-z]+", re.ASCII)
_ISO = re.compile(r"p(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?)?", re.ASCII)
_LONGEST_TEXT = 60
_MOST = timedelta(days=100_000)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, with its clock where the words say it."""

    length: timedelta
    clock: ClockKind | None = None


@dataclass(frozen=True, slots=True)
class _Guess:
    """What was probably meant. `in_days`: it was written in days or weeks."""

    length: timedelta
    clock: ClockKind | None = None
    in_days: bool = False


@proven
def span(text: object) -> Span:
    """Read `2 h`, `90 min`, `1 h 30 min`, `8 business hours`, `2 h round the clock`."""
    found = _read(text)
    if found:
        return found
    guess = _guess(text, _HOUR)
    if guess and guess.in_days:
        raise WordError(DURATION + IN_HOURS)
    raise WordError(
        DURATION, suggestion=_written(guess, guess.clock) if guess else None
    )


@proven
def counted(text: object) -> Span:
    """Read a duration that has to say its clock: hours alone could mean two things (R1)."""
    found = _read(text)
    if found and found.clock:
        return found
    guess = _Guess(found.length) if found else _guess(text, _HOUR)
    if guess is None:
        raise WordError(COUNTED)
    if guess.in_days:
        raise WordError(COUNTED + IN_HOURS)
    if guess.clock:
        raise WordError(COUNTED, suggestion=_written(guess, guess.clock))
    business = _written(guess, ClockKind.BUSINESS)
    raise WordError(
        COUNTED,
        suggestion=business,
        instead=_written(guess, ClockKind.ROUND_THE_CLOCK),
    )


@proven
def long_span(text: object) -> timedelta:
    """Read a duration that may also count in days, `14 days`."""
    words = " ".join(text.split()) if isinstance(text, str) else ""
    length = _length(words, _UNITS | _DAYS)
    if length:
        return length
    guess = _guess(text, ONE_DAY)
    if guess is None or guess.clock:
        raise WordError(LONGER)
    raise WordError(LONGER, suggestion=_written_long(guess.length))


def _read(text: object) -> Span | None:
    if not isinstance(text, str):
        return None
    words, clock = _clock(" ".join(text.split()))
    length = _length(words, _UNITS)
    return Span(length, clock) if length else None


def _clock(words: str) -> tuple[str, ClockKind | None]:
    if _ROUND.search(words):
        return _ROUND.sub("", words), ClockKind.ROUND_THE_CLOCK
    if len(_BUSINESS.findall(words)) == 1 and words.count("business") == 1:
        return _BUSINESS.sub("", words), ClockKind.BUSINESS
    return words, None


def _length(words: str, units: dict[str, timedelta]) -> timedelta | None:
    total = timedelta()
    position = 0
    while position < len(words):
        part = _PART.match(words, position)
        if part is None or part[2] not in units:
            return None
        total += int(part[1]) * units[part[2]]
        position = part.end()
    return total or None


def _guess(value: object, unit: timedelta) -> _Guess | None:
    """Guess a duration from a bare number in that unit, from ISO 8601, or from misspelled words."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = " ".join(str(value).lower().split())
    if len(text) > _LONGEST_TEXT:
        return None
    if re.fullmatch(r"\d+(?:[.,]\d+)?", text, re.ASCII):
        return _sized(_number(text) * _minutes(unit))
    iso = _ISO.fullmatch(text)
    if iso:
        days, hours, minutes = (int(part or 0) for part in iso.groups())
        size = Fraction((days * 24 + hours) * 60 + minutes)
        return _sized(size, in_days=bool(days))
    return _guess_words(text)


def _guess_words(text: str) -> _Guess | None:
    size = Fraction(0)
    number: Fraction | None = None
    clocks: set[ClockKind] = set()
    in_days = False
    for token in _TOKEN.findall(text):
        word = _meant_word(token)
        if word is None:
            return None
        if word in _MEANT_CLOCKS:
            clocks.add(_MEANT_CLOCKS[word])
        elif word in _MEANT_UNITS:
            if number is None and not size:
                return None
            size += (number or 0) * _minutes(_MEANT_UNITS[word])
            in_days = in_days or _MEANT_UNITS[word] >= ONE_DAY
            number = None
        elif word not in _FILLING:
            if number is not None:
                return None
            number = _number(word)
    if number is not None or len(clocks) > 1:
        return None
    return _sized(size, next(iter(clocks), None), in_days=in_days)


def _meant_word(token: str) -> str | None:
    """Return the known word nearest to a token; a number stays what it is."""
    if re.fullmatch(r"24\s*[x/]\s*7", token):
        return "24/7"
    if token[0].isdigit():
        return token
    return token if token in _KNOWN else nearest(token, _KNOWN)


def _sized(
    minutes: Fraction, clock: ClockKind | None = None, *, in_days: bool = False
) -> _Guess | None:
    """Make a guess of whole minutes; None for nothing, for parts of minutes and for what is far too long."""
    if minutes <= 0 or minutes.denominator != 1 or minutes > _minutes(_MOST):
        return None
    return _Guess(timedelta(minutes=int(minutes)), clock, in_days)


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _minutes(length: timedelta) -> Fraction:
    return Fraction(length // _MINUTE)


def _written(guess: _Guess, clock: ClockKind | None) -> str:
    """Return a duration as `span` reads it."""
    hours, minutes = divmod(guess.length // _MINUTE, 60)
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
        return f"{hours * 60 + minutes} business minutes"
    return f"{hours} business {'hour' if hours == 1 else 'hours'}"


def _written_long(length: timedelta) -> str:
    days, rest = divmod(length, ONE_DAY)
    if rest:
        return _written(_Guess(length), None)
    return f"{days} {'day' if days == 1 else 'days'}"
