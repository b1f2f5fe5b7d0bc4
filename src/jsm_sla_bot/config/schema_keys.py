"""Which keys a JSON Schema knows at a place: what a message offers in the place of an unknown key."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from jsm_sla_bot.config.document import Path

Schema: TypeAlias = Mapping[str, Any]


def known_keys(schema: Schema, path: Path) -> list[str]:
    """Return the keys at that path in alphabetical order; none where the schema has none."""
    places = list(_resolved(schema, [schema]))
    for step in path:
        below = [deeper for place in places for deeper in _below(place, step)]
        places = list(_resolved(schema, below))
    names = {name for place in places for name in place.get("properties", {})}
    return sorted(names)


def _below(place: Schema, step: str | int) -> list[Schema]:
    """Return the schema's part for an entry of a list, or of a key's value."""
    if isinstance(step, int):
        return [place["items"]] if "items" in place else []
    properties = place.get("properties", {})
    if step in properties:
        return [properties[step]]
    any_other = place.get("additionalProperties")
    return [any_other] if isinstance(any_other, dict) else []


def _resolved(schema: Schema, places: Iterable[Schema]) -> Iterator[Schema]:
    """Follow references and alternatives."""
    for place in places:
        if "$ref" in place:
            _, _, name = place["$ref"].rpartition("/")
            yield from _resolved(schema, [schema["$defs"][name]])
        elif "anyOf" in place:
            yield from _resolved(schema, place["anyOf"])
        else:
            yield place
