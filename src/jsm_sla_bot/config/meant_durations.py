"""What a duration that can't be read was probably meant to be: misspelled words, ISO 8601, a bare number."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from jsm_sla_bot.sla.calendar import ONE_DAY
from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.text.nearest import nearest

_SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
UNITS = {
    "min": MINUTE,
    "minute": MINUTE,
    "minutes": MINUTE,
    "h": HOUR,
    "hour": HOUR,
    "hours": HOUR,
}
DAYS = {"day": ONE_DAY, "days": ONE_DAY}
"""The units that are read, whatever else may have been meant."""

_MEANT_UNITS = (
    UNITS
    | DAYS
    | {
        "s": _SECOND,
        "second": _SECOND,
        "seconds": _SECOND,
        "m": MINUTE,
        "mins": MINUTE,
        "hr": HOUR,
        "hrs": HOUR,
        "d": ONE_DAY,
        "w": 7 * ONE_DAY,
        "week": 7 * ONE_DAY,
        "weeks": 7 * ONE_DAY,
    }
)
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
_LIKELY = tuple(word for word in _KNOWN if len(word) > 1)
"""What a misspelled word may have been: every short word is near to a letter."""
_TOKEN = re.compile(r"24\s*[x/]\s*7|\d+(?:[.,]\d+)?|[a-z]+", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_ISO = re.compile(
    rf"p((?:{_NUMBER.pattern}w)?(?:{_NUMBER.pattern}d)?)(?:t((?:{_NUMBER.pattern}h)?(?:{_NUMBER.pattern}m)?(?:{_NUMBER.pattern}s)?))?(.*)",
    re.ASCII,
)
"""ISO 8601, without months and years, which are of no fixed length; behind it words for the clock."""
_ALWAYS = re.compile(r"24\s*[x/]\s*7", re.ASCII)
_LONGEST_TEXT = 60
_MOST = timedelta(days=100_000)


@dataclass(frozen=True, slots=True)
class Guess:
    """What was probably meant. `in_days`: it was written in days or weeks."""

    length: timedelta
    clock: ClockKind | None = None
    in_days: bool = False

    @property
    def is_of_unknown_length(self) -> bool:
        """Tell whether its hours depend on a calendar."""
        return self.in_days and self.clock is not ClockKind.ROUND_THE_CLOCK


def guessed(value: object, unit: timedelta) -> Guess | None:
    """Guess a duration from a bare number in that unit, from ISO 8601, or from misspelled words."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = " ".join(str(value).lower().split())
    if len(text) > _LONGEST_TEXT:
        return None
    if _NUMBER.fullmatch(text):
        return _sized(_number(text) * _minutes(unit))
    iso = _ISO.fullmatch(text)
    if iso and (iso[1] or iso[2]):
        return _guess_words(" ".join(iso.groups(default="")))
    return _guess_words(text)


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

    def guess(self) -> Guess | None:
        """Return the duration; None where a number has no unit, or two clocks are named."""
        if self.number is not None or len(self.clocks) > 1:
            return None
        clock = next(iter(self.clocks), None)
        return _sized(self.size, clock, in_days=self.in_days)


def _guess_words(text: str) -> Guess | None:
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
    return nearest(token, _LIKELY)


def _sized(
    minutes: Fraction,
    clock: ClockKind | None = None,
    *,
    in_days: bool = False,
) -> Guess | None:
    """Make a guess of whole minutes; None for nothing, for parts of minutes and for what is far too long."""
    if not 0 < minutes <= _minutes(_MOST):
        return None
    if minutes.denominator != 1:
        return None
    length = int(minutes) * MINUTE
    return Guess(length, clock, in_days)


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _minutes(length: timedelta) -> Fraction:
    return Fraction(length // _SECOND, 60)
