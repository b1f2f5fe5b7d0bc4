"""The descriptions of the JSON Schemas: the docstring under each attribute of a shape.

pydantic could read them while it makes the classes, but then every verb would parse the source for what only the
verb `schema` prints.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from jsm_sla_bot.config.schema.base import Shape


def described_schema(shape: type[Shape]) -> dict[str, Any]:
    """Return the JSON Schema of a shape, each of its properties with the docstring of its attribute."""
    schema = shape.model_json_schema()
    by_name = {each.__name__: each for each in _with_subclasses(Shape)}
    for name, part in schema.get("$defs", {}).items():
        _describe(part, by_name.get(name))
    _describe(schema, shape)
    return schema


def _with_subclasses(shape: type[Shape]) -> Iterator[type[Shape]]:
    yield shape
    for below in shape.__subclasses__():
        yield from _with_subclasses(below)


def _describe(schema: dict[str, Any], shape: type[Shape] | None) -> None:
    """Add the descriptions that a shape has for the properties of its schema."""
    if shape is None:
        return
    descriptions = _descriptions(shape)
    for name, value in schema.get("properties", {}).items():
        if name in descriptions:
            value["description"] = descriptions[name]


def _descriptions(shape: type[Shape]) -> dict[str, str]:
    """Return the docstrings of a shape's attributes, its own before those that it inherits."""
    found: dict[str, str] = {}
    for each in reversed(shape.__mro__):
        found.update(_own(each))
    return found


def _own(shape: type) -> Iterator[tuple[str, str]]:
    """Yield each attribute that a class statement declares and describes."""
    module = sys.modules[shape.__module__]
    if not module.__name__.startswith(f"{__package__}."):
        return
    tree = ast.parse(inspect.getsource(module))
    for statement in tree.body:
        if (
            isinstance(statement, ast.ClassDef)
            and statement.name == shape.__name__
        ):
            yield from _attributes(statement)


def _attributes(declared: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for attribute, following in pairwise(declared.body):
        match attribute, following:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
            case _:
                continue
