"""Settings that are numbers, words or durations: how each is read, and what is expected."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from ipaddress import ip_address

from jsm_sla_bot.settings.given import Given

LONGEST_SHOWN = 16
"""A longer text is no slip of the pen, and may be a secret that went astray."""

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
_SHORTEST = timedelta(seconds=1)
_LONGEST = timedelta(hours=24)


def _interval(text: str) -> timedelta | None:
    found = _INTERVAL.fullmatch(text.lower())
    if found is None or found[2] not in _UNITS:
        return None
    meant = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    return meant if _SHORTEST <= meant <= _LONGEST else None


def _number(least: int, most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        if not _NUMBER.fullmatch(text):
            return None
        return int(text) if least <= int(text) <= most else None

    return read


def _one_of(*words: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        return text if text in words else None

    return read


def _level(text: str) -> str | None:
    return _one_of("DEBUG", "INFO", "WARNING", "ERROR")(text.upper())


def _address(text: str) -> str | None:
    if text == "localhost":
        return text
    try:
        return str(ip_address(text))
    except ValueError:
        return None


READERS: Mapping[str, Callable[[str], object]] = {
    "poll_interval": _interval,
    "log_format": _one_of("console", "json"),
    "log_level": _level,
    "health_port": _number(0, 65535),
    "health_address": _address,
    "workers": _number(1, 64),
    "first_contact": _one_of("allow", "ask"),
}
"""Each returns None for what it can't read."""

EXPECTED = {
    "poll_interval": "a duration from 1 s to 24 h, such as 30, 30s or '2 min'",
    "log_format": "console or json",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "health_port": "a port from 0 (any free one) to 65535",
    "health_address": "an IP address of this machine, such as 127.0.0.1 (left out: all of them)",
    "workers": "a number from 1 to 64",
    "first_contact": "allow or ask",
}


def problems(found: Given) -> Iterator[str]:
    """Yield what can't be read."""
    for name, read in READERS.items():
        text = found.texts.get(name)
        if text is not None and read(text) is None:
            yield f"{found.variable(name)} is {_shown(text)}: expected {EXPECTED[name]}"


def _shown(text: str) -> str:
    return repr(text) if len(text) <= LONGEST_SHOWN else "too long"
