"""Careful hands for JSON of unknown shape: each takes anything and gives one kind of thing or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = Any
JsonObject: TypeAlias = Mapping[str, Any]


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
    """Take a text that is not blank, or a whole number as text: ids come as either."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def whole(value: Json) -> int | None:
    """Take a whole number that counts something."""
    return (
        value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0
        else None
    )


def choice(value: Json) -> tuple[str | None, str | None]:
    """Take what a select shows as (id, text); a bare text or number has no id."""
    if isinstance(value, dict):
        shown = (
            text(value.get("value"))
            or text(value.get("name"))
            or text(value.get("displayName"))
        )
        return text(value.get("id")), shown
    return None, text(value)


def choices(value: Json) -> Sequence[tuple[str | None, str | None]]:
    """Take what a select, radio buttons or checkboxes show: one or several of `choice`."""
    every = value if isinstance(value, list) else [value]
    return [found for found in map(choice, every) if any(found)]
