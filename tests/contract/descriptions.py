"""Atlassian's own API descriptions, read from beside the checkout, as validators that are ready to use."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator

from tests.contract.overlay import correct
from tests.contract.quick import quick

FOLDER = Path(__file__).parents[3] / "shared" / "openapi"
FILES = ("jira-platform-v3.json", "jsm-cloud.json")
REF = "#/components/schemas/"
WRITTEN = quick(OAS30WriteValidator)
READ = quick(OAS30ReadValidator)


@dataclass(frozen=True)
class Operation:
    """One described operation: what it takes and what it answers, references resolved."""

    method: str
    path: str
    described: dict[str, Any]
    schemas: dict[str, Any]

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Return the names of the parameters of the query."""
        return frozenset(
            each["name"]
            for each in self.described.get("parameters", ())
            if each["in"] == "query"
        )

    @cached_property
    def request(self) -> Any:
        """Return the validator of what is sent, or nothing where no body is described."""
        schema = _json(self.described.get("requestBody", {}))
        return (
            None if schema is None else WRITTEN(inlined(schema, self.schemas))
        )

    @cached_property
    def answers(self) -> dict[int, Any]:
        """Return a validator for each described status; nothing where its body is not described."""
        told = {
            int(status): _json(answer)
            for status, answer in self.described["responses"].items()
        }
        return {
            status: None
            if schema is None
            else READ(inlined(schema, self.schemas))
            for status, schema in told.items()
        }


class Descriptions:
    """All described operations, found by method and path."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._found: dict[tuple[str, str], Operation | None] = {}
        self._patterns = [
            (
                re.compile(re.sub(r"\{\w+\}", "[^/]+", operation.path)),
                operation,
            )
            for name in FILES
            for operation in _operations(
                json.loads((folder / name).read_text("utf-8"))
            )
        ]
        self._patterns.sort(
            key=lambda each: each[1].path.count("{")
        )  # `/issue/bulkfetch` is no issue's key

    @property
    def operations(self) -> list[Operation]:
        """Return every described operation."""
        return [each for _, each in self._patterns]

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation of a call, or nothing where none is described."""
        key = (method, path)
        if key not in self._found:
            self._found[key] = next(
                (
                    each
                    for pattern, each in self._patterns
                    if each.method == method and pattern.fullmatch(path)
                ),
                None,
            )
        return self._found[key]


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    schemas = correct(document["components"]["schemas"])
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if method in ("get", "post", "put", "delete"):
                yield Operation(method.upper(), path, described, schemas)


def _json(described: dict[str, Any]) -> Any:
    return (
        described.get("content", {}).get("application/json", {}).get("schema")
    )


def inlined(
    schema: Any, schemas: dict[str, Any], inside: tuple[str, ...] = ()
) -> Any:
    """Return a schema with its references resolved; where one leads back into itself, anything goes."""
    if isinstance(schema, list):
        return [inlined(each, schemas, inside) for each in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).removeprefix(REF)
    if name:
        return (
            {}
            if name in inside
            else inlined(schemas[name], schemas, (*inside, name))
        )
    return {
        key: inlined(value, schemas, inside) for key, value in schema.items()
    }
