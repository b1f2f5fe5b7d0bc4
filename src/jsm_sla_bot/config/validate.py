"""A document against its shape: pydantic's findings as problems that people can act on."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from jsm_sla_bot.config.advice import shown, wrong_value
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.kinds import with_further
from jsm_sla_bot.config.problem import UNKNOWN_KEY, Problem
from jsm_sla_bot.config.schema_keys import Schema, known_keys
from jsm_sla_bot.text.nearest import nearest

M = TypeVar("M", bound=BaseModel)


def checked(
    document: Document, shape: type[M]
) -> tuple[M | None, list[Problem]]:
    """Return the shape filled in, or every problem of the document."""
    try:
        return shape.model_validate(document.value), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, list(
            _problems(document, details, shape.model_json_schema())
        )


def _problems(
    document: Document,
    details: Iterable[ErrorDetails],
    schema: Schema,
) -> Iterator[Problem]:
    """Yield the problems. A key that is missing because it is misspelled is one problem, not two."""
    by_kind: dict[str, list[ErrorDetails]] = {}
    for detail in details:
        by_kind.setdefault(detail["type"], []).append(detail)
    unknown = by_kind.pop("extra_forbidden", [])
    missing = by_kind.pop("missing", [])
    wrong = [detail for details in by_kind.values() for detail in details]
    known = _KnownKeys(schema)
    meant = {known.meant_by(_path(detail)) for detail in unknown}
    lacking = [detail for detail in missing if _path(detail) not in meant]
    for detail, further in with_further(unknown, _kind):
        problem = _unknown_key(document, _path(detail), known)
        yield replace(problem, further=further)
    for detail, further in with_further(lacking, _kind):
        problem = _missing_key(document, _path(detail))
        yield replace(problem, further=further)
    for detail, further in with_further(wrong, _kind):
        problem = wrong_value(document, detail, _path(detail))
        yield replace(problem, further=further)


class _KnownKeys:
    """The keys that a schema knows, looked up once for all entries of a list."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._found: dict[Path, list[str]] = {}

    def at(self, around: Path) -> list[str]:
        """Return the keys that may stand at that path."""
        place = _without_indexes(around)
        if place not in self._found:
            self._found[place] = known_keys(self._schema, place)
        return self._found[place]

    def meant_by(self, path: Path) -> Path:
        """Return the path of the key that an unknown one was probably meant to be."""
        *around, key = path
        place = tuple(around)
        return (*place, nearest(str(key), self.at(place)) or "")


def _without_indexes(path: Path) -> Path:
    return tuple(0 if isinstance(step, int) else step for step in path)


def _kind(detail: ErrorDetails) -> Path:
    """Return what the problems of one kind share: the path without indexes, of an unknown key that around it."""
    place = _without_indexes(detail["loc"])
    return place[:-1] if detail["type"] == "extra_forbidden" else place


def _path(detail: ErrorDetails) -> Path:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _unknown_key(document: Document, path: Path, known: _KnownKeys) -> Problem:
    *around, key = path
    name = str(key)
    keys = known.at(tuple(around))
    return document.key_problem(
        path,
        found=f"{UNKNOWN_KEY} {shown(name)}",
        expected=f"one of {', '.join(keys)}" if keys else "no keys here",
        suggestion=nearest(name, keys),
    )


def _missing_key(document: Document, path: Path) -> Problem:
    *around, key = path
    return document.key_problem(
        tuple(around),
        found="nothing",
        expected=f"the key '{key}'",
    )
