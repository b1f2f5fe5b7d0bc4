"""A document against its shape: pydantic's findings as problems that people can act on."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.text.nearest import nearest

M = TypeVar("M", bound=BaseModel)
LONGEST = 60

KEYS = "keys with values"
_KINDS = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "dict_type": KEYS,
    "model_type": KEYS,
    "list_type": "a list",
    "too_short": "at least one entry",
}
_YES_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def checked(document: Document, shape: type[M]) -> tuple[M | None, list[Problem]]:
    """Return the shape filled in, or every problem of the document."""
    try:
        return shape.model_validate(document.value), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, list(_problems(document, details, shape.model_json_schema()))


def shown(value: object) -> str:
    """Return a value as a message quotes it: short, on one line."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "keys with values"
        case list():
            return "a list" if value else "an empty list"
        case str():
            text = value if len(value) <= LONGEST else f"{value[:LONGEST]}\u2026"
            return f"'{text}'"
        case _:
            return str(value)[:LONGEST]


def _problems(
    document: Document, details: Iterable[ErrorDetails], schema: Mapping[str, Any]
) -> Iterable[Problem]:
    details = list(details)
    meant = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            path = _path(detail)
            known = sorted(_keys(schema, path[:-1]))
            name = str(path[-1])
            suggestion = nearest(name, known)
            meant.add((*path[:-1], suggestion))
            found = f"the unknown key {shown(name)}"
            yield document.key_problem(
                path,
                found=found,
                expected=_one_of(known),
                suggestion=suggestion,
            )
    for detail in details:
        path = _path(detail)
        if detail["type"] == "missing" and path not in meant:
            yield document.key_problem(
                path[:-1],
                found="nothing",
                expected=f"the key '{path[-1]}'",
            )
        elif detail["type"] not in {"missing", "extra_forbidden"}:
            yield _value_problem(document, detail, path)


def _value_problem(document: Document, detail: ErrorDetails, path: Path) -> Problem:
    context = detail.get("ctx", {})
    path += tuple(context.get("at", ()))
    value = document.find(path)
    match detail["type"]:
        case "word":
            expected = context["expected"]
            fits = _runs_round_the_clock(document, path)
            suggestion = (fits and context["instead"]) or context["suggestion"]
        case "enum" | "literal_error":
            expected = str(context["expected"])
            suggestion = nearest(
                value,
                (
                    word.strip("'")
                    for word in expected.replace(" or ", ", ").split(", ")
                ),
            )
        case "string_pattern_mismatch":
            expected, suggestion = _patterned(str(context["pattern"]), value)
        case kind if kind in _KINDS:
            expected = _KINDS[kind] + _layout(kind, value)
            suggestion = _reshaped(kind, value)
        case _:
            expected, suggestion = (
                detail["msg"]
                .removeprefix("Input should be ")
                .removeprefix("Input should "),
                None,
            )
    if detail["loc"][-1:] == ("[key]",):
        return document.key_problem(
            path,
            found=f"the key {shown(str(path[-1]))}",
            expected=expected,
            suggestion=suggestion,
        )
    return document.problem(
        path,
        found=shown(value),
        expected=expected,
        suggestion=suggestion,
    )


def _runs_round_the_clock(document: Document, path: Path) -> bool:
    """Tell whether the targets next to a value are counted round the clock, and none in business hours."""
    around = document.find(path[:-1])
    others = around.items() if isinstance(around, dict) else ()
    clocks = [
        value.get("clock", value.get("within")) if isinstance(value, dict) else value
        for key, value in others
        if key != path[-1]
    ]
    words = " ".join(str(clock) for clock in clocks)
    return "round the clock" in words and "business" not in words


def _patterned(pattern: str, value: object) -> tuple[str, str | None]:
    """Say what the pattern asks for, and how the value would look in it."""
    words = re.findall(r"[A-Za-z0-9]+", value) if isinstance(value, str) else []
    capital = pattern.startswith("^[A-Z]")
    meant = "_".join(words).upper() if capital else "_".join(words).lower()
    expected = (
        f"{'capital' if capital else 'lower-case'} letters, digits and underscores"
    )
    return expected, meant if re.search(pattern, meant) else None


def _layout(kind: str, value: object) -> str:
    """Say how the other kind is written, where a list stands for keys or keys for a list."""
    if kind == "list_type" and isinstance(value, dict):
        return ": a dash before each entry, '- key: value'"
    if kind in {"dict_type", "model_type"} and isinstance(value, list):
        return ": lines such as 'key: value', without dashes"
    return ""


def _reshaped(kind: str, value: object) -> str | None:
    """Suggest the same value in the kind that was expected."""
    if kind == "bool_type" and isinstance(value, str):
        return _YES_NO.get(value.lower()) or nearest(value, ("true", "false"))
    if (
        kind == "string_type"
        and isinstance(value, int | float)
        and not isinstance(value, bool)
    ):
        return f'"{value}"'
    if (
        kind == "list_type"
        and isinstance(value, str)
        and len(value) <= LONGEST
        and value.isprintable()
    ):
        return f"[{value}]"
    return None


def _one_of(names: list[str]) -> str:
    return f"one of {', '.join(names)}" if names else "no keys here"


def _path(detail: ErrorDetails) -> Path:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _keys(schema: Mapping[str, Any], path: Path) -> set[str]:
    """Return the keys that the JSON Schema knows at that path."""
    options = [schema]
    for step in path:
        options = [
            deeper
            for option in _options(schema, options)
            for deeper in _step(option, step)
        ]
    return {
        name
        for option in _options(schema, options)
        for name in option.get("properties", {})
    }


def _step(option: Mapping[str, Any], step: str | int) -> list[Mapping[str, Any]]:
    if isinstance(step, int):
        return [option["items"]] if "items" in option else []
    if step in option.get("properties", {}):
        return [option["properties"][step]]
    more = option.get("additionalProperties")
    return [more] if isinstance(more, dict) else []


def _options(
    schema: Mapping[str, Any], options: Iterable[Mapping[str, Any]]
) -> Iterable[Mapping[str, Any]]:
    """Follow references and alternatives."""
    for option in options:
        if "$ref" in option:
            yield from _options(
                schema, [schema["$defs"][option["$ref"].rpartition("/")[2]]]
            )
        elif "anyOf" in option:
            yield from _options(schema, option["anyOf"])
        else:
            yield option
