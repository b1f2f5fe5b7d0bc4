"""The platform's older version: the same answers, with addresses that name version 2."""

from __future__ import annotations

from jsm_sandbox.state.json_types import Json

ADDRESSES = frozenset({"self", "nextPage"})


def in_version_two(body: Json) -> Json:
    """Give an answer with its addresses as version 2 has them; what is passed in stays as it is."""
    match body:
        case dict():
            return {name: _value(name, value) for name, value in body.items()}
        case list():
            return [in_version_two(each) for each in body]
        case _:
            return body


def _value(name: str, value: Json) -> Json:
    if name in ADDRESSES and isinstance(value, str):
        return value.replace("/rest/api/3/", "/rest/api/2/", 1)
    return in_version_two(value)
