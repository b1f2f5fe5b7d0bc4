"""A short name for what a configuration means: comments, order of keys and spelling don't change it."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta, tzinfo
from hashlib import sha256

from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import Policy

LENGTH = 12
_WHERE = frozenset({"hash", "source", "sources"})
"""Where a value was read is no part of what it means."""


def of_policy(policy: Policy, site: Desk) -> str:
    """Return the hash of all that decides what is owed and where it is told: the contract, and how a desk is read."""
    return of(
        [
            policy,
            [calendar.spec for _, calendar in sorted(policy.calendars.items())],
            site,
        ]
    )


def of(*meaning: object) -> str:
    """Return the hash of values."""
    text = json.dumps(_plain(meaning), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:LENGTH]


def _plain(value: object) -> object:
    plain = value
    match value:
        case BusinessCalendar():
            plain = value.name
        case Mapping():
            plain = {str(key): _plain(entry) for key, entry in value.items()}
        case list() | tuple():
            plain = [_plain(entry) for entry in value]
        case frozenset():
            plain = sorted(str(entry) for entry in value)
        case timedelta():
            plain = value.total_seconds()
        case date() | tzinfo():
            plain = str(value)
        case _ if is_dataclass(value):
            names = [field.name for field in fields(value) if field.name not in _WHERE]
            plain = {name: _plain(getattr(value, name)) for name in names}
        case _:
            pass
    return plain
