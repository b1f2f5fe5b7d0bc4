"""Settings that are numbers, words or durations: how their texts are read, and what is expected."""

import re
from datetime import date, timedelta

from jsm_sla_bot.settings.given import Given

LONGEST_SHOWN = 16
"""A longer text is no slip of the pen, and may be a secret that went astray."""

_SLIP = re.compile(r"-?[\d.:]+ ?[A-Za-z]{0,9}|[A-Za-z]{1,9}", re.ASCII)
"""A number with its unit, or a word: what people write by mistake. Anything else may be a password."""

EXPECTED = {
    "poll_interval": "a duration from 1 s to 24 h, such as 30, 30s or '2 min'",
    "log_format": "console or json",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "health_port": "a port from 0 (any free one) to 65535",
    "health_address": "an IP address of this machine, such as 127.0.0.1 (left out: all of them)",
    "workers": "a number from 1 to 64",
    "first_contact": "allow or ask",
    "token_expires": "a date such as 2027-03-01",
}

_UNITS = {
    "": 1,
    "s": 1,
    "sec": 1,
    "seconds": 1,
    "min": 60,
    "minutes": 60,
    "h": 3600,
    "hours": 3600,
}
_INTERVAL = re.compile(r"(\d{1,6})\s*([a-z]*)", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


def interval(value: object) -> object:
    """Read `30`, `30s` or `2 min`; raises ValueError for another text."""
    if not isinstance(value, str):
        return value
    found = _INTERVAL.fullmatch(value.lower())
    if found is None or found[2] not in _UNITS:
        raise ValueError("not a duration")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def day(value: object) -> object:
    """Read a date, `2027-03-01`; raises ValueError for another text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def number(value: object) -> object:
    """Read a whole number in plain digits; raises ValueError for another text."""
    if not isinstance(value, str):
        return value
    if not _NUMBER.fullmatch(value):
        raise ValueError("not a number")
    return int(value)


def upper(value: object) -> object:
    """Return a text in capital letters."""
    return value.upper() if isinstance(value, str) else value


def problem(found: Given, name: str) -> str:
    """Return a sentence with what a setting is and what was expected; what may be a secret is not shown."""
    is_now = _shown(found.texts[name])
    return f"{found.variable(name)} is {is_now}: expected {EXPECTED[name]}"


def _shown(text: str) -> str:
    if len(text) > LONGEST_SHOWN:
        return "too long"
    if not _SLIP.fullmatch(text):
        return "something else"
    return repr(text)
