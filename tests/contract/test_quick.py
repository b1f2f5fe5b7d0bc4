"""The validator that prepares its schema once finds what the library's own finds."""

import json
from typing import Any

import pytest
from openapi_schema_validator import OAS30ReadValidator

from tests.contract.quick import quick

QUICK = quick(OAS30ReadValidator)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "rank": {"type": "integer", "nullable": True},
        "rows": {
            "type": "array",
            "items": {
                "allOf": [
                    {"type": "object", "required": ["key"]},
                    {"properties": {"key": {"type": "string"}}},
                ]
            },
        },
        "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "free": {"type": "object", "additionalProperties": True},
    },
}


def errors(kind: Any, value: object) -> list[tuple[str, str, str]]:
    """Return where the errors are, what they say, and which part of the schema says so."""
    return [
        (each.json_path, each.message, json.dumps(list(each.schema_path)))
        for each in kind(SCHEMA).iter_errors(value)
    ]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"id": "1"},
        {"id": 1, "rank": None},
        {"id": "1", "rank": "first", "more": 1},
        {"id": "1", "rows": [{"key": "A"}, {"key": 2}, {}, 3, None]},
        {"id": "1", "either": 1.5, "free": {"a": [1]}},
        {"id": "1", "either": 1, "free": []},
    ],
)
def test_it_finds_the_same_errors(value: object) -> None:
    """Each error has the same place, the same words and the same rule, also when it is looked for again."""
    expected = errors(OAS30ReadValidator, value)
    assert errors(QUICK, value) == expected
    assert errors(QUICK, value) == expected
