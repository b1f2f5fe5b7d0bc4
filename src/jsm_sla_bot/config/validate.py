"""A document against its shape: pydantic's findings as problems that people can act on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.kinds import with_further
from jsm_sla_bot.config.problem import UNKNOWN_KEY, Problem
from jsm_sla_bot.config.schema_keys import Schema, known_keys
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
_WITHOUT_QUOTES = frozenset({"bool_type", "int_type"})
_CLOCKS = {"24/7": "round the clock", "24x7": "round the clock"}
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
        problem = _wrong_value(document, detail, _path(detail))
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


def _wrong_value(document: Document, detail: ErrorDetails, path: Path) -> Problem:
    context = detail.get("ctx", {})
    here = (*path, *context.get("at", ()))
    advice = _advice(document, detail, here)
    if detail["loc"][-1:] == ("[key]",):
        return document.key_problem(
            here,
            found=f"the key {shown(str(here[-1]))}",
            expected=advice.expected,
            suggestion=advice.suggestion,
        )
    return document.problem(
        here,
        found=_found(document, here, detail["type"]),
        expected=advice.expected,
        suggestion=advice.suggestion,
    )


def _found(document: Document, path: Path, kind: str) -> str:
    """Return a value as a message quotes it: a number as it is written, and the quotes where they are the mistake."""
    value = document.find(path)
    token = document.token(path)
    if isinstance(value, float):
        return token or shown(value)
    if _is_quoted(token) and kind in _WITHOUT_QUOTES:
        return shown(token)
    return shown(value)


def _is_quoted(token: str) -> bool:
    return token[:1] in {"'", '"'}


@dataclass(frozen=True, slots=True)
class _Advice:
    """What was expected, and what was probably meant."""

    expected: str
    suggestion: str | None = None


def _advice(document: Document, detail: ErrorDetails, path: Path) -> _Advice:
    context = detail.get("ctx", {})
    value = document.find(path)
    match detail["type"]:
        case "word":
            return _Advice(context["expected"], _meant_word(document, path, context))
        case "enum" | "literal_error":
            return _choice(str(context["expected"]), value)
        case "string_pattern_mismatch":
            return _patterned(str(context["pattern"]), value)
        case "greater_than_equal":
            return _Advice(f"a whole number, {context['ge']} or more")
        case kind if kind in _KINDS:
            token = document.token(path)
            expected = f"{_KINDS[kind]}{_layout(kind, value, token)}"
            return _Advice(expected, _reshaped(kind, value))
        case _:
            return _Advice(_in_our_words(detail["msg"]))


def _in_our_words(message: str) -> str:
    """Return what pydantic expected, without the beginning of its sentence."""
    return message.removeprefix("Input should ").removeprefix("be ")


def _meant_word(
    document: Document,
    path: Path,
    context: Mapping[str, Any],
) -> str | None:
    """Return the reader's suggestion, or its other one where that fits the values next to it."""
    instead: str | None = context["instead"]
    if instead and _runs_round_the_clock(document, path):
        return instead
    suggestion: str | None = context["suggestion"]
    return suggestion


def _runs_round_the_clock(document: Document, path: Path) -> bool:
    """Return whether the targets next to a value are counted round the clock, and none in business hours."""
    *around, key = path
    others = document.find(tuple(around))
    if not isinstance(others, dict):
        return False
    clocks = [_clock(value) for name, value in others.items() if name != key]
    words = " ".join(clocks)
    return "round the clock" in words and "business" not in words


def _clock(target: object) -> str:
    """Return the words of a target that name its clock."""
    if isinstance(target, dict):
        return str(target.get("clock", target.get("within")))
    return str(target)


def _choice(expected: str, value: object) -> _Advice:
    """Advise one of the words that pydantic lists: `'keep', 'restart' or 'ask'`."""
    listed = expected.replace(" or ", ", ").split(", ")
    words = [word.strip("'") for word in listed]
    clock = _CLOCKS.get(str(value))
    suggestion = clock if clock in words else nearest(str(value), words)
    return _Advice(expected, suggestion)


def _patterned(pattern: str, value: object) -> _Advice:
    """Return what the pattern asks for, and the value written like that."""
    is_capital = pattern.startswith("^[A-Z]")
    letters = "capital" if is_capital else "lower-case"
    words = re.findall(r"[A-Za-z0-9]+", value) if isinstance(value, str) else []
    joined = "_".join(words)
    meant = joined.upper() if is_capital else joined.lower()
    fits = re.search(pattern, meant)
    expected = f"{letters} letters, digits and underscores"
    return _Advice(expected, meant if fits else None)


def _layout(kind: str, value: object, token: str) -> str:
    """Return how a list, or keys, are written where one stands in the place of the other, and what takes no quotes."""
    if kind in _WITHOUT_QUOTES and _is_quoted(token):
        return ", without quotes"
    if kind == "list_type" and isinstance(value, dict):
        return ": a dash before each entry, '- key: value'"
    if kind in {"dict_type", "model_type"} and isinstance(value, list):
        return ": lines such as 'key: value', without dashes"
    return ""


def _reshaped(kind: str, value: object) -> str | None:
    """Suggest the same value in the kind that was expected."""
    match kind, value:
        case "bool_type", str():
            return _YES_NO.get(value.lower()) or nearest(value, ("true", "false"))
        case "int_type", str() | float():
            return _whole(value)
        case "string_type", bool():
            return None
        case "string_type", int() | float():
            return f'"{value}"'
        case "list_type", str() if len(value) <= LONGEST and value.isprintable():
            return f"[{value}]"
        case _:
            return None


def _whole(value: str | float) -> str | None:
    """Suggest the whole number that a text or a broken number holds: `"20"`, `20.0`, `1e3`."""
    if isinstance(value, str):
        text = value.strip()
        return text if text.isascii() and text.isdigit() else None
    return str(int(value)) if value.is_integer() else None
