"""A short name for what a configuration means: comments, order of keys and spelling don't change it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date, time, timedelta, tzinfo
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring_ascii
from types import NoneType
from typing import Any, ClassVar, Protocol

from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.calendar import BusinessCalendar, DayException
from jsm_sla_bot.sla.contract import Policy, Terms

LENGTH = 12
_WHERE = frozenset({"hash", "source", "sources", "product_names"})
"""Where a value was read, and how people spell it, is no part of what it means."""
_LATER = frozenset(
    {
        *("periods", "csm", "representatives", "pausing", "notes"),
        *("dormancy", "waiting", "eta_field", "close_to", "reopen_to"),
        "why_label",
        "reviews",
        "repeat",
        "quiet",
        "digest",
        "flag_other_reporters",
        *("severity_definitions", "tell_severity_changes"),
    }
)
"""Parts that came later: empty they mean what their absence meant, and the hash stays what it was."""
_json = json.JSONEncoder(separators=(",", ":")).encode


def _dated(day: date) -> str:
    return encode_basestring_ascii(str(day))


def _nothing(_: None) -> str:
    return "null"


_SIMPLE: Mapping[type, Callable[[Any], str]] = {
    str: encode_basestring_ascii,
    int: _json,
    float: _json,
    bool: {True: "true", False: "false"}.__getitem__,
    NoneType: _nothing,
    date: _dated,
}
"""How the values are written that stand there tens of thousands of times."""


def of_policy(policy: Policy, site: Desk) -> str:
    """Return the hash of all that decides what is owed and where it is shown: the contract and the site's names."""
    return of(
        [
            policy,
            [
                calendar.spec
                for _, calendar in sorted(policy.calendars.items())
            ],
            site,
        ]
    )


def of(*meaning: object) -> str:
    """Return the hash of values."""
    text = _Writing().text(meaning)
    return sha256(text.encode()).hexdigest()[:LENGTH]


class _Made(Protocol):
    """A value of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class _Writing:
    """Values as JSON with sorted keys. Terms that many organizations share are written once."""

    def __init__(self) -> None:
        self._written: dict[tuple[int, ...], str] = {}
        self._names: dict[type, tuple[str, ...]] = {}

    def text(self, value: object) -> str:
        simple = _SIMPLE.get(value.__class__)
        if simple is not None:
            return simple(value)
        match value:
            case BusinessCalendar(name=name):
                text = _json(name)
            case list() | tuple():
                text = f"[{','.join(map(self.text, value))}]"
            case Terms():
                text = self._shared(value)
            case DayException():
                text = _day_off(value)
            case _ if is_dataclass(value) and not isinstance(value, type):
                text = self.parts(value)
            case Mapping():
                entries = [(str(key), one) for key, one in value.items()]
                text = self._keyed(sorted(entries, key=_key))
            case _:
                text = _json(_plain(value))
        return text

    def _meant(self, value: _Made) -> tuple[str, ...]:
        kind = type(value)
        if kind not in self._names:
            names = {field.name for field in fields(value)} - _WHERE
            self._names[kind] = tuple(sorted(names))
        return self._names[kind]

    def _keyed(self, entries: Iterable[tuple[str, object]]) -> str:
        written = (
            f"{encode_basestring_ascii(key)}:{self.text(entry)}"
            for key, entry in entries
        )
        return f"{{{','.join(written)}}}"

    def _shared(self, terms: Terms) -> str:
        """Write terms. Those that are made of the very same parts as others are written like them.

        The parts live as long as this writing does, so that none gets another's identity.
        """
        same = tuple(id(getattr(terms, name)) for name in self._meant(terms))
        if same not in self._written:
            self._written[same] = self.parts(terms)
        return self._written[same]

    def parts(self, value: _Made) -> str:
        parts = ((name, getattr(value, name)) for name in self._meant(value))
        return self._keyed(
            (name, part) for name, part in parts if part or name not in _LATER
        )


@lru_cache(
    maxsize=1024
)  # most days are one of a few holidays, year after year
def _day_off(day: DayException) -> str:
    return _Writing().parts(day)


def _plain(value: object) -> object:
    match value:
        case frozenset():
            return sorted(map(str, value))
        case timedelta():
            return value.total_seconds()
        case date() | time() | tzinfo():
            return str(value)
        case _:
            return value


def _key(entry: tuple[str, object]) -> str:
    return entry[0]
