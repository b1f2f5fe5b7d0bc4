"""Careful hands for JSON of unknown shape: each takes anything and gives one kind of thing or nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = Any
JsonObject: TypeAlias = Mapping[str, Any]
Option: TypeAlias = tuple[str | None, str | None]
"""An option of a select: its id and its text."""

_UNWRITABLE = re.compile("[\ud800-\udfff\x00]")
_LONGEST_NUMBER = 10**40
_LONGEST_ID = 40
_MOST_LEVELS = 2
"""A cascading select has a parent and a child."""


def mapping(value: Json) -> JsonObject:
    """Take an object as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Json) -> Sequence[JsonObject]:
    """Take the objects of a list; anything else has none."""
    return (
        [each for each in value if isinstance(each, dict)]
        if isinstance(value, list)
        else []
    )


def text(value: Json) -> str | None:
    """Take a text that is not blank, or a whole number as text: ids come as either.

    A number that no id can be is nothing.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < _LONGEST_NUMBER else None
    return clean(value).strip() or None if isinstance(value, str) else None


def clean(value: str) -> str:
    """Replace what no journal, log or answer can hold: halves of a character, and the character zero."""
    if value.isascii() and "\0" not in value:
        return value
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def whole(value: Json) -> int | None:
    """Take a whole number that counts something."""
    return (
        value
        if isinstance(value, int)
        and not isinstance(value, bool)
        and value >= 0
        else None
    )


def ordinal(identity: str) -> int:
    """Return an id as a number, to sort by; 0 for one that is none."""
    is_number = identity.isascii() and identity.isdigit()
    return int(identity) if is_number and len(identity) <= _LONGEST_ID else 0


def choice(value: Json) -> Option:
    """Take what a select shows as (id, text); a bare text or number has no id."""
    if isinstance(value, dict):
        shown = (
            text(value.get("value"))
            or text(value.get("name"))
            or text(value.get("displayName"))
        )
        return text(value.get("id")), shown
    return None, text(value)


def choices(value: Json) -> Sequence[Option]:
    """Take what a select, radio buttons or checkboxes show: one or several of `choice`."""
    every = value if isinstance(value, list) else [value]
    return [found for found in map(choice, every) if any(found)]


def levels(value: Json) -> Sequence[Option]:
    """Take what a cascading select shows, the parent first; any other select has one level."""
    found: list[Option] = []
    while value is not None and len(found) < _MOST_LEVELS:
        found.append(choice(value))
        value = mapping(value).get("child")
    return [option for option in found if any(option)]
