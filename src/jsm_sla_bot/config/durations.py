"""Durations as the YAML writes them, with the clock that they are counted on, and what was probably meant."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from jsm_sla_bot.config.word import WordError, proven
from jsm_sla_bot.sla.calendar import ONE_DAY
from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.text.nearest import nearest

DURATION = "a duration such as '2 h' or '8 business hours'"
COUNTED = "a duration with its clock, such as '8 business hours' or '2 h round the clock'"
LONGER = "a duration such as '14 days' or '12 h'"
IN_HOURS = "; days are written as hours, because the hours of a business day depend on its calendar"

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
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_ALWAYS = re.compile(r"24\s*[x/]\s*7", re.ASCII)
_LONGEST_TEXT = 60
_MOST = timedelta(days=100_000)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, with its clock where the words name it."""

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
    if guess is None:
        raise WordError(DURATION)
    if guess.in_days:
        raise WordError(DURATION + IN_HOURS)
    raise WordError(DURATION, suggestion=_written(guess.length, guess.clock))


@proven
def counted(text: object) -> Span:
    """Read a duration that has to name its clock: hours alone could mean two things (R1)."""
    found = _read(text)
    if found and found.clock:
        return found
    guess = _Guess(found.length) if found else _guess(text, _HOUR)
    if guess is None:
        raise WordError(COUNTED)
    if guess.in_days:
        raise WordError(COUNTED + IN_HOURS)
    if guess.clock:
        raise WordError(
            COUNTED, suggestion=_written(guess.length, guess.clock)
        )
    raise WordError(
        COUNTED,
        suggestion=_written(guess.length, ClockKind.BUSINESS),
        instead=_written(guess.length, ClockKind.ROUND_THE_CLOCK),
    )


@proven
def long_span(text: object) -> timedelta:
    """Read a duration that may also count in days, `14 days`."""
    length = _length(_spaced(text), _UNITS | _DAYS)
    if length:
        return length
    guess = _guess(text, ONE_DAY)
    if guess is None or guess.clock:
        raise WordError(LONGER)
    raise WordError(LONGER, suggestion=_written_long(guess.length))


def _spaced(text: object) -> str:
    """Return a text with one space between its words; nothing for what is no text."""
    return " ".join(text.split()) if isinstance(text, str) else ""


def _read(text: object) -> Span | None:
    words, clock = _clock(_spaced(text))
    length = _length(words, _UNITS)
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


def _guess(value: object, unit: timedelta) -> _Guess | None:
    """Guess a duration from a bare number in that unit, from ISO 8601, or from misspelled words."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = _spaced(str(value).lower())
    if len(text) > _LONGEST_TEXT:
        return None
    if _NUMBER.fullmatch(text):
        return _sized(_number(text) * _minutes(unit))
    iso = _ISO.fullmatch(text)
    if iso:
        return _guess_iso(*iso.groups(default="0"))
    return _guess_words(text)


def _guess_iso(days: str, hours: str, minutes: str) -> _Guess | None:
    length = timedelta(days=int(days), hours=int(hours), minutes=int(minutes))
    return _sized(_minutes(length), in_days=int(days) > 0)


@dataclass(slots=True)
class _Sum:
    """What the words of a text add up to so far."""

    size: Fraction = Fraction(0)
    number: Fraction | None = None
    """A number that still waits for its unit."""
    clocks: set[ClockKind] = field(default_factory=set)
    in_days: bool = False

    def take(self, word: str) -> bool:
        """Take the next word in; return whether it makes sense there."""
        if word in _MEANT_CLOCKS:
            self.clocks.add(_MEANT_CLOCKS[word])
            return True
        if word in _MEANT_UNITS:
            return self._take_unit(_MEANT_UNITS[word])
        if word in _FILLING:
            return True
        return self._take_number(word)

    def _take_unit(self, unit: timedelta) -> bool:
        if self.number is None and not self.size:
            return False
        self.size += (self.number or 0) * _minutes(unit)
        self.in_days = self.in_days or unit >= ONE_DAY
        self.number = None
        return True

    def _take_number(self, word: str) -> bool:
        if self.number is not None:
            return False
        self.number = _number(word)
        return True

    def guess(self) -> _Guess | None:
        """Return the duration; None where a number has no unit, or two clocks are named."""
        if self.number is not None or len(self.clocks) > 1:
            return None
        clock = next(iter(self.clocks), None)
        return _sized(self.size, clock, in_days=self.in_days)


def _guess_words(text: str) -> _Guess | None:
    total = _Sum()
    for token in _TOKEN.findall(text):
        word = _meant_word(token)
        if word is None or not total.take(word):
            return None
    return total.guess()


def _meant_word(token: str) -> str | None:
    """Return the known word nearest to a token; a number stays what it is."""
    if _ALWAYS.fullmatch(token):
        return "24/7"
    if token[0].isdigit() or token in _KNOWN:
        return token
    return nearest(token, _KNOWN)


def _sized(
    minutes: Fraction,
    clock: ClockKind | None = None,
    *,
    in_days: bool = False,
) -> _Guess | None:
    """Make a guess of whole minutes; None for nothing, for parts of minutes and for what is far too long."""
    if not 0 < minutes <= _minutes(_MOST):
        return None
    if minutes.denominator != 1:
        return None
    length = int(minutes) * _MINUTE
    return _Guess(length, clock, in_days)


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _minutes(length: timedelta) -> Fraction:
    return Fraction(length // _MINUTE)


def _written(length: timedelta, clock: ClockKind | None) -> str:
    """Return a duration as `span` reads it."""
    hours, minutes = divmod(length // _MINUTE, 60)
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
        return _written(length, None)
    return f"{days} {'day' if days == 1 else 'days'}"
